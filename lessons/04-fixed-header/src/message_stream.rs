//! The loop: bytes from a stream to messages, each with an absolute deadline.
//!
//! It knows when to wait and for how long, and the three ends of a stream: between two messages, inside a header,
//! inside a body. It knows no layout: the rule (any [`Framing`]) says where a message ends and which header lies.
//!
//! Memory is bounded by the rule's limit: a rule without one would let this loop collect for ever.

use std::io::{self, Read, Write};
use std::ops::Range;
use std::time::Duration;

use common::{Frame, FrameError, Framing};

use crate::patience::{Patient, Wait};
use crate::receive_buffer::ReceiveBuffer;
use common::Timeouts;

/// Large buffers go back to the system when a connection was silent this long.
const REST_AFTER: Duration = Duration::from_secs(1);

/// A buffer up to this size is not worth a wake-up.
const SMALL: usize = 4 * 1024;

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
        Self {
            idle: Duration::from_secs(300),
            message: Duration::from_secs(10),
            progress: Duration::from_secs(10),
        }
    }
}

impl Times {
    /// The defaults with another time between two messages, as `--idle SECS` sets it.
    pub fn with_idle(idle: Duration) -> Self {
        Self {
            idle,
            ..Self::default()
        }
    }
}

/// A stream of messages, in both directions.
///
/// After an error the connection is over: a bad frame stays at the front and is refused again by every later call.
///
/// The timeouts of the stream belong to this type, and the stream has to be in blocking mode.
pub struct MessageStream<S, F> {
    pub(crate) patient: Patient<S>,
    pub(crate) framing: F,
    pub(crate) times: Times,
    pub(crate) received: ReceiveBuffer,
    /// Frames that are encoded and not yet written.
    pub(crate) outgoing: Vec<u8>,
}

impl<S, F> MessageStream<S, F> {
    /// Messages told apart by `framing`, over `stream`.
    pub fn new(stream: S, framing: F, times: Times) -> Self {
        let (received, outgoing) = (ReceiveBuffer::default(), Vec::new());
        Self {
            patient: Patient::new(stream),
            framing,
            times,
            received,
            outgoing,
        }
    }

    /// The stream underneath.
    pub fn get_ref(&self) -> &S {
        &self.patient.stream
    }

    /// The stream underneath. What is read or written there passes by the bytes that wait here.
    pub fn get_mut(&mut self) -> &mut S {
        self.patient.stream_mut()
    }

    /// The stream underneath, with the timeouts it has now. Bytes that arrived and were not taken, and messages queued
    /// and not flushed, are dropped.
    pub fn into_inner(self) -> S {
        self.patient.stream
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
        match self.next_frame()? {
            Some(whole) => self.taken(whole).map(Some),
            None => Ok(None),
        }
    }

    /// Waits until a whole frame is there. `Ok(None)`: the stream ended between messages.
    #[inline]
    pub(crate) fn next_frame(&mut self) -> io::Result<Option<Whole>> {
        match self.whole_frame() {
            Ok(None) => self.wait_for_a_frame(),
            Ok(whole) => Ok(whole),
            Err(error) => {
                let _ = self.flush(); // a bad frame ends the stream; the answers to those before it still leave
                Err(error)
            }
        }
    }

    /// Takes the frame that waits at the front: its payload.
    #[inline]
    pub(crate) fn taken(&mut self, Whole { payload, consumed }: Whole) -> io::Result<&[u8]> {
        // A frame of no bytes would be handed out again and again, for ever.
        let frame = self
            .received
            .take(consumed)
            .filter(|frame| !frame.is_empty());
        let strange = FrameError::Malformed(
            "the framing broke its law: a frame of no bytes, or a payload outside of it",
        );
        frame
            .and_then(|frame| frame.get(payload))
            .ok_or_else(|| strange.into())
    }

    /// The whole frame that waits, if one does.
    #[inline]
    fn whole_frame(&self) -> io::Result<Option<Whole>> {
        let waiting = self.received.waiting();
        let whole = |frame: Frame<'_>| Whole {
            payload: place(frame.payload, waiting),
            consumed: frame.consumed,
        };
        Ok(self.framing.decode(waiting)?.map(whole))
    }

    // ANCHOR: loop
    /// Reads until a whole frame waits. `Ok(None)`: the stream ended before its first byte.
    fn wait_for_a_frame(&mut self) -> io::Result<Option<Whole>> {
        self.flush()?; // the peer may be waiting for what we queued
        if self.received.waiting().is_empty() && self.wait_for_the_first_byte()? == 0 {
            return Ok(None);
        }
        // From here on part of a message is there. What we did before this call is not the peer's time.
        let deadline = self
            .patient
            .deadline(self.times.message, Wait::WholeMessage);
        loop {
            if let Some(whole) = self.whole_frame()? {
                return Ok(Some(whole));
            }
            match self.patient.read(self.received.room(), &deadline)? {
                None => return Err(deadline.missed()),
                Some(0) => return Err(self.framing.ended_inside(self.received.waiting()).into()),
                Some(count) => self.received.arrived(count),
            }
        }
    }
    // ANCHOR_END: loop

    /// Reads what comes first into the empty buffer and says how many bytes; 0 is the end of the stream.
    fn wait_for_the_first_byte(&mut self) -> io::Result<usize> {
        let deadline = self.patient.deadline(self.times.idle, Wait::FirstByte);
        let mut count = None;
        // A thousand connections that were busy once and are silent now must not hold a thousand large buffers.
        if self.holds_much() {
            let rest = self
                .patient
                .deadline(self.times.idle.min(REST_AFTER), Wait::FirstByte);
            count = self.patient.read(self.received.room(), &rest)?;
            if count.is_none() {
                self.rest();
            }
        }
        if count.is_none() {
            count = self.patient.read(self.received.room(), &deadline)?;
        }
        let count = count.ok_or_else(|| deadline.missed())?;
        self.received.arrived(count);
        Ok(count)
    }

    /// Holds more memory than a silent connection should.
    fn holds_much(&self) -> bool {
        self.received.size() > SMALL || self.outgoing.capacity() > SMALL
    }

    /// Gives memory back that nothing waits in.
    pub(crate) fn rest(&mut self) {
        self.received.rest();
        if self.outgoing.is_empty() {
            self.outgoing = Vec::new();
        }
    }
}

/// A frame that waits at the front of the buffer, told in numbers: a [`Frame`] would borrow the buffer, and then nobody
/// could take it out or read on.
pub(crate) struct Whole {
    payload: Range<usize>,
    consumed: usize,
}

/// Where `part` lies in `whole`, by their addresses: std's `subslice_range`, once that is stable. An empty part may have
/// come from anywhere.
#[inline]
fn place(part: &[u8], whole: &[u8]) -> Range<usize> {
    let from = if part.is_empty() {
        0
    } else {
        part.as_ptr().addr().wrapping_sub(whole.as_ptr().addr())
    };
    from..from.saturating_add(part.len())
}

#[cfg(test)]
#[path = "tests/message_stream.rs"]
mod tests;
