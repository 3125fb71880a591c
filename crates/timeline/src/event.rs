//! What is kept of one socket call, or of a run of equal ones.

use std::io;

use crate::layout::Layout;

/// How many bytes at the beginning of an event are kept: enough for every header the course draws, and a body of
/// 1 GiB costs nothing.
pub(crate) const FIRST: usize = 256;
/// How many bytes at its end are kept: a digest behind a body is still shown.
pub(crate) const LAST: usize = 32;

/// What a side did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Call {
    /// Takes an address.
    Bind,
    /// Opens the queue of waiting connections.
    Listen,
    /// Opens a connection. Recorded before the system call.
    Connect,
    /// Takes a connection from the queue. Recorded when it has come back.
    Accept,
    /// Bytes from a stream (or its end).
    Read,
    /// Bytes into a stream.
    Write,
    /// One datagram on its way.
    Send,
    /// One datagram received.
    Receive,
    /// Half-close: no more bytes from this side (FIN), reading goes on.
    ShutdownWrite,
    /// No more reading.
    ShutdownRead,
    /// Both directions at once (FIN).
    ShutdownBoth,
    /// Gives the socket back (FIN, unless one was sent before).
    Close,
    /// The end of the stream leaves, whoever caused it.
    Fin,
    /// The connection is torn down (RST).
    Reset,
    /// Something else a side did, in the program's own words.
    Note,
    /// Any other call, by its name.
    Other(&'static str),
}

impl Call {
    /// The name in drawings and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Listen => "listen",
            Self::Connect => "connect",
            Self::Accept => "accept",
            Self::Read => "read",
            Self::Write => "write",
            Self::Send => "send",
            Self::Receive => "receive",
            Self::ShutdownWrite => "half-close",
            Self::ShutdownRead => "stop reading",
            Self::ShutdownBoth => "shutdown",
            Self::Close => "close",
            Self::Fin => "FIN",
            Self::Reset => "reset",
            Self::Note => "note",
            Self::Other(name) => name,
        }
    }

    /// Whether something leaves for the other side: such a call takes its place in the order before it is made.
    pub(crate) fn leaves(self) -> bool {
        matches!(
            self,
            Self::Connect
                | Self::Write
                | Self::Send
                | Self::ShutdownWrite
                | Self::ShutdownBoth
                | Self::Close
                | Self::Fin
                | Self::Reset
        )
    }

    /// Whether something of the other side arrives: such a call is recorded when it has come back.
    pub(crate) fn arrives(self) -> bool {
        matches!(self, Self::Accept | Self::Read | Self::Receive)
    }

    /// Whether the call moves bytes.
    pub(crate) fn moves_bytes(self) -> bool {
        matches!(self, Self::Read | Self::Write | Self::Send | Self::Receive)
    }
}

/// How a call came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The call had not come back when the recording was taken.
    Pending,
    /// It did what it should.
    Done,
    /// `Ok(0)`: the end of the stream.
    End,
    /// An error of this kind.
    Failed(io::ErrorKind),
}

/// One call, or a run of equal calls drawn as one.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) side: usize,
    pub(crate) call: Call,
    /// Bytes asked for (reading) or handed over (writing), summed over the run.
    pub(crate) asked: u64,
    /// Bytes that moved, summed over the run.
    pub(crate) given: u64,
    /// System calls in the run.
    pub(crate) calls: u64,
    pub(crate) outcome: Outcome,
    pub(crate) first: Vec<u8>,
    pub(crate) last: Vec<u8>,
    /// The true size of a datagram that did not fit the buffer.
    pub(crate) cut_from: Option<u64>,
    pub(crate) note: String,
    pub(crate) layout: Option<Layout>,
    /// The side at the other end, where the program said so.
    pub(crate) facing: Option<usize>,
    /// How many turns had been made before it.
    pub(crate) turn: u32,
}

impl Event {
    /// Takes the bytes of one more call into the run.
    pub(crate) fn add_bytes(&mut self, pieces: &[&[u8]]) {
        for piece in pieces {
            self.given += piece.len() as u64;
            let free = FIRST.saturating_sub(self.first.len()).min(piece.len());
            self.first.extend_from_slice(piece.get(..free).unwrap_or_default());
            let tail = piece.get(piece.len().saturating_sub(LAST)..).unwrap_or_default();
            self.last.extend_from_slice(tail);
            let surplus = self.last.len().saturating_sub(LAST);
            self.last.drain(..surplus);
        }
    }

    /// Up to `want` bytes at `offset` of the run, as far as they were kept.
    pub(crate) fn bytes_at(&self, offset: u64, want: u64) -> &[u8] {
        let within = |kept: &'_ [u8], start: u64| -> Option<(usize, usize)> {
            let from = usize::try_from(offset.checked_sub(start)?).ok()?;
            let to = from.saturating_add(usize::try_from(want).unwrap_or(usize::MAX)).min(kept.len());
            (from < to).then_some((from, to))
        };
        if let Some((from, to)) = within(&self.first, 0) {
            return self.first.get(from..to).unwrap_or_default();
        }
        let tail_at = self.given.saturating_sub(self.last.len() as u64);
        match within(&self.last, tail_at) {
            Some((from, to)) => self.last.get(from..to).unwrap_or_default(),
            None => &[],
        }
    }
}
