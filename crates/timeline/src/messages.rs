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
        let moved = message.passed..size.min(message.passed.saturating_add(left));
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
        self.first.truncate(known);
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
