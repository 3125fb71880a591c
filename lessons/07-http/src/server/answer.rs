//! An answer on the wire: the head, and the body in one of three ways.
//!
//! ```text
//! Bytes, File   Content-Length: 5             hello
//! Stream        Transfer-Encoding: chunked    5 CRLF hello CRLF 0 CRLF CRLF     (to HTTP/1.0: hello, and close)
//! ```
//!
//! Head and body leave in one write if they are small. Two small writes would wait for each other (lesson 03), and each is a
//! system call.

use std::io::{self, Read, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::Timeouts;

use crate::chunked::{LAST_CHUNK, encode_chunk};
use crate::connection::ToServer;
use crate::connection::http_stream::HttpStream;
use crate::head::Version;
use crate::service::{Body, Request, Response, reason};

/// A stream gathers so much before it becomes a chunk, unless it is flushed.
const CHUNK: usize = 16 * 1024;

/// Fields that a service does not write: two lengths would be two opinions on where the next answer begins.
const OURS: [&str; 4] = ["Date", "Content-Length", "Transfer-Encoding", "Connection"];

impl<S: Read + Write + Timeouts> HttpStream<S, ToServer> {
    /// Writes an answer.
    ///
    /// ```text
    /// HTTP/1.1 200 OK
    /// Date: Sun, 06 Nov 1994 08:49:37 GMT
    /// Content-Type: text/plain             ... the response's own fields
    /// Content-Length: 5                    or Transfer-Encoding: chunked; neither with 204 and 304, which have no body
    /// Connection: close                    if it is the last
    /// ```
    pub(super) fn send_answer(
        &mut self,
        request: Option<&Request>,
        response: Response,
        last: bool,
        now: SystemTime,
    ) -> io::Result<()> {
        let is_old = request.is_some_and(|request| request.version == Version::Http10);
        let bodyless = matches!(response.status, 204 | 304);
        let (status, reason) = (response.status, reason(response.status));
        self.out.clear(); // a 100 Continue that comes too late
        self.out
            .extend_from_slice(format!("HTTP/1.1 {status} {reason}\r\n").as_bytes());
        if let Some(date) = http_date(now) {
            self.queue_field("Date", date.to_string().as_bytes());
        }
        for (name, value) in response.headers.iter() {
            if !OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name)) {
                self.queue_field(name, value);
            }
        }
        let length = match &response.body {
            Body::Bytes(bytes) => Some(bytes.len() as u64),
            Body::File(_, size) => Some(*size),
            Body::Stream(_) => None,
        };
        match length {
            _ if bodyless => {}
            Some(length) => self.queue_field("Content-Length", length.to_string().as_bytes()),
            None if is_old => {}
            None => self.queue_field("Transfer-Encoding", b"chunked"),
        }
        if last {
            self.queue_field("Connection", b"close");
        }
        self.out.extend_from_slice(b"\r\n");
        match response.body {
            _ if bodyless || request.is_some_and(|request| request.method == "HEAD") => {
                self.send(b"")
            }
            Body::Bytes(bytes) => self.send(&bytes),
            Body::File(file, size) => self.send_from(file, size),
            Body::Stream(fill) => {
                let mut chunks = Chunks {
                    stream: self,
                    data: Vec::new(),
                    chunked: !is_old,
                };
                fill(&mut chunks)?;
                chunks.send(LAST_CHUNK)
            }
        }
    }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`. A time that has no such form has none (httpdate would panic).
pub(crate) fn http_date(time: SystemTime) -> Option<httpdate::HttpDate> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    let year_9999 = Duration::from_secs(253_402_300_800);
    (since < year_9999).then(|| time.into())
}

/// What a [`Body::Stream`] writes to.
struct Chunks<'a, S> {
    stream: &'a mut HttpStream<S, ToServer>,
    data: Vec<u8>,
    chunked: bool,
}

impl<S: Read + Write + Timeouts> Chunks<'_, S> {
    /// What was gathered becomes a chunk; `end` stands after it.
    fn send(&mut self, end: &[u8]) -> io::Result<()> {
        let out = &mut self.stream.out;
        let before = out.len();
        if self.chunked {
            encode_chunk(&self.data, out);
            out.extend_from_slice(end);
        } else {
            out.extend_from_slice(&self.data);
        }
        self.data.clear();
        let size = (out.len() - before) as u64;
        self.stream.send(b"")?;
        self.stream.written += size;
        Ok(())
    }
}

impl<S: Read + Write + Timeouts> Write for Chunks<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.data.extend_from_slice(bytes);
        if self.data.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send(b"")
    }
}
