//! The rule of the fixed size: every message is 64 bytes, filled up with zero bytes.
//!
//! The reader needs no header: it counts to the end of the frame, and searches only inside it. Records in old file formats
//! are like this, and `10s` of Python's `struct`. The prices: two bytes travel as 64, a longer message does not travel at
//! all, and a message cannot hold the byte that means "nothing here".

use common::{Frame, FrameError, Framing};
use memchr::memchr;

/// What fills the rest of a frame.
const PADDING: u8 = 0;

/// The bytes of a frame in this course.
const SIZE: usize = 64;

/// The message, then zero bytes until 64 are full.
///
/// ```text
///  0              n                      64
/// +----- ... -----+--------- ... ---------+
/// |    message    |  00 00 00  ...  00 00 |
/// +----- ... -----+--------- ... ---------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedSize {
    /// The bytes of every frame, and so the most bytes of a message. At least one.
    pub size: usize,
}

impl Default for FixedSize {
    /// 64 bytes.
    fn default() -> Self {
        Self { size: SIZE }
    }
}

impl Framing for FixedSize {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        let Some(padding) = self.size.checked_sub(message.len()) else {
            return Err(FrameError::too_long(message.len(), self.size));
        };
        if memchr(PADDING, message).is_some() {
            return Err(FrameError::CannotCarry(
                "a message with a zero byte in it cannot be told from its padding",
            ));
        }
        out.extend_from_slice(message);
        out.resize(out.len() + padding, PADDING);
        Ok(())
    }

    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
        let Some(frame) = input.get(..self.size).filter(|frame| !frame.is_empty()) else {
            return Ok(None);
        };
        let end = memchr(PADDING, frame).unwrap_or(self.size);
        // Bytes after the first zero would be dropped in silence, and two different frames would say the same.
        // (All are looked at, without a way out: the compiler then looks at many at once.)
        let padding = frame.iter().skip(end);
        if padding.fold(PADDING, |seen, &byte| seen | byte) != PADDING {
            return Err(FrameError::Malformed(
                "a zero byte inside a message: only padding may follow it",
            ));
        }
        Ok(Some(Frame {
            payload: 0..end,
            consumed: self.size,
        }))
    }

    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        FrameError::EndedInBody {
            got: rest.len(),
            of: Some(self.size),
        }
    }
}

#[cfg(test)]
mod tests;
