//! The mistake itself, written as a framing: what one read gave is one message.
//!
//! ```text
//! on the wire     h e l l o e g g           the messages alone: no length, no mark, nothing in between
//! one read        [h e l l o e g g]         "one message"
//! two reads       [h e] [l l o e g g]       "two messages", and neither was ever sent
//! ```
//!
//! Nobody writes it down like this. It is what `conn.recv(1024)` means when its result is used as a message. Written
//! down it can be tested, and it breaks the laws of `common::law`: how the stream happens to be cut decides which
//! messages come out.

use common::{Frame, FrameError, Framing};

/// One read, one message. Wrong on purpose.
#[derive(Debug, Clone, Copy, Default)]
pub struct WhateverReadGave;

// ANCHOR: framing
impl Framing for WhateverReadGave {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        if message.is_empty() {
            return Err(FrameError::CannotCarry(
                "an empty message would be no bytes at all",
            ));
        }
        out.extend_from_slice(message); // the bytes alone: where they end is not said
        Ok(())
    }

    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
        if input.is_empty() {
            return Ok(None);
        }
        Ok(Some(Frame {
            payload: 0..input.len(),
            consumed: input.len(),
        })) // whatever is there
    }

    /// Never asked: bytes are always a whole message here, and that is the trouble.
    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        FrameError::EndedInBody {
            got: rest.len(),
            of: None,
        }
    }
}
// ANCHOR_END: framing

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_there_is_a_message_and_nothing_is_not() {
        let frame = |input: &[u8]| WhateverReadGave.decode(input).unwrap();
        assert_eq!(
            frame(b"helloegg"),
            Some(Frame {
                payload: 0..8,
                consumed: 8
            })
        );
        assert_eq!(
            frame(b"h"),
            Some(Frame {
                payload: 0..1,
                consumed: 1
            })
        );
        assert_eq!(frame(b""), None);
    }

    #[test]
    fn the_bytes_alone_are_sent_and_an_empty_message_cannot_be() {
        let mut wire = b"before".to_vec();
        WhateverReadGave.encode(b"hello", &mut wire).unwrap();
        assert_eq!(wire, b"beforehello");
        assert!(WhateverReadGave.encode(b"", &mut wire).is_err());
        assert_eq!(wire, b"beforehello");
    }
}
