//! The rule of the delimiter: a message ends where its line ends.
//!
//! The oldest cure there is, and the one that people can type. It needs no number, so nobody can lie about one. Its
//! prices: a message cannot hold the delimiter, and the reader has to look at every byte. On the command line it is called
//! `--framing marker`.
//!
//! Nothing is escaped here: a message with a line feed in it is refused by whoever sends it. Escaping would be a way out,
//! with its own price: the bytes on the wire are then more than the message has.

use common::{Frame, FrameError, Framing};
use memchr::memchr;

/// What ends a message: a line feed.
const DELIMITER: u8 = b'\n';

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
pub struct Delimiter {
    /// The most bytes of a message, without its delimiter.
    pub limit: usize,
}

impl Default for Delimiter {
    /// Up to 65,536 bytes.
    fn default() -> Self {
        Self { limit: LIMIT }
    }
}

impl Framing for Delimiter {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        if message.len() > self.limit {
            return Err(FrameError::too_long(message.len(), self.limit));
        }
        if memchr(DELIMITER, message).is_some() {
            return Err(FrameError::CannotCarry(
                "a message with a line feed in it cannot be sent as one line",
            ));
        }
        out.extend_from_slice(message);
        out.push(DELIMITER);
        Ok(())
    }

    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
        // Past the limit nobody looks, however much waits there: the answer is the same.
        let reach = self.limit.saturating_add(1);
        let near = input.get(..reach).unwrap_or(input);
        match memchr(DELIMITER, near) {
            Some(end) => Ok(Some(Frame {
                payload: 0..end,
                consumed: end + 1,
            })),
            None if near.len() == reach => Err(FrameError::too_long(reach, self.limit)),
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
mod tests;
