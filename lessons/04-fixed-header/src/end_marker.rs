//! The rule of the end marker: a message ends where its line ends.
//!
//! The oldest cure there is, and the one that people can type. It needs no number, so nobody can lie about one. Its
//! prices: a message cannot hold the marker, and the reader has to look at every byte.
//!
//! Nothing is escaped here. A message with a line feed in it is refused by the one who sends; there is no second way to
//! write it. Escaping would be a way out, and it makes a message longer than it is: that is what "left out" means.

use common::{Frame, FrameError, Framing};
use memchr::memchr;

/// What ends a message: a line feed.
const MARKER: u8 = b'\n';

/// 64 KiB. A framing keeps no memory between two calls, so each read looks again at what waits without an end. The limit
/// bounds that: a message that comes byte by byte costs at most 2 GiB of looking, and none can cost more.
const LIMIT: usize = 65_536;

/// The message, then one line feed.
///
/// ```text
///  0                     n   n + 1
/// +---------- ... ---------+----+
/// |  message, no LF in it  | LF |
/// +---------- ... ---------+----+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndMarker {
    /// The most bytes of a message, without its marker.
    pub limit: usize,
}

impl Default for EndMarker {
    /// Up to 65,536 bytes.
    fn default() -> Self {
        Self { limit: LIMIT }
    }
}

impl Framing for EndMarker {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        if message.len() > self.limit {
            return Err(FrameError::TooLong {
                announced: message.len() as u64,
                limit: self.limit,
            });
        }
        if memchr(MARKER, message).is_some() {
            return Err(FrameError::CannotCarry(
                "a message with a line feed in it cannot be sent as one line",
            ));
        }
        out.extend_from_slice(message);
        out.push(MARKER);
        Ok(())
    }

    fn decode<'a>(&self, input: &'a [u8]) -> Result<Option<Frame<'a>>, FrameError> {
        // Past the limit nobody looks, however much waits there: the answer is the same.
        let reach = self.limit.saturating_add(1);
        let near = input.get(..reach).unwrap_or(input);
        match memchr(MARKER, near) {
            Some(end) => Ok(near.get(..end).map(|payload| Frame {
                payload,
                consumed: end + 1,
            })),
            None if near.len() == reach => Err(FrameError::TooLong {
                announced: reach as u64,
                limit: self.limit,
            }),
            None => Ok(None),
        }
    }

    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        FrameError::EndedInBody {
            got: rest.len(),
            of: None,
        }
    }
}

#[cfg(test)]
#[path = "tests/end_marker.rs"]
mod tests;
