//! A request that a browser wrote is not a command.
//!
//! Any page on the internet can make a browser send `POST / HTTP/1.1` to `127.0.0.1`, with a body of the page's choice.
//! Loopback keeps other machines out, not other people's pages. A server that takes each read for a command would answer
//! the head with an error and then run the body. So the head ends the connection before the body is looked at.
//!
//! ```text
//! POST / HTTP/1.1\r\n ... \r\n\r\n      <- begins with a method and a blank: close, run nothing, answer nothing
//! rm -rf important                      <- would have been the next command
//! 16 03 01 02 00 01 00 ...              <- the same page, asked for with https: TLS, a handshake (RFC 8446, section 5.1)
//! 00 00 00 04 64 61 74 65               <- somebody's binary protocol; a command has no zero byte
//! ```
//!
//! Where requests are framed, a frame says itself that it is meant for us, and a page cannot write one at the beginning of
//! its request. The rule for HTTP is kept there too; the other two are for what one read gave.

use std::{fmt, io};

/// The methods of RFC 9110 section 9.3 and RFC 5789. They are case-sensitive (section 9.1).
const METHODS: [&[u8]; 9] = [
    b"GET ",
    b"HEAD ",
    b"POST ",
    b"PUT ",
    b"DELETE ",
    b"OPTIONS ",
    b"PATCH ",
    b"TRACE ",
    b"CONNECT ",
];

/// What a request is that is not a command. The connection ends at once, without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotACommand {
    /// It begins with an HTTP method and a blank.
    Http,
    /// It begins with the bytes 22 and 3.
    Tls,
    /// There is a zero byte in it.
    ZeroByte,
}

impl fmt::Display for NotACommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "this is HTTP, not a command",
            Self::Tls => "this is TLS, not a command",
            Self::ZeroByte => "this has a zero byte in it and is not a command",
        })
    }
}

impl std::error::Error for NotACommand {}

/// For a server that hands it on as the end of its connection.
impl From<NotACommand> for io::Error {
    fn from(what: NotACommand) -> Self {
        Self::new(
            io::ErrorKind::InvalidData,
            format!("{what}: connection ended"),
        )
    }
}

/// Judges a request that is a frame (or a datagram): is it HTTP?
///
/// # Errors
/// It is. A zero byte is not judged here; the runner answers it as not allowed.
pub fn framed(request: &[u8]) -> Result<(), NotACommand> {
    if METHODS.iter().any(|method| request.starts_with(method)) {
        return Err(NotACommand::Http);
    }
    Ok(())
}

/// Judges a request that is what one read gave: is it HTTP, TLS, or has it a zero byte?
///
/// # Errors
/// Which of the three it is.
pub fn unframed(request: &[u8]) -> Result<(), NotACommand> {
    framed(request)?;
    if request.starts_with(&[22, 3]) {
        return Err(NotACommand::Tls);
    }
    if request.contains(&0) {
        return Err(NotACommand::ZeroByte);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both rules agree.
    fn judge(request: &[u8]) -> Result<(), NotACommand> {
        assert_eq!(framed(request), unframed(request));
        framed(request)
    }

    #[test]
    fn every_method_with_a_blank_is_http() {
        for method in [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
        ] {
            for request in [format!("{method} / HTTP/1.1\r\n"), format!("{method} ")] {
                assert_eq!(judge(request.as_bytes()), Err(NotACommand::Http));
            }
        }
    }

    #[test]
    fn commands_are_not_http() {
        for command in [
            "",
            "GET",
            "GETX /",
            "get /",
            " GET /",
            "echo GET /",
            "PUTS",
            "date",
            "POSTER now",
        ] {
            assert_eq!(judge(command.as_bytes()), Ok(()), "{command}");
        }
    }

    #[test]
    fn tls_and_zero_bytes_are_told_apart_and_only_an_unframed_request_is_judged_by_them() {
        for (request, what) in [
            (&b"\x16\x03\x01\x02\x00\x01"[..], NotACommand::Tls),
            (b"\x16\x03", NotACommand::Tls),
            (b"\x00\x00\x00\x04date", NotACommand::ZeroByte),
            (b"date\0", NotACommand::ZeroByte),
        ] {
            assert_eq!(unframed(request), Err(what), "{request:?}");
            assert_eq!(framed(request), Ok(()), "{request:?}");
        }
        for command in [&b"\x16"[..], b"\x16\x04", b"\x03\x16", b"echo \x16\x03"] {
            assert_eq!(judge(command), Ok(()), "{command:?}");
        }
        assert_eq!(unframed(b"GET /\0"), Err(NotACommand::Http));
    }

    #[test]
    fn the_end_of_a_connection_says_which_it_was() {
        let error = io::Error::from(NotACommand::Tls);
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert_eq!(
            error.to_string(),
            "this is TLS, not a command: connection ended"
        );
    }
}
