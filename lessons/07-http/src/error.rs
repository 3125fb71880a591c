//! What makes a message refused: its name, the byte where it shows, and the status that a server answers.

use std::error::Error;
use std::fmt;
use std::io;

/// Why a message is refused. The names are part of `parse --json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// A line that does not end with CRLF: a CR or an LF alone.
    BareLineEnd,
    /// A request line that is not `METHOD SP TARGET SP HTTP/1.x`, or a status line that is not one.
    StartLine,
    /// A method that is not a token.
    Method,
    /// A target with a byte that may not stand in one, or of no known form.
    Target,
    /// Not `HTTP/` digit `.` digit.
    Version,
    /// HTTP, but not 1.x.
    MajorVersion,
    /// White space before the first field, before a colon, or a folded line.
    WhiteSpace,
    /// A field name that is not a token.
    FieldName,
    /// A control character in a field's value.
    FieldValue,
    /// No Host, two, or one that is not a host.
    Host,
    /// A length that is not digits, two that differ, or one beside a transfer coding.
    ContentLength,
    /// A transfer coding that may not stand here: twice, or in HTTP/1.0.
    TransferEncoding,
    /// A transfer coding other than `chunked`.
    UnknownCoding,
    /// An expectation other than `100-continue`.
    Expectation,
    /// A chunk's size, its extension, or the CRLF after its data.
    Chunk,
    /// The request line is over its limit.
    LongStartLine,
    /// The head (or the trailers with it) is over its limit of bytes or of fields.
    LongHead,
    /// A chunk line is over its limit.
    LongChunkLine,
    /// The body is over its limit.
    LongBody,
    /// The stream ended inside a message.
    Ended,
}

/// A message that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpError {
    /// Why.
    pub refused: Refused,
    /// The byte where it shows, counted from the first byte of the stream.
    pub at: u64,
}

impl HttpError {
    /// The status that a server answers with (CONTRACT: syntax 400, sizes 413, 414, 431, expectation 417, coding 501,
    /// major version 505).
    pub fn status(&self) -> u16 {
        match self.refused {
            Refused::LongBody => 413,
            Refused::LongStartLine => 414,
            Refused::Expectation => 417,
            Refused::LongHead => 431,
            Refused::UnknownCoding => 501,
            Refused::MajorVersion => 505,
            _ => 400,
        }
    }

    /// Its name in `parse --json`, in lower case with underscores.
    pub fn name(&self) -> &'static str {
        todo!("parser")
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (byte {})", self.name(), self.at)
    }
}

impl Error for HttpError {}

impl From<HttpError> for io::Error {
    fn from(error: HttpError) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, error)
    }
}
