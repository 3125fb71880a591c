//! Messages do not end where calls end: which part of which message each byte of a call belongs to.
//!
//! ```text
//! write   4 bytes    length 4                       the layout knows: 13 bytes of header follow
//! write 203 bytes    header 13, body 190 of 1,048   ... and with the header, how long the body is
//! write 858 bytes    body 858 of 1,048              the next byte begins a message
//! ```

use crate::event::{Event, FIRST};
use crate::layout::Part;
use crate::lines::Line;

/// How far a message has got in one direction of one tap.
#[derive(Debug, Default)]
pub(crate) struct Message {
    /// Its first bytes, as far as they are known.
    first: Vec<u8>,
    /// How many of its bytes have passed.
    passed: u64,
}

/// All bytes of one call, part by part.
pub(crate) fn parts(event: &Event, message: &mut Message) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < event.given {
        let left = event.given - at;
        let parts = message.parts(event, at);
        let sizes = parts.iter().map(|part| part.len as u64);
        let size = sizes.fold(0, u64::saturating_add);
        if size == 0 {
            let name = if lines.is_empty() { "" } else { "more" };
            let rest = Part::new(name, usize::try_from(left).unwrap_or(usize::MAX));
            lines.push(Line::part(event, rest, at, left));
            message.begin_anew();
            break;
        }
        // The bytes of the message that this call moved; `begin..end`: those of each part.
        let moved = message.passed..size.min(message.passed + left);
        let mut begin = 0_u64;
        for part in parts {
            let end = begin.saturating_add(part.len as u64);
            let (from, to) = (begin.max(moved.start), end.min(moved.end));
            if from < to {
                let at = at + (from - moved.start);
                lines.push(Line::part(event, part, at, to - from));
            }
            begin = end;
        }
        at += moved.end.saturating_sub(moved.start);
        message.passed = message.passed.max(moved.end);
        if message.passed >= size {
            message.begin_anew();
        }
    }
    lines
}

impl Message {
    /// The parts of this message, now that the bytes of the call from `at` on are known.
    fn parts(&mut self, event: &Event, at: u64) -> Vec<Part> {
        let Some(layout) = event.how.layout else {
            return Vec::new();
        };
        let known = usize::try_from(self.passed).unwrap_or(usize::MAX);
        if self.first.len() == known && known < FIRST {
            let more = event.bytes_at(at, (FIRST - known) as u64);
            self.first.extend_from_slice(more);
        }
        // Of a message that begins after the bytes that were kept nothing is known.
        if self.first.is_empty() {
            return Vec::new();
        }
        layout(&self.first)
    }

    fn begin_anew(&mut self) {
        self.first.clear();
        self.passed = 0;
    }
}

#[cfg(test)]
mod tests {
    use std::io::IoSlice;

    use super::*;
    use crate::call::Call;
    use crate::event::{How, Outcome};
    use crate::layout::Layout;

    /// What is said about each of these calls of one tap.
    fn drawn(layout: Layout, calls: &[&[u8]]) -> Vec<String> {
        let how = How {
            layout: Some(layout),
            ..How::default()
        };
        let mut message = Message::default();
        let drawn = |bytes: &&[u8]| {
            let mut event = Event::new(0, 1, Call::Write, how);
            event.came_back(Outcome::Done, &[IoSlice::new(bytes)], bytes.len());
            let lines = parts(&event, &mut message);
            let lines = lines.iter().map(|line| {
                let (name, size) = (line.name, &line.size);
                format!("{name} {size} {}", line.texts(20).concat())
            });
            lines.collect::<Vec<_>>().join(", ")
        };
        calls.iter().map(drawn).collect()
    }

    #[test]
    fn bytes_that_were_not_kept_are_not_taken_for_the_beginning_of_a_message() {
        // The fifth byte gives the body its name.
        let layout: Layout = |first| match first {
            [length, _, _, _, rest @ ..] => vec![
                Part::new("length", 4),
                Part::new(
                    if rest.starts_with(b"z") {
                        "odd"
                    } else {
                        "body"
                    },
                    usize::from(*length),
                ),
            ],
            _ => Vec::new(),
        };
        // 252 bytes, then a message of which only the length is among the first 256 bytes that are kept.
        let mut call = vec![248, 0, 0, 0];
        call.extend([b'x'; 248]);
        call.extend([100, 0, 0, 0]);
        call.extend([b'y'; 44]);
        let drawn = drawn(layout, &[&call, &[b'z'; 56], b"\x01\0\0\0z"]);
        assert!(
            drawn[0].ends_with(", length 4 64 00 00 00, body 44 of 100 …"),
            "{drawn:?}"
        );
        assert!(drawn[1].starts_with("body 56 of 100 “zz"), "{drawn:?}");
        assert_eq!(drawn[2], "length 4 01 00 00 00, odd 1 “z”");
    }

    #[test]
    fn a_layout_that_does_not_look_names_only_what_was_kept() {
        let drawn = drawn(
            |_| vec![Part::new("fixed", 100)],
            &[&[b'x'; 1000], &[b'x'; 100]],
        );
        let fixed = "fixed 100 “xxxxxxxxxxxxxxxx” …";
        assert!(
            drawn[0].starts_with(&format!("{fixed}, {fixed}, ")),
            "{drawn:?}"
        );
        assert!(drawn[0].ends_with(", more 700 …"), "{drawn:?}");
        assert_eq!(drawn[1], fixed, "the next call begins anew");
    }

    #[test]
    fn a_layout_gets_the_first_256_bytes_and_no_more() {
        let layout: Layout = |first| {
            let known = if first.len() > 256 {
                "too many"
            } else {
                "body"
            };
            vec![Part::new(known, 700)]
        };
        let drawn = drawn(layout, &[&[b'x'; 100], &[b'x'; 500], &[b'x'; 100]]);
        let whole = |line: &String| line.starts_with("body ") && line.contains(" of 700 ");
        assert!(drawn.iter().all(whole), "{drawn:?}");
    }

    #[test]
    fn after_bytes_that_cannot_be_named_the_next_call_begins_anew() {
        let layout: Layout = |first| match first {
            [b'a', b'b', ..] => vec![Part::new("ab", 2)],
            _ => Vec::new(),
        };
        assert_eq!(
            drawn(layout, &[b"a", b"ab", b"?", b"abab"]),
            ["  “a”", "ab 2 “ab”", "  “?”", "ab 2 “ab”, ab 2 “ab”"]
        );
    }

    #[test]
    fn lengths_that_a_peer_made_up_do_no_harm() {
        let layout: Layout = |_| {
            let huge = |name| Part::new(name, usize::MAX);
            vec![huge("one"), huge("two")]
        };
        let drawn = drawn(layout, &[b"hello", b"world"]);
        assert!(
            drawn.iter().all(|line| line.starts_with("one 5 of ")),
            "{drawn:?}"
        );
    }
}
