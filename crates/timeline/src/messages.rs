//! Messages do not end where calls end: which part of which message each byte of a call belongs to.
//!
//! ```text
//! write   4 bytes    length 4                       the layout knows: 13 bytes of header follow
//! write 203 bytes    header 13, body 190 of 1,048   ... and with the header, how long the body is
//! write 858 bytes    body 858 of 1,048              the next byte begins a message
//! ```

use crate::event::{Event, FIRST};
use crate::layout::{Part, Shown};

/// How far a message has got in one direction of one tap.
#[derive(Debug, Default)]
pub(crate) struct Message {
    /// Its first bytes, as far as they are known.
    first: Vec<u8>,
    /// How many of its bytes have passed.
    passed: u64,
}

/// A part, or as much of it as one call moved.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Empty: no layout names these bytes.
    pub(crate) name: &'static str,
    /// Where in the call it begins, how many bytes of it the call moved, and how many the part has.
    pub(crate) at: u64,
    pub(crate) here: u64,
    pub(crate) of: u64,
    pub(crate) shown: Shown,
}

/// The pieces of one call, all its bytes, in order.
pub(crate) fn pieces(event: &Event, message: &mut Message) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < event.given {
        let left = event.given - at;
        let parts = message.parts(event, at);
        let size: u64 = parts.iter().map(|part| part.len as u64).sum();
        if size == 0 {
            message.begin_anew();
            pieces.push(Piece {
                name: if pieces.is_empty() { "" } else { "more" },
                at,
                here: left,
                of: left,
                shown: Shown::Auto,
            });
            break;
        }
        let now = left.min(size.saturating_sub(message.passed));
        let mut begin = 0;
        for part in parts {
            let end = begin + part.len as u64;
            let (from, to) = (begin.max(message.passed), end.min(message.passed + now));
            if from < to {
                pieces.push(Piece {
                    name: part.name,
                    at: at + from - message.passed,
                    here: to - from,
                    of: part.len as u64,
                    shown: part.shown,
                });
            }
            begin = end;
        }
        at += now;
        message.passed += now;
        if message.passed >= size {
            message.begin_anew();
        }
    }
    pieces
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
