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

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::SocketAddr;

use crate::head::Version;

/// A request, as a service sees it.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`.
    pub method: String,
    /// The path of the target as it came, still percent-encoded: `/a%20b`. `*` for OPTIONS of the server itself.
    pub path: String,
    /// What stands after the first `?`, as it came.
    pub query: Option<String>,
    /// Its version.
    pub version: Version,
    /// Its fields.
    pub headers: Headers,
    /// Who asks.
    pub peer: SocketAddr,
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
        let named = move |(field, _): &&(String, Vec<u8>)| field.eq_ignore_ascii_case(name);
        self.0
            .iter()
            .filter(named)
            .map(|(_, value)| value.as_slice())
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Adds a field.
    ///
    /// # Errors
    /// `InvalidInput`: the name is not a token, or the value holds a control character.
    pub fn add(&mut self, name: &str, value: impl AsRef<[u8]>) -> io::Result<()> {
        let _ = (name, value.as_ref());
        todo!("services")
    }
}

/// An answer.
pub struct Response {
    /// Three digits.
    pub status: u16,
    /// Its own fields; the server adds `Date`, `Content-Length` or `Transfer-Encoding`, `Connection`.
    pub headers: Headers,
    /// What follows.
    pub body: Body,
}

/// What follows a head.
pub enum Body {
    /// Bytes at hand; written together with the head.
    Bytes(Vec<u8>),
    /// So many bytes of an open file, from where it stands. They are copied in blocks.
    File(File, u64),
    /// Whatever this writes, as it is written: each flush is a chunk on the wire. A client that left is an error of the next
    /// write.
    Stream(Box<dyn FnOnce(&mut dyn Write) -> io::Result<()> + Send>),
}

/// What answers requests. Shared by all connections.
pub trait Service: Sync {
    /// The answer to one request. What it leaves unread of `body` the server reads and discards. The first read of a body that
    /// waits for it sends `100 Continue`.
    ///
    /// # Errors
    /// The client is answered 500 (an error of `body` itself: what it deserves), and the connection ends.
    fn answer(&self, request: &Request, body: &mut dyn Read) -> io::Result<Response>;
}
