//! An answer on the wire: the head, and the body in one of three ways.
//!
//! ```text
//! Bytes, File   Content-Length: 5             hello
//! Stream        Transfer-Encoding: chunked    5 CRLF hello CRLF 0 CRLF CRLF     (to HTTP/1.0: hello, and close)
//! ```
//!
//! Head and body leave in one write if they are small. Two small writes would wait for each other (lesson 03), and each is a
//! system call.

use std::fs::File;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::Timeouts;
use lesson04::DeadlineStream;

use super::{Connection, PROGRESS};
use crate::chunked::{LAST_CHUNK, encode_chunk};
use crate::head::Version;
use crate::service::{Body, Request, Response, reason};

/// Files are copied in blocks of this size; measured in lesson 05.
const BLOCK: usize = 256 * 1024;

/// A stream gathers so much before it becomes a chunk, unless it is flushed.
const CHUNK: usize = 16 * 1024;

impl<S: Read + Write + Timeouts> Connection<S> {
    /// Writes an answer. How many bytes of its body were written, however it ended.
    pub(super) fn write(
        &mut self,
        request: Option<&Request>,
        response: Response,
        last: bool,
        now: SystemTime,
    ) -> (u64, io::Result<()>) {
        let old = request.is_some_and(|request| request.version == Version::Http10);
        let bodyless = matches!(response.status, 204 | 304);
        self.out.clear();
        encode_head(&response, bodyless, old, last, now, &mut self.out);
        let mut writer = Writer {
            stream: &mut self.stream,
            out: &mut self.out,
            written: 0,
        };
        let head_only = bodyless || request.is_some_and(|request| request.method == "HEAD");
        let result = match response.body {
            _ if head_only => writer.send(),
            Body::Bytes(bytes) => writer.send_with(&bytes),
            Body::File(file, size) => writer.copy(file, size),
            Body::Stream(fill) => {
                let mut chunks = Chunks {
                    writer: &mut writer,
                    data: Vec::new(),
                    chunked: !old,
                };
                fill(&mut chunks).and_then(|()| chunks.finish())
            }
        };
        (writer.written, result)
    }
}

/// ```text
/// HTTP/1.1 200 OK
/// Date: Sun, 06 Nov 1994 08:49:37 GMT
/// Content-Type: text/plain             ... the response's own fields
/// Content-Length: 5                    or Transfer-Encoding: chunked; neither with 204 and 304, which have no body
/// Connection: close                    if it is the last
/// ```
fn encode_head(
    response: &Response,
    bodyless: bool,
    old: bool,
    last: bool,
    now: SystemTime,
    out: &mut Vec<u8>,
) {
    // Writing to memory cannot fail.
    let (status, reason) = (response.status, reason(response.status));
    let _ = write!(out, "HTTP/1.1 {status} {reason}\r\n");
    if let Some(date) = http_date(now) {
        let _ = write!(out, "Date: {date}\r\n");
    }
    for (name, value) in response.headers.iter() {
        if OURS.iter().any(|ours| ours.eq_ignore_ascii_case(name)) {
            continue; // two lengths would be two opinions on where the next answer begins
        }
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            out.extend_from_slice(part);
        }
    }
    let length = match &response.body {
        _ if bodyless => None,
        Body::Bytes(bytes) => Some(bytes.len() as u64),
        Body::File(_, size) => Some(*size),
        Body::Stream(_) => None,
    };
    if let Some(length) = length {
        let _ = write!(out, "Content-Length: {length}\r\n");
    } else if !bodyless && !old {
        out.extend_from_slice(b"Transfer-Encoding: chunked\r\n");
    }
    if last {
        out.extend_from_slice(b"Connection: close\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

/// Fields that a service does not write.
const OURS: [&str; 4] = ["Date", "Content-Length", "Transfer-Encoding", "Connection"];

/// `Sun, 06 Nov 1994 08:49:37 GMT`. A time that has no such form has none (httpdate would panic).
pub(crate) fn http_date(time: SystemTime) -> Option<httpdate::HttpDate> {
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    let year_9999 = Duration::from_secs(253_402_300_800);
    (since < year_9999).then(|| time.into())
}

/// What leaves, and how much of it was body.
struct Writer<'a, S> {
    stream: &'a mut DeadlineStream<S>,
    /// Written with the next bytes: the head.
    out: &'a mut Vec<u8>,
    written: u64,
}

impl<S: Read + Write + Timeouts> Writer<'_, S> {
    fn send(&mut self) -> io::Result<()> {
        self.send_with(b"")
    }

    /// What waits, and `bytes` of the body after it, in one write.
    fn send_with(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut slices = [IoSlice::new(self.out), IoSlice::new(bytes)];
        self.stream.write_all(&mut slices, PROGRESS)?;
        self.out.clear();
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// `size` bytes of a file, a block at a time; the first goes with the head.
    fn copy(&mut self, mut file: File, size: u64) -> io::Result<()> {
        let (head, mut start, mut left) = (self.out.len(), self.out.len(), size);
        loop {
            let part = usize::try_from(left).unwrap_or(BLOCK);
            let end = (start + part).min(BLOCK.max(head));
            if self.out.len() < end {
                self.out.resize(end, 0);
            }
            let block = self.out.get_mut(start..end).unwrap_or_default();
            if let Err(error) = file.read_exact(block) {
                let shorter = "the file became shorter while it was sent";
                return Err(match error.kind() {
                    ErrorKind::UnexpectedEof => io::Error::new(error.kind(), shorter),
                    _ => error,
                });
            }
            let count = (end - start) as u64;
            let block = self.out.get(..end).unwrap_or_default();
            self.stream
                .write_all(&mut [IoSlice::new(block)], PROGRESS)?;
            self.written += count;
            left -= count;
            start = 0;
            if left == 0 {
                return Ok(());
            }
        }
    }
}

/// What a [`Body::Stream`] writes to.
struct Chunks<'a, 'b, S> {
    writer: &'a mut Writer<'b, S>,
    data: Vec<u8>,
    chunked: bool,
}

impl<S: Read + Write + Timeouts> Chunks<'_, '_, S> {
    /// What was gathered becomes a chunk. (An empty one would be the last.)
    fn gather(&mut self) -> usize {
        let before = self.writer.out.len();
        match self.chunked {
            true if !self.data.is_empty() => encode_chunk(&self.data, self.writer.out),
            true => {}
            false => self.writer.out.extend_from_slice(&self.data),
        }
        self.data.clear();
        self.writer.out.len() - before
    }

    fn finish(mut self) -> io::Result<()> {
        let size = self.gather();
        if self.chunked {
            self.writer.out.extend_from_slice(LAST_CHUNK);
        }
        self.writer.send()?;
        self.writer.written += size as u64;
        Ok(())
    }
}

impl<S: Read + Write + Timeouts> Write for Chunks<'_, '_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.data.extend_from_slice(bytes);
        if self.data.len() >= CHUNK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let size = self.gather();
        self.writer.send()?;
        self.writer.written += size as u64;
        Ok(())
    }
}
