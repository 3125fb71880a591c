//! The promise: bytes that no framing divides come in order with the messages. A body after a message, a request without
//! any framing, an answer whose size the conversation has said.
//!
//! The price: whoever reads raw bytes must ask here, not the stream. A loop that reads messages has always read a
//! little more than it handed out; what waits in the buffer comes first, then the stream, straight into the caller's block.

use std::io::{self, Read, Write};
use std::time::Duration;

use common::{FrameError, Framing, Timeouts};

use crate::message_stream::MessageStream;
use crate::promises::deadline::{Deadline, FIRST_BYTE, PROGRESS, WHOLE_MESSAGE};

impl<S: Read + Write + Timeouts, F: Framing> MessageStream<S, F> {
    /// Raw bytes after a message: some of them, as many as there are and fit. `Ok(0)`: the stream has ended (or `out`
    /// is empty).
    ///
    /// # Errors
    /// `TimedOut` (`no progress for 10 s`); those of the stream.
    pub fn read_raw(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.read_some(out, self.times.progress, PROGRESS)
    }

    /// Raw bytes after a message: exactly as many as fit into `out`.
    ///
    /// # Errors
    /// `UnexpectedEof` with how many bytes of how many; else as [`MessageStream::read_raw`].
    pub fn read_raw_exact(&mut self, out: &mut [u8]) -> io::Result<()> {
        let mut got = 0;
        while let Some(rest) = out.get_mut(got..).filter(|rest| !rest.is_empty()) {
            match self.read_raw(rest)? {
                0 => return Err(ended(got, out.len())),
                count => got += count,
            }
        }
        Ok(())
    }

    /// Raw bytes after a message: exactly `size`, a number that the caller has judged. Memory grows with what arrives.
    ///
    /// # Errors
    /// As [`MessageStream::read_raw_exact`].
    pub fn read_body(&mut self, size: usize) -> io::Result<Vec<u8>> {
        self.read_size(size, None)
    }

    /// The same for bytes that are a message themselves: all of them within the time of a message from now on.
    ///
    /// # Errors
    /// `TimedOut` (`a message was not whole after 10 s`); else as [`MessageStream::read_raw_exact`].
    pub(crate) fn read_sized_message(&mut self, size: usize) -> io::Result<Vec<u8>> {
        let deadline = self.stream.deadline(self.times.message, WHOLE_MESSAGE);
        self.read_size(size, Some(deadline))
    }

    /// An unframed request of the python wire: what one read gives, and that need not be one request, nor all of one.
    /// That is the tutorials' flaw, kept for their wire alone. Waits up to `idle`. `Ok(0)`: the stream has ended.
    ///
    /// # Errors
    /// `TimedOut` (`silent for 300 s`); those of the stream.
    pub fn read_unframed(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.read_some(out, self.times.idle, FIRST_BYTE)
    }

    /// Exactly `size` bytes, before the one deadline if there is one; else each read may take `progress`.
    fn read_size(&mut self, size: usize, deadline: Option<Deadline>) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        let mut block = [0; 8192];
        while body.len() < size {
            let progress = self.stream.deadline(self.times.progress, PROGRESS);
            let want = block.len().min(size - body.len());
            let part = block.get_mut(..want).unwrap_or_default();
            let count = self.read_before(part, deadline.unwrap_or(progress))?;
            if count == 0 {
                return Err(ended(body.len(), size));
            }
            body.extend_from_slice(block.get(..count).unwrap_or_default());
        }
        Ok(body)
    }

    /// One read that may take so long.
    pub(crate) fn read_some(
        &mut self,
        out: &mut [u8],
        allowed: Duration,
        words: &'static str,
    ) -> io::Result<usize> {
        let deadline = self.stream.deadline(allowed, words);
        self.read_before(out, deadline)
    }

    /// What waits, else one read of the stream.
    fn read_before(&mut self, out: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        let count = self.received.waiting().len().min(out.len());
        if let (Some(waiting), Some(front)) = (self.received.take(count), out.get_mut(..count)) {
            front.copy_from_slice(waiting);
        }
        if count > 0 || out.is_empty() {
            return Ok(count);
        }
        self.flush()?; // the peer may be waiting for what we queued
        self.stream.read(out, deadline)
    }
}

fn ended(got: usize, of: usize) -> io::Error {
    let of = Some(of);
    FrameError::EndedInBody { got, of }.into()
}

#[cfg(test)]
mod tests;
