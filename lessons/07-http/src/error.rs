//! What makes a message refused: its name, the status that a server answers with, and the byte where it shows.

use std::error::Error;
use std::fmt;
use std::io;

/// Why a message is refused.
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
    /// The first line is over its limit.
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

impl Refused {
    /// The name in `parse --json` (it never changes), the status that a server answers with, and a sentence.
    fn described(self) -> (&'static str, u16, &'static str) {
        match self {
            Self::BareLineEnd => ("bare_line_end", 400, "a CR or an LF without the other"),
            Self::StartLine => ("start_line", 400, "not three parts, a single space apart"),
            Self::Method => ("method", 400, "a byte that no method has"),
            Self::Target => ("target", 400, "not a path, a URL, or * of OPTIONS"),
            Self::Version => ("version", 400, "not HTTP/ and a version such as 1.1"),
            Self::MajorVersion => ("major_version", 505, "HTTP, but neither 1.0 nor 1.1"),
            Self::WhiteSpace => ("white_space", 400, "white space around a field's name"),
            Self::FieldName => ("field_name", 400, "a byte that no field's name has"),
            Self::FieldValue => ("field_value", 400, "a control character in a value"),
            Self::Host => ("host", 400, "a request has one Host, and a valid one"),
            Self::ContentLength => ("content_length", 400, "not one length in digits, alone"),
            Self::TransferEncoding => ("transfer_encoding", 400, "only chunked, once, in HTTP/1.1"),
            Self::UnknownCoding => ("unknown_coding", 501, "a transfer coding but chunked"),
            Self::Expectation => ("expectation", 417, "only 100-continue can be expected"),
            Self::Chunk => ("chunk", 400, "not a chunk's line, or no CRLF after data"),
            Self::LongStartLine => ("long_start_line", 414, "the first line is too long"),
            Self::LongHead => ("long_head", 431, "too many bytes or too many fields"),
            Self::LongChunkLine => ("long_chunk_line", 400, "the line of a chunk is too long"),
            Self::LongBody => ("long_body", 413, "the body is too long"),
            Self::Ended => ("ended", 400, "the stream ended inside a message"),
        }
    }

    /// At byte `at` of what is looked at.
    pub(crate) fn at(self, at: usize) -> HttpError {
        let at = at as u64;
        HttpError { refused: self, at }
    }
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
    /// Its name in `parse --json`: lower case with underscores. It never changes.
    pub fn name(&self) -> &'static str {
        self.refused.described().0
    }

    /// The status that a server answers with (syntax 400, sizes 413, 414, 431, expectation 417, coding 501,
    /// major version 505).
    pub fn status(&self) -> u16 {
        self.refused.described().1
    }

    /// The same, in a stream of which `before` bytes were before what was looked at.
    pub(crate) fn after(self, before: u64) -> Self {
        let at = self.at + before;
        Self { at, ..self }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, _, why) = self.refused.described();
        write!(f, "{name} at byte {}: {why}", self.at)
    }
}

impl Error for HttpError {}

impl From<HttpError> for io::Error {
    fn from(error: HttpError) -> Self {
        io::Error::new(io::ErrorKind::InvalidData, error)
    }
}
