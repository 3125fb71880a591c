//! The rule of the length in text: decimal digits, a line feed, then that many bytes.
//!
//! A header that people can read in a dump, as HTTP's chunks and `netstring`s have it. It carries any bytes, as the
//! fixed header does. What it costs: a grammar. `7`, `07`, `+7` and ` 7` are one number for `int()` in Python; on a wire
//! they would be four ways to say one thing, and two readers that disagree about one of them are out of step. So one
//! spelling is right and every other is refused.
//!
//! The line feed matters most. Without it, `12` then `345` is 12 bytes `345...`, or 123 bytes `45...`, or 12,345: the
//! answer changes when more bytes come, and then this is no framing (`recv_ready.rs` speaks that one).
//!
//! A number that is too long or negative is read to its line feed all the same, so that the refusal can name it.

use common::{Frame, FrameError, Framing};

/// What ends the digits: a line feed.
const END: u8 = b'\n';

/// Digits enough for [`MOST`]. The limit is below that.
const MOST_DIGITS: usize = 7;

/// What so many digits can say.
const MOST: usize = 9_999_999;

/// The most digits that are read before the line is refused unseen: what an `i64` can always hold.
const READ_DIGITS: usize = 18;

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
    fn judge(&self, announced: i64) -> Result<usize, FrameError> {
        let limit = self.limit.min(MOST);
        let Ok(length) = u64::try_from(announced) else {
            return Err(FrameError::TooShort { announced, limit });
        };
        match usize::try_from(length) {
            Ok(length) if length <= limit => Ok(length),
            _ => Err(FrameError::TooLong {
                announced: length,
                limit,
            }),
        }
    }
}

/// The number in front of `input` and how many bytes its line has; `None`: its line feed has not come yet.
///
/// Each byte is judged on its own and in order, so that more bytes never change the answer.
fn length_line(input: &[u8]) -> Result<Option<(i64, usize)>, FrameError> {
    let (digits, sign) = match input.strip_prefix(b"-") {
        Some(digits) => (digits, -1),
        None => (input, 1),
    };
    let mut number = 0_i64;
    for (at, &byte) in digits.iter().enumerate() {
        match byte {
            END if at > 0 => {
                let line = input.len() - digits.len() + at + 1;
                return Ok(Some((sign * number, line)));
            }
            b'0'..=b'9' if at == READ_DIGITS => {
                return Err(FrameError::Malformed("a length has at most 7 digits"));
            }
            b'0'..=b'9' if number == 0 && at > 0 => {
                return Err(FrameError::Malformed("a length has no leading zero"));
            }
            b'0' if sign < 0 && at == 0 => {
                return Err(FrameError::Malformed("a length has no sign"));
            }
            b'0'..=b'9' => number = number * 10 + i64::from(byte - b'0'),
            _ => {
                return Err(FrameError::Malformed(
                    "a length is decimal digits and a line feed, nothing else",
                ));
            }
        }
    }
    Ok(None)
}

impl Framing for TextLength {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        let length = self.judge(i64::try_from(message.len()).unwrap_or(i64::MAX))?;
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
        let Some((announced, header)) = length_line(input)? else {
            return Ok(None);
        };
        let length = self.judge(announced)?;
        let payload = input.get(header..header + length);
        Ok(payload.map(|payload| Frame {
            payload,
            consumed: header + length,
        }))
    }

    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        match length_line(rest) {
            Ok(Some((length, header))) => FrameError::EndedInBody {
                got: rest.len() - header,
                of: usize::try_from(length).ok(),
            },
            _ => FrameError::EndedInHeader {
                got: rest.len(),
                of: None,
            },
        }
    }
}

#[cfg(test)]
#[path = "tests/text_length.rs"]
mod tests;
