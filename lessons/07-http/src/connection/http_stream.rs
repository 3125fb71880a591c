//! The same over a stream: a connection, and where in a message it stands. Both ends have one.
//!
//! ```text
//!        stream ──▶ ReceiveBuffer ──▶ Messages ──▶ Head ──▶ `head`
//!                   (lesson 04)                    Data ──▶ `Read`: the body, without the chunks around it
//!        stream ◀── out
//! ```
//!
//! A body is read as a stream: however long it is, the memory it takes is that of the buffer. It ends with `Ok(0)` only when all
//! of it came.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::time::Duration;

use common::Timeouts;
use lesson04::{Deadline, DeadlineStream, ReceiveBuffer};

use super::{Direction, Event, Messages};
use crate::error::HttpError;
use crate::head::Limits;

/// A body that stands still for so long is given up, in either direction.
const PROGRESS: Duration = Duration::from_secs(10);

/// Bodies are sent in blocks of this size; measured in lesson 05.
const BLOCK: usize = 256 * 1024;

/// A connection.
pub(crate) struct HttpStream<S, D> {
    pub(crate) stream: DeadlineStream<S>,
    pub(crate) received: ReceiveBuffer,
    pub(crate) messages: Messages<D>,
    /// Of the body, so many bytes wait at the front of `received`.
    data: usize,
    /// Written before the next bytes of a body, or before the next wait for one: a head.
    pub(crate) out: Vec<u8>,
    /// Bytes of bodies that were written.
    pub(crate) written: u64,
}

impl<S: Read + Write + Timeouts, D: Direction> HttpStream<S, D> {
    /// From the first byte on.
    pub(crate) fn new(stream: S, limits: Limits) -> Self {
        Self {
            stream: DeadlineStream::new(stream),
            received: ReceiveBuffer::default(),
            messages: Messages::new(limits),
            data: 0,
            out: Vec::new(),
            written: 0,
        }
    }

    /// The next head. It lies in the buffer that the body needs, so it is copied. `None`: not yet.
    pub(crate) fn head<T>(&mut self, copied: impl Fn(&D::Head<'_>) -> T) -> io::Result<Option<T>> {
        loop {
            let (consumed, head) = match self.messages.next(self.received.waiting())? {
                Some((consumed, Event::Head(head, _))) => (consumed, Some(copied(&head))),
                Some((consumed, _)) => (consumed, None), // the end of an interim response
                None => return Ok(None),
            };
            self.received.take(consumed);
            if head.is_some() {
                return Ok(head);
            }
        }
    }

    /// One read. `false`: the stream has ended, and not inside a message.
    pub(crate) fn read_more(&mut self, deadline: Deadline) -> io::Result<bool> {
        let count = self.stream.read(self.received.free(), deadline)?;
        Ok(self.arrived(count)?)
    }

    /// As [`HttpStream::read_more`], after a read of `count` bytes.
    pub(crate) fn arrived(&mut self, count: usize) -> Result<bool, HttpError> {
        if count == 0 {
            self.messages.ended(self.received.waiting())?;
        }
        self.received.arrived(count);
        Ok(count > 0)
    }

    /// Reads until bytes of the body wait at the front of `received`, or the body is over.
    fn wait_for_data(&mut self) -> io::Result<()> {
        let deadline = self.stream.deadline(PROGRESS, "no progress for");
        while self.data == 0 && !self.messages.is_over() {
            let next = self.messages.next(self.received.waiting())?;
            let next = next.map(|(consumed, event)| match event {
                Event::Data(data) => (consumed, data.len()),
                Event::Head(..) | Event::End(_) => (consumed, 0),
            });
            if let Some((consumed, data)) = next {
                self.data = data;
                self.received.take(consumed - data); // before the data: the line of a chunk
            } else {
                self.send(b"")?;
                self.read_more(deadline)?;
            }
        }
        Ok(())
    }

    /// Reads what is left of the body, and throws it away.
    pub(crate) fn discard_body(&mut self) -> io::Result<()> {
        while !self.messages.is_over() {
            self.received.take(std::mem::take(&mut self.data));
            self.wait_for_data()?;
        }
        Ok(())
    }

    /// Appends a field to `out`.
    pub(crate) fn queue_field(&mut self, name: &str, value: &[u8]) {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            self.out.extend_from_slice(part);
        }
    }

    /// Writes `out` and `bytes` of a body in one call: two small ones would wait for each other (lesson 03).
    pub(crate) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut slices = [IoSlice::new(&self.out), IoSlice::new(bytes)];
        let written = self.stream.write_all(&mut slices, PROGRESS);
        self.out.clear();
        written?;
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Writes `out` and `size` bytes of a body, a block at a time; the first goes with `out`.
    pub(crate) fn send_from(&mut self, mut body: impl Read, size: u64) -> io::Result<()> {
        let mut block = std::mem::take(&mut self.out);
        let (mut start, mut left) = (block.len(), size);
        loop {
            let part = usize::try_from(left).map_or(BLOCK, |left| left.min(BLOCK));
            let end = start + part;
            block.resize(end.max(block.len()), 0);
            let space = block.get_mut(start..end).unwrap_or_default();
            body.read_exact(space).map_err(|error| match error.kind() {
                ErrorKind::UnexpectedEof => became_shorter(),
                _ => error,
            })?;
            let full = block.get(..end).unwrap_or_default();
            self.stream.write_all(&mut [IoSlice::new(full)], PROGRESS)?;
            self.written += part as u64;
            (start, left) = (0, left - part as u64);
            if left == 0 {
                block.clear();
                self.out = block;
                return Ok(());
            }
        }
    }
}

pub(crate) fn became_shorter() -> io::Error {
    let why = "the file became shorter while it was sent";
    io::Error::new(ErrorKind::UnexpectedEof, why)
}

/// The body of the message whose head came last.
impl<S: Read + Write + Timeouts, D: Direction> Read for HttpStream<S, D> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.wait_for_data()?;
        let count = self.data.min(out.len());
        if let (Some(data), Some(out)) = (self.received.take(count), out.get_mut(..count)) {
            out.copy_from_slice(data);
        }
        self.data -= count;
        Ok(count)
    }
}
