//! The rule of the length in text: decimal digits, a line feed, then that many bytes.
//!
//! A header that people can read in a dump, as HTTP's chunks and `netstring`s have it. It carries any bytes, as the
//! fixed header does. What it costs: a grammar. `7`, `07`, `+7` and ` 7` are one number for `int()` in Python; on a wire
//! they would be four ways to say one thing, and two readers that disagree about one of them are out of step. So one
//! spelling is right and every other is refused.
//!
//! The line feed matters most. Without it, `12` then `345` is 12 bytes `345...`, or 123 bytes `45...`, or 12,345: the
//! answer changes when more bytes come, and then this is no framing (`command_text.rs` speaks that one).

use common::{Frame, FrameError, Framing};

/// What ends the digits: a line feed.
const END: u8 = b'\n';

/// Digits enough for 9,999,999. The limit is below that.
const MOST_DIGITS: usize = 7;

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
    fn judge(&self, announced: u64) -> Result<usize, FrameError> {
        let limit = self.limit.min(9_999_999);
        match usize::try_from(announced) {
            Ok(length) if length <= limit => Ok(length),
            _ => Err(FrameError::TooLong { announced, limit }),
        }
    }
}

/// The number in front of `input` and how many digits it has; `None`: its line feed has not come yet.
///
/// Each byte is judged on its own and in order, so that more bytes never change the answer.
fn length_line(input: &[u8], limit: usize) -> Result<Option<(u64, usize)>, FrameError> {
    let mut number = 0;
    for (digits, &byte) in input.iter().enumerate() {
        match byte {
            END if digits > 0 => return Ok(Some((number, digits))),
            b'0'..=b'9' if number == 0 && digits > 0 => {
                return Err(FrameError::Malformed("a length has no leading zero"));
            }
            b'0'..=b'9' => number = number * 10 + u64::from(byte - b'0'),
            _ => {
                return Err(FrameError::Malformed(
                    "a length is decimal digits and a line feed, nothing else",
                ));
            }
        }
        if digits >= MOST_DIGITS {
            // Whatever follows, it is at least this much.
            return Err(FrameError::TooLong { announced: number, limit });
        }
    }
    Ok(None)
}

impl Framing for TextLength {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        let length = self.judge(message.len() as u64)?;
        // The line from its end to its front. (`to_string` takes memory, which would cost more than a small message.)
        let mut line = [END; MOST_DIGITS + 1];
        let (mut left, mut digits) = (length, 0);
        for place in line.iter_mut().rev().skip(1) {
            *place = b'0' + (left % 10) as u8;
            (left, digits) = (left / 10, digits + 1);
            if left == 0 {
                break;
            }
        }
        out.extend_from_slice(line.get(MOST_DIGITS - digits..).unwrap_or_default());
        out.extend_from_slice(message);
        Ok(())
    }

    fn decode<'a>(&self, input: &'a [u8]) -> Result<Option<Frame<'a>>, FrameError> {
        let Some((announced, digits)) = length_line(input, self.limit)? else { return Ok(None) };
        let length = self.judge(announced)?;
        let header = digits + 1;
        let payload = input.get(header..header + length);
        Ok(payload.map(|payload| Frame { payload, consumed: header + length }))
    }

    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        match length_line(rest, self.limit) {
            Ok(Some((length, digits))) => {
                FrameError::EndedInBody { got: rest.len() - digits - 1, of: usize::try_from(length).ok() }
            }
            _ => FrameError::EndedInHeader { got: rest.len(), of: None },
        }
    }
}

#[cfg(test)]
#[path = "tests/text_length.rs"]
mod tests;
