//! The loop that writes: header and payload in one write, many small messages in one batch.
//!
//! A write costs about 2 µs however little it carries; a byte in a batch costs a fraction of a nanosecond. So a
//! message is one write, never two, and who has many small ones queues them. (Header and payload apart would also meet
//! Nagle's algorithm and the peer's delayed ACK: 40 ms for each message.)

use std::io::{self, IoSlice, Read, Write};

use common::Framing;

use crate::message_stream::MessageStream;
use common::Timeouts;

/// A queue of this size is written without being asked. Measured (`cargo bench -p benches --bench ratios`): with 64 KiB,
/// small messages go at two thirds of the pace.
const BATCH: usize = 256 * 1024;

/// From this size on a body is handed to the kernel where it lies (a vectored write); a smaller one is cheaper to copy.
const WORTH_A_SLICE: usize = 4 * 1024;

impl<S: Read + Write + Timeouts, F: Framing> MessageStream<S, F> {
    /// Sends one message, header and payload in one write, behind whatever was queued.
    ///
    /// # Errors
    /// `InvalidData` for a message the rule cannot carry (nothing of it is sent); `TimedOut` (`no progress for 10 s`)
    /// when the peer takes nothing; those of the stream.
    pub fn write_message(&mut self, payload: &[u8]) -> io::Result<()> {
        self.framing.encode(payload, &mut self.outgoing)?;
        self.flush()
    }

    /// Sends one message and raw bytes behind it (a body), in one write.
    ///
    /// # Errors
    /// As [`MessageStream::write_message`].
    pub fn write_message_with(&mut self, payload: &[u8], body: &[u8]) -> io::Result<()> {
        self.framing.encode(payload, &mut self.outgoing)?;
        self.write_raw(body)
    }

    /// Encodes one message to be sent later: with the next write or [`MessageStream::flush`], when 256 KiB are queued, or
    /// when a read has to wait for the peer. Who has many small messages sends thousands of them with one system call,
    /// and a server that queues its answers sends them when it has read all the questions that came. What is queued is
    /// lost when the stream is dropped.
    ///
    /// # Errors
    /// As [`MessageStream::write_message`].
    #[inline]
    pub fn queue_message(&mut self, payload: &[u8]) -> io::Result<()> {
        self.framing.encode(payload, &mut self.outgoing)?;
        if self.outgoing.len() < BATCH {
            Ok(())
        } else {
            self.flush()
        }
    }

    /// Sends what was queued.
    ///
    /// # Errors
    /// As [`MessageStream::write_message`].
    pub fn flush(&mut self) -> io::Result<()> {
        self.write_raw(&[])
    }

    /// Sends bytes as they are, behind whatever was queued.
    ///
    /// # Errors
    /// `TimedOut` (`no progress for 10 s`) when the peer takes nothing; those of the stream.
    pub fn write_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut behind = bytes;
        if !self.outgoing.is_empty() && bytes.len() < WORTH_A_SLICE {
            self.outgoing.extend_from_slice(bytes);
            behind = &[];
        }
        let (queued, behind) = (IoSlice::new(&self.outgoing), IoSlice::new(behind));
        let written = match behind.len() {
            0 => self.patient.write_all(&mut [queued], self.times.progress),
            _ => self
                .patient
                .write_all(&mut [queued, behind], self.times.progress),
        };
        // After an error nobody knows how much was taken: sending any of it again would break the stream.
        self.outgoing.clear();
        written
    }
}

#[cfg(test)]
#[path = "tests/sending.rs"]
mod tests;
