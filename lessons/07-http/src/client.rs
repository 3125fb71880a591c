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

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::time::Duration;

use common::Timeouts;
use lesson04::{DeadlineStream, ReceiveBuffer};

use crate::connection::{Event, Responses};
use crate::head::{Limits, ResponseHead, Version};
use crate::service::Headers;

/// A head may come as slowly as a server thinks, but a body that stands still is given up.
const PROGRESS: Duration = Duration::from_secs(10);

/// Interim answers (100 Continue, 103 Early Hints) before the one that counts. A server that sends more has nothing else.
const INTERIM: usize = 16;

/// One connection to a server.
pub struct Client<S> {
    stream: DeadlineStream<S>,
    received: ReceiveBuffer,
    responses: Responses,
    /// How long to wait for an answer's head.
    idle: Duration,
    /// So many bytes of the body wait at the front of `received`.
    data: usize,
    /// The answer has been read to its end.
    over: bool,
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
            stream: DeadlineStream::new(stream),
            received: ReceiveBuffer::default(),
            responses: Responses::new(limits),
            idle,
            data: 0,
            over: true,
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
        self.responses.expect(method);
        self.over = false;
        let visible = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        if !visible(method) || !visible(target) {
            let wrong = "a method or a target with a blank, a control character or none at all";
            return Err(io::Error::new(ErrorKind::InvalidInput, wrong));
        }
        let mut head = format!("{method} {target} HTTP/1.1\r\n").into_bytes();
        for (name, value) in headers.iter() {
            head.extend_from_slice(name.as_bytes());
            head.extend_from_slice(b": ");
            head.extend_from_slice(value);
            head.extend_from_slice(b"\r\n");
        }
        let Some((body, size)) = body else {
            head.extend_from_slice(b"\r\n");
            return self.write(&head);
        };
        head.extend_from_slice(format!("Content-Length: {size}\r\n\r\n").as_bytes());
        // The first block goes with the head: two small writes would wait for each other (lesson 03).
        let mut left = body.take(size);
        let mut block = head;
        loop {
            let space = 256 * 1024 - block.len().min(128 * 1024);
            let taken = (&mut left).take(space as u64).read_to_end(&mut block)?;
            if taken > 0 || !block.is_empty() {
                self.write(&block)?;
            }
            block.clear();
            match (taken, left.limit()) {
                (_, 0) => return Ok(()),
                (0, missing) => {
                    let why =
                        format!("the file became shorter: {missing} bytes of {size} are missing");
                    return Err(io::Error::new(ErrorKind::UnexpectedEof, why));
                }
                _ => {}
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut slices = [IoSlice::new(bytes)];
        self.stream.write_all(&mut slices, PROGRESS)
    }

    /// The head of the answer; interim ones (1xx) are skipped. Its body is then read from `self`.
    ///
    /// # Errors
    /// `TimedOut`; `InvalidData` for what is no HTTP; `UnexpectedEof` when the server closed before a whole head came; those
    /// of the stream.
    pub fn answer(&mut self) -> io::Result<Answer> {
        let deadline = self.stream.deadline(self.idle, "no answer in");
        for _ in 0..=INTERIM {
            let (consumed, answer) = loop {
                match self.responses.next(self.received.waiting())? {
                    Some((consumed, Event::Head(head, _))) => {
                        break (consumed, Answer::copied(&head)?);
                    }
                    Some((consumed, Event::End(_))) => drop(self.received.take(consumed)), // of an interim one
                    Some((_, Event::Data(_))) => {
                        return Err(io::Error::other("a body before a head"));
                    }
                    None => match self.stream.read(self.received.free(), deadline)? {
                        0 if self.received.waiting().is_empty() => {
                            let why = "the server closed the connection without an answer";
                            return Err(io::Error::new(ErrorKind::UnexpectedEof, why));
                        }
                        0 => self.responses.ended(self.received.waiting())?,
                        count => self.received.arrived(count),
                    },
                }
            };
            self.received.take(consumed);
            if !(100..=199).contains(&answer.status) || answer.status == 101 {
                return Ok(answer);
            }
        }
        let why = format!("more than {INTERIM} interim answers");
        Err(io::Error::new(ErrorKind::InvalidData, why))
    }

    /// Reads until data waits at the front, or the body is over.
    fn wait_for_data(&mut self) -> io::Result<()> {
        let deadline = self.stream.deadline(PROGRESS, "no progress for");
        while self.data == 0 && !self.over {
            match self.responses.next(self.received.waiting())? {
                Some((consumed, Event::Data(data))) => {
                    self.data = data.len();
                    // What stands before the data is the line of a chunk.
                    self.received.take(consumed.saturating_sub(self.data));
                }
                Some((consumed, Event::End(_))) => {
                    self.received.take(consumed);
                    self.over = true;
                }
                Some((_, Event::Head(..))) => return Err(io::Error::other("a head inside a body")),
                None => match self.stream.read(self.received.free(), deadline)? {
                    0 => {
                        self.responses.ended(self.received.waiting())?;
                        self.over = true;
                    }
                    count => self.received.arrived(count),
                },
            }
        }
        Ok(())
    }
}

/// The body of the last answer.
impl<S: Read + Write + Timeouts> Read for Client<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        self.wait_for_data()?;
        let count = self.data.min(out.len());
        if let (Some(data), Some(out)) = (self.received.take(count), out.get_mut(..count)) {
            out.copy_from_slice(data);
        }
        self.data -= count;
        Ok(count)
    }
}

impl Answer {
    fn copied(head: &ResponseHead<'_>) -> io::Result<Self> {
        let mut headers = Headers::default();
        for field in &head.fields.0 {
            headers.add(field.name, field.value)?;
        }
        Ok(Self {
            version: head.version,
            status: head.status,
            reason: String::from_utf8_lossy(head.reason).into_owned(),
            headers,
        })
    }
}

#[cfg(test)]
mod tests;
