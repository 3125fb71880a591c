//! A length in text without an end: why it is no framing, and the round trip that saves it.
//!
//! ```text
//! server                               client
//! 31 32            "12"       ──────▶
//!                             ◀──────  72 65 63 76 5f 72 65 61 64 79   "recv_ready"
//! 12 bytes of body            ──────▶
//! ```
//!
//! `12` may be the number twelve, or the beginning of `123`. No rule over bytes can say which: `decode(b"12")` would
//! have to answer, and `decode(b"123")` would take the answer back. That breaks the second law (more bytes never change
//! an answer), so this is a conversation and not a [`common::Framing`]. It works because the server falls silent after
//! the digits and waits: what has come by then is the number. The price is one more round trip for every answer, a
//! number that the network cuts in two is still read wrong, and nothing says when `recv_ready` has been read
//! ([`AFTER_NOTHING`]).

use std::io::{self, ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

use common::{FrameError, Framing, Timeouts};

use crate::commands::OUTPUT_LIMIT;
use crate::message_stream::MessageStream;

/// What the client says between the length and the body.
const READY: &[u8; 10] = b"recv_ready";

/// How long a client waits after an answer of no bytes. A body says that the server has read `recv_ready`; where there is
/// none, nothing does, and the tutorial's server, which takes `recv(1024)` for it, would swallow a command that comes
/// quickly. A pause is no cure (lesson 03 shows it failing); on this wire there is no other.
const AFTER_NOTHING: Duration = Duration::from_millis(100);

/// A server's side: the length, then the body when the client is ready for it.
pub(crate) fn answer<S: Read + Write + Timeouts>(
    stream: &mut MessageStream<S, impl Framing>,
    body: &[u8],
) -> io::Result<()> {
    stream.write_raw(body.len().to_string().as_bytes())?;
    match stream.read_sized_message(READY.len()) {
        Ok(said) if said == READY => stream.write_raw(body),
        Ok(said) => Err(broken(format!(
            "the client said `{}` instead of recv_ready",
            String::from_utf8_lossy(&said)
        ))),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(io::Error::new(
            ErrorKind::UnexpectedEof,
            "the client left without saying recv_ready",
        )),
        Err(error) => Err(error),
    }
}

/// A client's side: what one read gives is the length.
pub(crate) fn read_body<S: Read + Write + Timeouts>(
    stream: &mut MessageStream<S, impl Framing>,
) -> io::Result<Vec<u8>> {
    let mut digits = [0; 32];
    let count = stream.read_unframed_answer(&mut digits)?;
    let length = length(digits.get(..count).unwrap_or_default())?;
    stream.write_raw(READY)?;
    if length == 0 {
        thread::sleep(AFTER_NOTHING);
    }
    stream.read_sized_message(length)
}

/// Judges the announced number before anything is done with it.
fn length(digits: &[u8]) -> io::Result<usize> {
    let (text, limit) = (String::from_utf8_lossy(digits), OUTPUT_LIMIT);
    let number = text.parse::<i64>().ok().filter(|_| !text.starts_with('+'));
    let Some(announced) = number else {
        return Err(broken(format!(
            "`{text}` is no length (the limit is {limit})"
        )));
    };
    match u64::try_from(announced) {
        Ok(length) if length <= limit as u64 => Ok(length as usize),
        Ok(announced) => Err(FrameError::TooLong { announced, limit }.into()),
        Err(_) => Err(FrameError::TooShort { announced, limit }.into()),
    }
}

/// The peer broke a rule: after that nothing it sends can be trusted.
fn broken(why: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_judged_before_anything_is_done_with_it() {
        assert_eq!(length(b"0").unwrap(), 0);
        assert_eq!(length(b"1048576").unwrap(), 1_048_576);
        for (digits, told) in [
            (
                &b"1048577"[..],
                "frame of 1048577 bytes is over the limit of 1048576",
            ),
            (
                b"2147483647",
                "frame of 2147483647 bytes is over the limit of 1048576",
            ),
            (
                b"-1",
                "frame of -1 bytes is under the least allowed (the limit is 1048576)",
            ),
            (
                b"99999999999999999999",
                "`99999999999999999999` is no length (the limit is 1048576)",
            ),
            (b"+3", "`+3` is no length (the limit is 1048576)"),
            (b"12abc", "`12abc` is no length (the limit is 1048576)"),
            (b"\xff", "`\u{fffd}` is no length (the limit is 1048576)"),
            (
                b"a\\b\x1b",
                "`a\\b\x1b` is no length (the limit is 1048576)", // whoever prints it escapes it
            ),
        ] {
            assert_eq!(length(digits).unwrap_err().to_string(), told);
        }
    }
}
