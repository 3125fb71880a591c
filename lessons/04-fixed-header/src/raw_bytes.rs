//! Bytes that no framing tells apart: a body behind a message, a request without any framing, a message whose size only the
//! conversation has told.
//!
//! A loop that reads messages has always read a little more than it handed out. So whoever reads raw bytes must ask
//! here first, and not the stream: what waits in the buffer comes first, then the stream, straight into the caller's
//! block.

use std::io::{self, Read, Write};
use std::time::Duration;

use common::{FrameError, Framing};

use crate::message_stream::MessageStream;
use crate::patience::Wait;
use common::Timeouts;

impl<S: Read + Write + Timeouts, F: Framing> MessageStream<S, F> {
    /// Raw bytes behind a message: some of them, as many as there are and fit. `Ok(0)`: the stream has ended (or `out`
    /// is empty).
    ///
    /// # Errors
    /// `TimedOut` (`no progress for 10 s`); those of the stream.
    pub fn read_raw(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.read_some(out, self.times.progress, Wait::Progress)
    }

    /// Raw bytes behind a message: exactly as many as fit into `out`.
    ///
    /// # Errors
    /// `UnexpectedEof` with how many bytes of how many; else as [`MessageStream::read_raw`].
    pub fn read_raw_exact(&mut self, out: &mut [u8]) -> io::Result<()> {
        let mut got = 0;
        while let Some(rest) = out.get_mut(got..).filter(|rest| !rest.is_empty()) {
            match self.read_raw(rest)? {
                0 => {
                    return Err(FrameError::EndedInBody {
                        got,
                        of: Some(out.len()),
                    }
                    .into());
                }
                count => got += count,
            }
        }
        Ok(())
    }

    /// Raw bytes behind a message: exactly `size`, a number that the caller has judged. Memory grows with what arrives.
    ///
    /// # Errors
    /// As [`MessageStream::read_raw_exact`].
    pub fn read_body(&mut self, size: usize) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        let mut block = [0; 8192];
        while body.len() < size {
            let want = block.len().min(size - body.len());
            let count = self.read_raw(block.get_mut(..want).unwrap_or_default())?;
            if count == 0 {
                return Err(FrameError::EndedInBody {
                    got: body.len(),
                    of: Some(size),
                }
                .into());
            }
            body.extend_from_slice(block.get(..count).unwrap_or_default());
        }
        Ok(body)
    }

    /// A message whose size the conversation has told: exactly so many bytes, all within the time of a message from now on.
    /// The size is a number that the caller has judged; memory grows with what arrives.
    ///
    /// # Errors
    /// `TimedOut` (`a message was not whole after 10 s`); else as [`MessageStream::read_raw_exact`].
    pub(crate) fn read_told(&mut self, size: usize) -> io::Result<Vec<u8>> {
        self.flush()?; // the peer may be waiting for what we queued
        let deadline = self
            .patient
            .deadline(self.times.message, Wait::WholeMessage);
        loop {
            if let Some(message) = self.received.take(size) {
                return Ok(message.to_vec());
            }
            match self.patient.read(self.received.room(), &deadline)? {
                None => return Err(deadline.missed()),
                Some(0) => {
                    let got = self.received.waiting().len();
                    return Err(FrameError::EndedInBody {
                        got,
                        of: Some(size),
                    }
                    .into());
                }
                Some(count) => self.received.arrived(count),
            }
        }
    }

    /// An unframed request of the python wire: what one read gives, and that need not be one request, nor all of one.
    /// That is the tutorials' flaw, kept for their wire alone. Waits up to `idle`. `Ok(0)`: the stream has ended.
    ///
    /// # Errors
    /// `TimedOut` (`silent for 300 s`); those of the stream.
    pub fn read_unframed(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.read_some(out, self.times.idle, Wait::FirstByte)
    }

    /// What waits, else one read of the stream.
    fn read_some(&mut self, out: &mut [u8], allowed: Duration, wait: Wait) -> io::Result<usize> {
        let count = self.received.waiting().len().min(out.len());
        if let (Some(front), Some(waiting)) = (out.get_mut(..count), self.received.take(count))
            && !waiting.is_empty()
        {
            front.copy_from_slice(waiting);
            return Ok(count);
        }
        if out.is_empty() {
            return Ok(0);
        }
        self.flush()?; // the peer may be waiting for what we queued
        if wait == Wait::FirstByte {
            self.rest(); // requests without a framing are small and rare: nothing is lost, and silence costs nothing
        }
        let deadline = self.patient.deadline(allowed, wait);
        self.patient
            .read(out, &deadline)?
            .ok_or_else(|| deadline.missed())
    }
}

#[cfg(test)]
#[path = "tests/raw_bytes.rs"]
mod tests;
