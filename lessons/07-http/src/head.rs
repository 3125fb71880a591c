//! The head of a message: found, then taken apart once. It borrows the bytes it was read from.
//!
//! ```text
//! GET /a?b HTTP/1.1 CRLF        the start line
//! Host: example.org CRLF        fields: name, colon, value
//! Accept: */* CRLF
//! CRLF                          an empty line: the head ends here
//! ```
//!
//! The goals: no byte is looked at twice while a head arrives in pieces; what is too long is refused before it is whole;
//! and what two programs could read differently is refused, not repaired. This file knows no body and no socket.

use std::fmt;

use memchr::{memchr, memchr2};

use crate::error::{HttpError, Refused};
use crate::promises::one_host::{check_host, is_target};

mod characters;

use characters::{BLANK, TARGET, TOKEN};
pub(crate) use characters::{Table, is_control, is_token, run, table, token_length};

/// The limits of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of the first line, without its CRLF: 8,192 bytes.
    pub start_line: usize,
    /// Of the head, its last empty line included: 64 KiB. The trailers count with it.
    pub head: usize,
    /// Fields in a head, trailers included: 1,000.
    pub fields: usize,
    /// Of a chunk's line, without its CRLF: 4 KiB.
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

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http10 => "HTTP/1.0",
            Self::Http11 => "HTTP/1.1",
        })
    }
}

/// One line of a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// A token, as it came.
    pub name: &'a str,
    /// Without the white space around it; any bytes but control characters.
    pub value: &'a [u8],
    /// Where the value begins, counted from the first byte of the head.
    pub at: usize,
}

/// The lines of a head, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields<'a>(pub Vec<Field<'a>>);

impl<'a> Fields<'a> {
    /// Those of a name, in order. Names are compared without case.
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Field<'a>> {
        self.0
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
    }

    /// The elements of a list, which may stand in one field with commas or in several fields, and where each begins.
    pub(crate) fn elements(&self, name: &str) -> impl Iterator<Item = (usize, &'a [u8])> {
        self.named(name).flat_map(|field| {
            let mut at = field.at;
            field.value.split(|&byte| byte == b',').map(move |element| {
                let begin = at + element.len() - element.trim_ascii_start().len();
                at += element.len() + 1;
                (begin, element.trim_ascii())
            })
        })
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

/// Finds where a line and where a head ends, in bytes that arrive in pieces: it remembers how far it has looked.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    /// Where the current line begins.
    line: usize,
    /// Before this, every byte has been looked at.
    seen: usize,
}

impl Finder {
    /// From this byte of the input on.
    pub(crate) fn from(at: usize) -> Self {
        Self { line: at, seen: at }
    }

    /// Where a head ends: after the first empty line. The first line may end at byte `first` at the latest, the head
    /// before byte `limit`.
    pub(crate) fn head(
        &mut self,
        input: &[u8],
        first: usize,
        limit: usize,
    ) -> Result<Option<usize>, HttpError> {
        loop {
            let line = self.line;
            let found = match line {
                0 => self.line(input, first, Refused::LONG_START_LINE)?,
                _ => self.line(input, limit.saturating_sub(2), Refused::LONG_HEAD)?,
            };
            match found {
                Some(end) if end == line => return Ok(Some(self.line)),
                Some(_) => {}
                None => return Ok(None),
            }
        }
    }

    /// Where the current line ends, before its CRLF; the next one begins after it. A line that cannot end at byte `limit`
    /// or before is refused as soon as that is certain, and so is a CR or an LF alone.
    pub(crate) fn line(
        &mut self,
        input: &[u8],
        limit: usize,
        too_long: &'static Refused,
    ) -> Result<Option<usize>, HttpError> {
        let rest = input.get(self.seen..).unwrap_or_default();
        let count = memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        self.seen += count;
        if self.seen > limit {
            return Err(too_long.at(limit));
        }
        match rest.get(count..) {
            Some([b'\r', b'\n', ..]) => {
                let end = self.seen;
                *self = Self::from(end + 2);
                Ok(Some(end))
            }
            None | Some([] | [b'\r']) => Ok(None),
            Some(_) => Err(Refused::BARE_LINE_END.at(self.seen)),
        }
    }
}

/// Takes a whole request head apart, its last empty line included. Offsets in errors count from its first byte.
///
/// ```text
/// request-line = method SP request-target SP HTTP-version      (RFC 9112, section 3)
/// ```
///
/// # Errors
/// A line or a field that the grammar above refuses, or a limit that is hit.
pub fn parse_request<'a>(head: &'a [u8], limits: &Limits) -> Result<RequestHead<'a>, HttpError> {
    let (method, end) = word(head, 0, &TOKEN, Refused::METHOD)?;
    let (target, end) = word(head, end, &TARGET, Refused::TARGET)?;
    let version = version(head, end)?;
    if !is_target(method, target) {
        return Err(Refused::TARGET.at(method.len() + 1));
    }
    let fields = line_end(head, end + VERSION, Refused::VERSION)?;
    let fields = parse_fields(head, fields, limits.fields)?;
    check_host(&fields, version, head.len() - 2)?;
    for field in fields.named("Expect") {
        if !field.value.eq_ignore_ascii_case(b"100-continue") {
            return Err(Refused::EXPECTATION.at(field.at));
        }
    }
    Ok(RequestHead {
        method,
        target,
        version,
        fields,
    })
}

