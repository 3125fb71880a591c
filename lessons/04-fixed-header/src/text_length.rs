//! The rule of the length in text: decimal digits, a line feed, then that many bytes.
//!
//! A header that people can read in a dump, as HTTP's chunks and `netstring`s have it. It carries any bytes, as the
//! fixed header does. What it costs: a grammar. `7`, `07`, `+7` and ` 7` are one number for `int()` in Python; on a wire
//! they would be four ways to say one thing, and two readers that disagree about one of them are out of sync. So one
//! spelling is right and every other is refused.
//!
//! The line feed matters most. Without it, `12` then `345` is 12 bytes `345...`, or 123 bytes `45...`, or 12,345: the
//! answer changes when more bytes come, and then this is no framing (`python/recv_ready.rs` speaks that one).

use common::{Frame, FrameError, Framing};

/// What ends the digits: a line feed.
const END: u8 = b'\n';

/// Digits enough for every length up to the limit.
const MAX_DIGITS: usize = 7;

/// The limit of every frame in this course: 1 MiB of payload.
const LIMIT: usize = 1_048_576;

/// The length in decimal digits, a line feed, the payload.
///
/// ```text
/// header = "0" / ( %x31-39 0*6DIGIT )     no sign, no leading zero, at most 7 digits (RFC 5234 notation)
/// frame  = header LF payload
///
///  0          d    d + 1               d + 1 + n
/// +--- ... ---+----+---------- ... ---------+
/// | d digits  | LF |    payload, n bytes    |
/// +--- ... ---+----+---------- ... ---------+
///   "5"         0a   68 65 6c 6c 6f
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextLength {
    /// The most bytes of payload. What seven digits cannot say is over the limit too.
    pub limit: usize,
}

impl Default for TextLength {
    /// Up to 1,048,576 bytes.
    fn default() -> Self {
        Self { limit: LIMIT }
    }
}

impl TextLength {
    /// Is a payload of this many bytes allowed?
    fn judge(&self, announced: usize) -> Result<usize, FrameError> {
        let limit = self.limit.min(9_999_999);
        if announced > limit {
            return Err(FrameError::too_long(announced, limit));
        }
        Ok(announced)
    }
}

/// The number at the front of `input` and how many bytes its line has; `None`: its line feed has not come yet.
///
/// Each byte is judged on its own and in order, so that more bytes never change the answer.
fn length_line(input: &[u8]) -> Result<Option<(usize, usize)>, FrameError> {
    let mut number = 0;
    for (at, &byte) in input.iter().enumerate() {
        let leading_zero = at > 0 && number == 0;
        match byte {
            END if at > 0 => return Ok(Some((number, at + 1))),
            b'0'..=b'9' if at < MAX_DIGITS && !leading_zero => {
                number = number * 10 + usize::from(byte - b'0');
            }
            _ => {
                return Err(FrameError::Malformed(
                    "a length is 1 to 7 decimal digits and a line feed, without sign or leading zero",
                ));
            }
        }
    }
    Ok(None)
}

impl Framing for TextLength {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        let mut left = self.judge(message.len())?;
        // The line from its end to its front. (`to_string` takes memory, which would cost more than a small message.)
        let (mut line, mut front) = ([END; MAX_DIGITS + 1], MAX_DIGITS);
        for place in line.iter_mut().rev().skip(1) {
            *place = b'0' + (left % 10) as u8;
            (left, front) = (left / 10, front - 1);
            if left == 0 {
                break;
            }
        }
        out.extend_from_slice(line.get(front..).unwrap_or_default());
        out.extend_from_slice(message);
        Ok(())
    }

    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
        let Some((announced, header)) = length_line(input)? else {
            return Ok(None);
        };
        let end = header + self.judge(announced)?;
        Ok((end <= input.len()).then_some(Frame {
            payload: header..end,
            consumed: end,
        }))
    }

    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        match length_line(rest) {
            Ok(Some((length, header))) => FrameError::EndedInBody {
                got: rest.len() - header,
                of: Some(length),
            },
            _ => FrameError::EndedInHeader {
                got: rest.len(),
                of: None,
            },
        }
    }
}

#[cfg(test)]
mod tests;
