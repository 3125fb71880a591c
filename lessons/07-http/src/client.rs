//! The other end: a request out, an answer in.
//!
//! ```text
//! send    GET /a HTTP/1.1 CRLF Host: ... CRLF CRLF  [body]        ──▶
//! answer                                            ◀──  [100 Continue]  200 OK ... CRLF CRLF
//! read                                              ◀──  the body, without the chunks around it
//! ```
//!
//! A body is read as a stream ([`Read`]): however long it is, the memory it takes is that of the buffer. It ends with
//! `Ok(0)` only when all of it came; a connection that ends inside it is an error.

use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use common::Timeouts;

use crate::connection::ToClient;
use crate::connection::http_stream::HttpStream;
use crate::head::{Limits, ResponseHead, Version};
use crate::service::Headers;

/// Interim answers (100 Continue, 103 Early Hints) before the one that counts. A server that sends more has nothing else.
const INTERIM: usize = 16;

/// One connection to a server.
pub struct Client<S> {
    connection: HttpStream<S, ToClient>,
    /// How long to wait for an answer's head.
    idle: Duration,
}

/// The head of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What the server speaks.
    pub version: Version,
    /// Three digits.
    pub status: u16,
    /// The text after them, possibly none.
    pub reason: String,
    /// Its fields.
    pub headers: Headers,
}

impl<S: Read + Write + Timeouts> Client<S> {
    /// Over a stream that is connected. An answer may take as long as `idle`.
    pub fn new(stream: S, idle: Duration) -> Self {
        // A client chose this server and asked for this body: no limit on it but the disk's.
        let body = u64::MAX;
        let limits = Limits {
            body,
            ..Limits::default()
        };
        Self {
            connection: HttpStream::new(stream, limits),
            idle,
        }
    }

    /// Sends a request; `body` is a reader and how many bytes it has.
    ///
    /// A server that refuses a long body answers before it has read it, and closes. So a failed write is no reason not to
    /// look for an answer: call [`Client::answer`] all the same.
    ///
    /// # Errors
    /// `InvalidInput` for a method or a target that would break the line; those of the stream and of `body`; `UnexpectedEof`
    /// when `body` has fewer bytes.
    pub fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &Headers,
        body: Option<(&mut dyn Read, u64)>,
    ) -> io::Result<()> {
        let visible = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        if !visible(method) || !visible(target) {
            let wrong = "a method or a target with a blank, a control character or none at all";
            return Err(io::Error::new(ErrorKind::InvalidInput, wrong));
        }
        let connection = &mut self.connection;
        connection.messages.expect(method);
        connection
            .out
            .extend_from_slice(format!("{method} {target} HTTP/1.1\r\n").as_bytes());
        for (name, value) in headers.iter() {
            connection.queue_field(name, value);
        }
        if let Some((_, size)) = body {
            connection.queue_field("Content-Length", size.to_string().as_bytes());
        }
        connection.out.extend_from_slice(b"\r\n");
        match body {
            Some((body, size)) => connection.send_from(body, size),
            None => connection.send(b""),
        }
    }

    /// The head of the answer; interim ones (1xx) are skipped. Its body is then read from `self`.
    ///
    /// # Errors
    /// `TimedOut`; `InvalidData` for what is no HTTP; `UnexpectedEof` when the server closed before a whole head came; those
    /// of the stream.
    pub fn answer(&mut self) -> io::Result<Answer> {
        let connection = &mut self.connection;
        connection.discard_body()?; // of the last one
        let deadline = connection.stream.deadline(self.idle, "no answer in");
        let mut interim = 0;
        while interim <= INTERIM {
            match connection.head(Answer::copied)? {
                Some(answer) if matches!(answer.status, 100 | 102..=199) => interim += 1,
                Some(answer) => return Ok(answer),
                None if connection.read_more(deadline)? => {}
                None => {
                    let why = "the server closed the connection without an answer";
                    return Err(io::Error::new(ErrorKind::UnexpectedEof, why));
                }
            }
        }
        let why = format!("more than {INTERIM} interim answers");
        Err(io::Error::new(ErrorKind::InvalidData, why))
    }
}

/// The body of the last answer.
impl<S: Read + Write + Timeouts> Read for Client<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.connection.read(out)
    }
}

impl Answer {
    fn copied(head: &ResponseHead<'_>) -> Self {
        Self {
            version: head.version,
            status: head.status,
            reason: String::from_utf8_lossy(head.reason).into_owned(),
            headers: Headers::from(&head.fields),
        }
    }
}

#[cfg(test)]
mod tests;