/// Takes a whole response head apart.
///
/// ```text
/// status-line   = HTTP-version SP status-code SP [ reason-phrase ]      (RFC 9112, section 4)
/// status-code   = 3DIGIT
/// reason-phrase = 1*( HTAB / SP / VCHAR / obs-text )
/// ```
///
/// # Errors
/// As [`parse_request`].
pub fn parse_response<'a>(head: &'a [u8], limits: &Limits) -> Result<ResponseHead<'a>, HttpError> {
    let version = version(head, 0)?;
    let status = match head.get(VERSION..VERSION + 5) {
        Some([b' ', digits @ .., b' ']) if digits.iter().all(u8::is_ascii_digit) => digits
            .iter()
            .fold(0, |status, digit| 10 * status + u16::from(digit - b'0')),
        _ => return Err(Refused::START_LINE.at(VERSION)),
    };
    let at = VERSION + 5;
    let reason = until_cr(head.get(at..).unwrap_or_default());
    if let Some(control) = reason.iter().position(|&byte| is_control(byte)) {
        return Err(Refused::START_LINE.at(at + control));
    }
    let fields = line_end(head, at + reason.len(), Refused::START_LINE)?;
    let fields = parse_fields(head, fields, limits.fields)?;
    Ok(ResponseHead {
        version,
        status,
        reason,
        fields,
    })
}

/// The fields of a head from byte `at` on, at most `limit`, and the empty line after them.
///
/// ```text
/// field-line  = field-name ":" OWS field-value OWS             (RFC 9112, section 5)
/// field-name  = token                                          (RFC 9110, section 5)
/// field-value = *( HTAB / SP / VCHAR / obs-text )
/// ```
///
/// A line that begins with white space would belong to the line before (obs-fold), which not everybody knows; a blank
/// before the colon belongs to the name for some and not for others. Both are refused (RFC 9112, sections 5.1 and 5.2).
pub(crate) fn parse_fields(
    head: &[u8],
    mut at: usize,
    limit: usize,
) -> Result<Fields<'_>, HttpError> {
    let text = str::from_utf8(head).unwrap_or_default();
    let sound = sound(head, at);
    // As many as a browser sends. Growing at 4, 8 and 16 cost more than the memory.
    let mut fields = Vec::with_capacity(24);
    loop {
        let end = run(head, at, &TOKEN);
        match head.get(end) {
            Some(b':') if end > at => {}
            Some(b'\r') if end == at => break,
            Some(b' ' | b'\t') => return Err(Refused::WHITE_SPACE.at(end)),
            _ => return Err(Refused::FIELD_NAME.at(end)),
        }
        if fields.len() == limit {
            return Err(Refused::LONG_HEAD.at(at));
        }
        let name = match text.get(at..end) {
            Some(name) => name,
            None => ascii(head, at, end), // a value somewhere is not UTF-8
        };
        let value_at = run(head, end + 1, &BLANK);
        let rest = head.get(value_at..).unwrap_or_default();
        let mut value = until_cr(rest);
        at = value_at + value.len() + CRLF;
        if at > sound {
            return Err(Refused::FIELD_VALUE.at(sound));
        }
        while let [shorter @ .., b' ' | b'\t'] = value {
            value = shorter;
        }
        fields.push(Field {
            name,
            value,
            at: value_at,
        });
    }
    line_end(head, at, Refused::BARE_LINE_END)?;
    Ok(Fields(fields))
}

/// Up to which byte, from `at` on, the lines end with CRLF and no other control character but tab stands in them.
///
/// A fold over all of it, which the compiler turns into vector instructions (`any` would stop in between): one pass here is
/// quicker than a short one for each value.
fn sound(head: &[u8], at: usize) -> usize {
    let bytes = head.get(at..).unwrap_or_default();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    let wrong = |(byte, next): (&u8, &u8)| {
        ((*byte == b'\r') != (*next == b'\n'))
            | (is_control(*byte) & (*byte != b'\r') & (*byte != b'\n'))
    };
    match pairs.clone().fold(false, |found, pair| found | wrong(pair)) {
        false => head.len(),
        true => at + pairs.clone().position(wrong).unwrap_or_default(),
    }
}

/// Bytes of the end of a line.
const CRLF: usize = 2;

/// Bytes of a version: `HTTP/1.1`.
const VERSION: usize = 8;

/// ```text
/// HTTP-version = "HTTP" "/" DIGIT "." DIGIT      (RFC 9112, section 2.3)
/// ```
fn version(head: &[u8], at: usize) -> Result<Version, HttpError> {
    match head.get(at..at + VERSION) {
        Some([b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0']) => Ok(Version::Http10),
        Some([b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'1'..=b'9']) => Ok(Version::Http11),
        Some([b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9']) => {
            Err(Refused::MAJOR_VERSION.at(at + 5))
        }
        _ => Err(Refused::VERSION.at(at)),
    }
}

/// One word of the request line and the single space after it; where the next one begins.
fn word<'a>(
    head: &'a [u8],
    at: usize,
    table: &Table,
    wrong: &'static Refused,
) -> Result<(&'a str, usize), HttpError> {
    let end = run(head, at, table);
    match head.get(end) {
        Some(b' ') if end > at => Ok((ascii(head, at, end), end + 1)),
        Some(b' ' | b'\r') | None => Err(Refused::START_LINE.at(end)), // a part is missing
        Some(_) => Err(wrong.at(end)),
    }
}

/// What stands before the next CR.
fn until_cr(bytes: &[u8]) -> &[u8] {
    let end = memchr(b'\r', bytes).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

/// The CRLF at byte `at`; where the next line begins.
fn line_end(head: &[u8], at: usize, wrong: &'static Refused) -> Result<usize, HttpError> {
    match head.get(at..at + 2) {
        Some(b"\r\n") => Ok(at + 2),
        _ => Err(wrong.at(at)),
    }
}

/// Bytes that a table has allowed are ASCII, so nothing is lost.
fn ascii(head: &[u8], at: usize, end: usize) -> &str {
    let word = head.get(at..end).unwrap_or_default();
    str::from_utf8(word).unwrap_or_default()
}

#[cfg(test)]
mod tests;
