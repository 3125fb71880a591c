//! What makes a message refused: its name, the status that a server answers with, and the byte where it shows.

use std::error::Error;
use std::fmt;
use std::io;

/// Why a message is refused.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    /// The name in `parse --json`: lower case with underscores. It never changes.
    pub name: &'static str,
    /// The status that a server answers with.
    pub status: u16,
    /// A sentence.
    pub why: &'static str,
}

impl Refused {
    /// A line that does not end with CRLF: a CR or an LF alone.
    pub const BARE_LINE_END: &Self = &row("bare_line_end", 400, "a CR or an LF without the other");
    /// A request line that is not `METHOD SP TARGET SP HTTP/1.x`, or a status line that is not one.
    pub const START_LINE: &Self = &row("start_line", 400, "not three parts, a single space apart");
    /// A method that is not a token.
    pub const METHOD: &Self = &row("method", 400, "a byte that no method has");
    /// A target with a byte that may not stand in one, or of no known form.
    pub const TARGET: &Self = &row("target", 400, "not a path, a URL, or * of OPTIONS");
    /// Not `HTTP/` digit `.` digit.
    pub const VERSION: &Self = &row("version", 400, "not HTTP/ and a version such as 1.1");
    /// HTTP, but not 1.x.
    pub const MAJOR_VERSION: &Self = &row("major_version", 505, "HTTP, but neither 1.0 nor 1.1");
    /// White space before the first field, before a colon, or a folded line.
    pub const WHITE_SPACE: &Self = &row("white_space", 400, "white space around a field's name");
    /// A field name that is not a token.
    pub const FIELD_NAME: &Self = &row("field_name", 400, "a byte that no field's name has");
    /// A control character in a field's value.
    pub const FIELD_VALUE: &Self = &row("field_value", 400, "a control character in a value");
    /// No Host, two, or one that is not a host.
    pub const HOST: &Self = &row("host", 400, "a request has one Host, and a valid one");
    /// A length that is not digits, two that differ, or one beside a transfer coding.
    pub const CONTENT_LENGTH: &Self =
        &row("content_length", 400, "not one length in digits, alone");
    /// A transfer coding that may not stand here: twice, or in HTTP/1.0.
    pub const TRANSFER_ENCODING: &Self =
        &row("transfer_encoding", 400, "only chunked, once, in HTTP/1.1");
    /// A transfer coding other than `chunked`.
    pub const UNKNOWN_CODING: &Self = &row("unknown_coding", 501, "a transfer coding but chunked");
    /// An expectation other than `100-continue`.
    pub const EXPECTATION: &Self = &row("expectation", 417, "only 100-continue can be expected");
    /// A chunk's size, its extension, or the CRLF after its data.
    pub const CHUNK: &Self = &row("chunk", 400, "not a chunk's line, or no CRLF after data");
    /// The first line is over its limit.
    pub const LONG_START_LINE: &Self = &row("long_start_line", 414, "the first line is too long");
    /// The head (or the trailers with it) is over its limit of bytes or of fields.
    pub const LONG_HEAD: &Self = &row("long_head", 431, "too many bytes or too many fields");
    /// A chunk line is over its limit.
    pub const LONG_CHUNK_LINE: &Self =
        &row("long_chunk_line", 400, "the line of a chunk is too long");
    /// The body is over its limit.
    pub const LONG_BODY: &Self = &row("long_body", 413, "the body is too long");
    /// The stream ended inside a message.
    pub const ENDED: &Self = &row("ended", 400, "the stream ended inside a message");

    /// At byte `at` of what is looked at.
    pub(crate) fn at(&'static self, at: usize) -> HttpError {
        let at = at as u64;
        HttpError { refused: self, at }
    }
}

const fn row(name: &'static str, status: u16, why: &'static str) -> Refused {
    Refused { name, status, why }
}

/// A message that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpError {
    /// Why.
    pub refused: &'static Refused,
    /// The byte where it shows, counted from the first byte of the stream.
    pub at: u64,
}

impl HttpError {
    /// The same, in a stream of which `before` bytes were before what was looked at.
    pub(crate) fn after(self, before: u64) -> Self {
        let at = self.at + before;
        Self { at, ..self }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refused { name, why, .. } = self.refused;
        write!(f, "{name} at byte {}: {why}", self.at)
    }
}

impl Error for HttpError {}

impl From<HttpError> for io::Error {
    fn from(error: HttpError) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, error)
    }
}
