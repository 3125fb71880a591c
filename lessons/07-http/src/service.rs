//! What somebody writes who uses this server: a request and a reader of its body in, a response out.
//!
//! ```text
//! impl Service for Hello {
//!     fn answer(&self, request: &Request, body: &mut dyn Read) -> io::Result<Response> {
//!         Ok(Response::text(200, "hello\n"))
//!     }
//! }
//! ```
//!
//! The server does the rest: `Date`, the length or the chunks, `Connection`, HEAD, what is left unread of the body.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};

use crate::head::{Field, Fields, RequestHead, Version, is_control, is_token};

/// A request, as a service sees it.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`.
    pub method: String,
    /// As it came: `/a%20b?q=1`, `http://host/a`, `*`.
    pub target: String,
    /// Its version.
    pub version: Version,
    /// Its fields. Of a target with a host in it, that host is the `Host` here (RFC 9112, section 3.2.2).
    pub headers: Headers,
}

impl Request {
    /// A copy: the head lies in a buffer that the body needs.
    pub(crate) fn copied(head: &RequestHead<'_>) -> Self {
        let mut headers = Headers::from(&head.fields);
        if let Some((host, _)) = authority_and_rest(head.target) {
            for (name, value) in &mut headers.0 {
                if name.eq_ignore_ascii_case("Host") {
                    *value = host.into();
                }
            }
        }
        Self {
            method: head.method.to_owned(),
            target: head.target.to_owned(),
            version: head.version,
            headers,
        }
    }

    /// The path of the target, still percent-encoded: `/a%20b`. `*` of `OPTIONS *`.
    pub fn path(&self) -> &str {
        match self.path_and_query().0 {
            "" => "/", // of http://host
            path => path,
        }
    }

    /// What stands after the first `?` of the target, as it came.
    pub fn query(&self) -> Option<&str> {
        self.path_and_query().1
    }

    fn path_and_query(&self) -> (&str, Option<&str>) {
        let rest = authority_and_rest(&self.target).map_or(self.target.as_str(), |(_, rest)| rest);
        match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        }
    }
}

/// `host:80` and `/a?b` of `http://host:80/a?b`.
///
/// ```text
/// absolute-form = scheme "://" authority path-abempty [ "?" query ]      (RFC 9112, section 3.2.2; of ours, http only)
/// ```
fn authority_and_rest(target: &str) -> Option<(&str, &str)> {
    if target.starts_with('/') {
        return None; // `/a?b=http://c`
    }
    let (_, rest) = target.split_once("://")?;
    rest.split_at_checked(rest.find(['/', '?']).unwrap_or(rest.len()))
}

/// Names and values of a head. By type, none holds CR, LF or NUL: nobody can smuggle a second answer into one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, Vec<u8>)>);

impl Headers {
    /// The first value under a name, compared without case.
    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// All values under a name, in order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let named = move |(field, _): &(&str, _)| field.eq_ignore_ascii_case(name);
        self.iter().filter(named).map(|(_, value)| value)
    }

    /// All members of the comma-separated lists under a name, without the blanks around them (RFC 9110, section 5.6.1).
    pub fn members(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let members = self
            .all(name)
            .flat_map(|value| value.split(|byte| *byte == b','));
        members.map(<[u8]>::trim_ascii)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Adds a field.
    ///
    /// ```text
    /// token       = 1*tchar                                                  (RFC 9110, section 5.6.2)
    /// field-value = *field-content       VCHAR, obs-text, SP, HTAB           (section 5.5)
    /// ```
    ///
    /// # Errors
    /// `InvalidInput`: the name is not a token, or the value holds a control character.
    pub fn add(&mut self, name: &str, value: impl AsRef<[u8]>) -> io::Result<()> {
        let value = value.as_ref();
        if !is_token(name.as_bytes()) || value.iter().any(|&byte| is_control(byte)) {
            let why = "a header's name is not a token, or its value holds a control character";
            return Err(io::Error::new(ErrorKind::InvalidInput, why));
        }
        self.0.push((name.to_owned(), value.to_owned()));
        Ok(())
    }
}

/// The parser has judged them by the same rules.
impl From<&Fields<'_>> for Headers {
    fn from(fields: &Fields<'_>) -> Self {
        let owned = |field: &Field<'_>| (field.name.to_owned(), field.value.to_owned());
        Self(fields.0.iter().map(owned).collect())
    }
}

/// An answer.
pub struct Response {
    /// Three digits, 200 and above.
    pub status: u16,
    /// Its own fields. `Date`, `Content-Length` or `Transfer-Encoding`, and `Connection` are the server's affair.
    pub headers: Headers,
    /// What follows.
    pub body: Body,
}

impl Response {
    /// Without fields of its own.
    pub fn new(status: u16, body: Body) -> Self {
        Self {
            status,
            headers: Headers::default(),
            body,
        }
    }

