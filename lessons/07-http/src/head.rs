//! The head of a message: found, then taken apart once. It borrows the bytes it was read from.

use crate::error::HttpError;

/// The limits of a message (CONTRACT section 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of the first line, without its CRLF: 8,192 bytes.
    pub start_line: usize,
    /// Of the head, its last empty line included: 64 KiB. The trailers count with it.
    pub head: usize,
    /// Fields in a head, trailers included: 1,000.
    pub fields: usize,
    /// Of a chunk's line: 4 KiB.
    pub chunk_line: usize,
    /// Of a body: 8 MiB for a server; a client has none.
    pub body: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            start_line: 8 * 1024,
            head: 64 * 1024,
            fields: 1_000,
            chunk_line: 4 * 1024,
            body: 8 * 1024 * 1024,
        }
    }
}

/// HTTP/1.0 or HTTP/1.1. A higher minor version is served as 1.1 (RFC 9110, section 2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1 and above.
    Http11,
}

/// One line of a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// A token, as it came.
    pub name: &'a str,
    /// Without the white space around it; any bytes but control characters.
    pub value: &'a [u8],
}

/// The lines of a head, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields<'a>(pub Vec<Field<'a>>);

impl<'a> Fields<'a> {
    /// All values under a name, in order. Names are compared without case.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value)
    }
}

/// A request's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHead<'a> {
    /// A token: `GET`.
    pub method: &'a str,
    /// As it came: `/a%20b?q=1`, `http://host/`, `*`.
    pub target: &'a str,
    /// Its version.
    pub version: Version,
    /// Its fields.
    pub fields: Fields<'a>,
}

/// A response's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHead<'a> {
    /// Its version.
    pub version: Version,
    /// Three digits.
    pub status: u16,
    /// Any text, possibly none.
    pub reason: &'a [u8],
    /// Its fields.
    pub fields: Fields<'a>,
}

/// Takes a whole request head apart, its last empty line included. Offsets in errors count from its first byte.
///
/// # Errors
/// What CONTRACT section 8 refuses.
pub fn parse_request<'a>(head: &'a [u8], limits: &Limits) -> Result<RequestHead<'a>, HttpError> {
    let _ = (head, limits);
    todo!("parser")
}

/// Takes a whole response head apart.
///
/// # Errors
/// As [`parse_request`].
pub fn parse_response<'a>(head: &'a [u8], limits: &Limits) -> Result<ResponseHead<'a>, HttpError> {
    let _ = (head, limits);
    todo!("parser")
}
