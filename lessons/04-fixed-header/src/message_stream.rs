//! The loop: bytes from a stream to messages and back, each with an absolute deadline.
//!
//! It knows when to wait and for how long, and the three ends of a stream: between two messages, inside a header,
//! inside a body. It knows no layout: the rule (any [`Framing`]) says where a message ends and which header lies.
//!
//! Memory is bounded by the rule's limit: a rule without one would let this loop collect for ever.

use std::io::{self, IoSlice, Read, Write};
use std::time::Duration;

use common::{Frame, FrameError, Framing, Timeouts};

use crate::promises::deadline::{DeadlineStream, FIRST_BYTE, WHOLE_MESSAGE};
use crate::receive_buffer::ReceiveBuffer;

/// A queue of this size is written without being asked. Measured (`cargo bench -p benches --bench ratios`): with 64 KiB,
/// small messages go at two thirds of the pace.
const BATCH: usize = 256 * 1024;

/// From this size on a body is handed to the kernel where it lies (a vectored write); a smaller one is cheaper to copy.
const WORTH_A_SLICE: usize = 4 * 1024;

/// How long to wait for what. The defaults are those of the whole course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// For the first byte of a message: 300 s.
    pub idle: Duration,
    /// From the first byte of a message to its last, however the bytes trickle: 10 s.
    pub message: Duration,
    /// For any byte to move, in a body that is read or in anything that is written: 10 s.
    pub progress: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self::with_idle(Duration::from_secs(300))
    }
}

impl Times {
    /// The defaults with another time between two messages, as `--idle SECS` sets it.
    pub fn with_idle(idle: Duration) -> Self {
        let (message, progress) = (Duration::from_secs(10), Duration::from_secs(10));
        Self {
            idle,
            message,
            progress,
        }
    }
}

/// A stream of messages, in both directions.
///
/// After an error the connection is over: a bad frame stays at the front and is refused again by every later call.
///
/// The timeouts of the stream belong to this type, and the stream has to be in blocking mode.
pub struct MessageStream<S, F> {
    pub(crate) stream: DeadlineStream<S>,
    framing: F,
    pub(crate) times: Times,
    pub(crate) received: ReceiveBuffer,
    /// Frames that are encoded and not yet written.
    pub(crate) outgoing: Vec<u8>,
}

impl<S, F> MessageStream<S, F> {
    /// Messages over `stream`, divided by `framing`.
    pub fn new(stream: S, framing: F, times: Times) -> Self {
        Self {
            stream: DeadlineStream::new(stream),
            framing,
            times,
            received: ReceiveBuffer::default(),
            outgoing: Vec::new(),
        }
    }

    /// The stream underneath.
    pub fn get_ref(&self) -> &S {
        &self.stream.stream
    }
}

impl<S: Read + Write + Timeouts, F: Framing> MessageStream<S, F> {
    /// The next message, borrowed from the buffer until the next call. `Ok(None)`: the stream ended between messages.
    ///
    /// Waits up to `idle` for the first byte and up to `message` from there to the last. Several messages that came in
    /// one read are handed out one by one, without a system call.
    ///
    /// # Errors
    /// `TimedOut` (`silent for 300 s`, `a message was not whole after 10 s`); `InvalidData` for a frame the rule
    /// refuses; `UnexpectedEof` with how many bytes of how many when the stream ended inside a message; those of the
    /// stream.
    #[inline]
    pub fn read_message(&mut self) -> io::Result<Option<&[u8]>> {
        match self.next_frame(FIRST_BYTE)? {
            Some(frame) => self.take(frame).map(Some),
            None => Ok(None),
        }
    }

    /// Waits until a whole frame is there. `Ok(None)`: the stream ended between messages. `silent` says what it is when not
    /// a byte comes.
    #[inline]
    pub(crate) fn next_frame(&mut self, silent: &'static str) -> io::Result<Option<Frame>> {
        match self.framing.decode(self.received.waiting()) {
            Ok(None) => self.wait_for_a_frame(silent),
            Ok(frame) => Ok(frame),
            Err(error) => {
                let _ = self.flush(); // a bad frame ends the stream; the answers to those before it still leave
                Err(error.into())
            }
        }
    }

    /// Takes the frame that waits at the front: its payload.
    #[inline]
    pub(crate) fn take(&mut self, Frame { payload, consumed }: Frame) -> io::Result<&[u8]> {
        let frame = self.received.take(consumed);
        // A frame of no bytes would be handed out again and again, for ever.
        let payload = frame
            .filter(|frame| !frame.is_empty())
            .and_then(|frame| frame.get(payload));
        let lawless = "the framing broke its law: a frame of no bytes, or a payload outside of it";
        payload.ok_or_else(|| FrameError::Malformed(lawless).into())
    }

    // ANCHOR: loop
    /// Reads until a whole frame waits. `Ok(None)`: the stream ended before its first byte.
    fn wait_for_a_frame(&mut self, silent: &'static str) -> io::Result<Option<Frame>> {
        self.flush()?; // the peer may be waiting for what we queued
        if self.received.waiting().is_empty() {
            let idle = self.stream.deadline(self.times.idle, silent);
            let (received, outgoing) = (&mut self.received, &mut self.outgoing);
            match self.stream.read_first(received, outgoing, idle)? {
                0 => return Ok(None),
                count => self.received.arrived(count),
            }
        }
        // Part of a message is there: its ten seconds begin now.
        let whole = self.stream.deadline(self.times.message, WHOLE_MESSAGE);
        loop {
            if let Some(frame) = self.framing.decode(self.received.waiting())? {
                return Ok(Some(frame));
            }
            match self.stream.read(self.received.free(), whole)? {
                0 => return Err(self.framing.ended_inside(self.received.waiting()).into()),
                count => self.received.arrived(count),
            }
        }
    }
    // ANCHOR_END: loop

    /// Sends one message, header and payload in one write, after whatever was queued.
    ///
    /// A write costs about 2 µs however little it carries; a byte in a batch costs a fraction of a nanosecond. (Header
    /// and payload apart would also meet Nagle's algorithm and the peer's delayed ACK: 40 ms for each message.)
    ///
    /// # Errors
    /// `InvalidData` for a message the rule cannot carry (nothing of it is sent, and the stream goes on); `TimedOut`
    /// (`no progress for 10 s`) when the peer takes nothing; those of the stream.
    pub fn write_message(&mut self, payload: &[u8]) -> io::Result<()> {
        self.framing.encode(payload, &mut self.outgoing)?;
        self.flush()
    }

    /// Sends one message and raw bytes after it (a body), in one write.
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

    /// Sends bytes as they are, after whatever was queued.
    ///
    /// # Errors
    /// `TimedOut` (`no progress for 10 s`) when the peer takes nothing; those of the stream.
    pub fn write_raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut body = bytes;
        if !self.outgoing.is_empty() && bytes.len() < WORTH_A_SLICE {
            self.outgoing.extend_from_slice(bytes);
            body = &[];
        }
        let (queued, body) = (IoSlice::new(&self.outgoing), IoSlice::new(body));
        let written = if body.is_empty() {
            self.stream.write_all(&mut [queued], self.times.progress)
        } else {
            self.stream
                .write_all(&mut [queued, body], self.times.progress)
        };
        // After an error nobody knows how much was taken: sending any of it again would break the stream.
        self.outgoing.clear();
        written
    }
}

#[cfg(test)]
pub(crate) mod tests;