    /// Plain text.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Self::typed(status, "text/plain; charset=utf-8", text.into().into())
    }

    /// A page.
    pub fn html(status: u16, page: impl Into<String>) -> Self {
        Self::typed(status, "text/html; charset=utf-8", page.into().into())
    }

    fn typed(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let mut response = Self::new(status, Body::Bytes(body));
        let field = ("Content-Type".to_owned(), content_type.into());
        response.headers.0.push(field);
        response
    }

    /// Nothing but a status, in words.
    pub fn status(status: u16) -> Self {
        match status {
            204 | 304 => Self::new(status, Body::Bytes(Vec::new())),
            _ => Self::text(status, format!("{status} {}\n", reason(status))),
        }
    }

    /// A status, and why: `403: no such name`.
    pub fn refused(status: u16, why: impl Display) -> Self {
        Self::text(status, format!("{status}: {why}\n"))
    }

    /// The same with one field more.
    ///
    /// # Errors
    /// As [`Headers::add`].
    pub fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> io::Result<Self> {
        self.headers.add(name, value)?;
        Ok(self)
    }
}

/// The words after a status. No program reads them (RFC 9112, section 4).
pub(crate) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        505 => "HTTP Version Not Supported",
        507 => "Insufficient Storage",
        _ => "",
    }
}

/// What follows a head.
pub enum Body {
    /// Bytes at hand; written together with the head.
    Bytes(Vec<u8>),
    /// So many bytes of an open file, from where it stands. They are copied in blocks.
    File(File, u64),
    /// Whatever this writes, as it is written: each flush is a chunk on the wire. A client that left is an error of the next
    /// write. If it fails, the client sees that the body is not whole.
    Stream(Box<Writes>),
}

/// What fills a [`Body::Stream`].
pub type Writes = dyn FnOnce(&mut dyn Write) -> io::Result<()>;

/// What answers requests. Shared by all connections.
pub trait Service: Sync {
    /// The answer to one request. What it leaves unread of `body` the server reads and discards. The first read of a body that
    /// waits for it sends `100 Continue`.
    ///
    /// # Errors
    /// The client is answered 500 (an error of `body` itself: what it deserves), and the connection ends.
    fn answer(&self, request: &Request, body: &mut dyn Read) -> io::Result<Response>;
}

impl<F: Fn(&Request, &mut dyn Read) -> io::Result<Response> + Sync> Service for F {
    fn answer(&self, request: &Request, body: &mut dyn Read) -> io::Result<Response> {
        self(request, body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(target: &str, host: &str) -> Request {
        let mut fields = crate::head::Fields::default();
        fields.0.push(crate::head::Field {
            name: "host",
            value: host.as_bytes(),
            at: 0,
        });
        let head = RequestHead {
            method: "GET",
            target,
            version: Version::Http11,
            fields,
        };
        Request::copied(&head)
    }

    #[test]
    fn a_header_can_never_end_its_line() {
        let mut headers = Headers::default();
        for value in ["a\r\nSet-Cookie: b", "a\n", "\r", "a\0", "\x1b[2J", "\x7f"] {
            assert!(headers.add("Location", value).is_err(), "{value:?}");
        }
        for name in ["", "a b", "a:", "a\r\n", "a\0", "ä", " a", "(a)"] {
            assert!(headers.add(name, "a").is_err(), "{name:?}");
        }
        assert_eq!(headers, Headers::default());
        headers
            .add("x-!#$%&'*+.^_`|~9", "a\tb \u{e4} \u{7c98}")
            .unwrap();
        headers.add("Location", "").unwrap();
        assert_eq!(headers.first("location"), Some(&b""[..]));
    }

    #[test]
    fn the_members_of_all_lists_under_a_name_come_in_order() {
        let mut headers = Headers::default();
        for value in ["a, b", "", " c ,"] {
            headers.add("Accept", value).unwrap();
        }
        let members: Vec<_> = headers.members("accept").collect();
        assert_eq!(members, [&b"a"[..], b"b", b"", b"c", b""]);
    }

    #[test]
    fn a_target_is_path_and_query_whatever_its_form() {
        for (target, path, query, host) in [
            ("/", "/", None, "h"),
            ("/a%20b?c?d", "/a%20b", Some("c?d"), "h"),
            ("/a?b=http://c/", "/a", Some("b=http://c/"), "h"),
            ("/a://b/c", "/a://b/c", None, "h"),
            ("*", "*", None, "h"),
            ("http://other:81/a?b", "/a", Some("b"), "other:81"),
            ("HTTP://other", "/", None, "other"),
            ("http://other?b", "/", Some("b"), "other"),
        ] {
            let request = request(target, "h");
            assert_eq!((request.path(), request.query()), (path, query), "{target}");
            assert_eq!(request.headers.first("Host"), Some(host.as_bytes()));
        }
    }
}
