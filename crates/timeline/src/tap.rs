//! A stream with a recorder's ear at it.
//!
//! Everything passes through unchanged: the bytes, the short counts, the errors. Nothing is retried here. A tap is not the
//! stream (no `Deref`): whoever took a `&TcpStream` from it by accident would go past the recorder.

use std::io::{self, IoSlice, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use common::Timeouts;

use crate::call::Call;
use crate::caller::Caller;
use crate::event::Outcome;

/// A stream whose reads and writes are recorded. Made by [`crate::Recorder::stream`].
#[derive(Debug)]
pub struct Tap<S> {
    pub(crate) stream: S,
    caller: Caller,
}

impl<S> Tap<S> {
    pub(crate) fn new(stream: S, caller: Caller) -> Self {
        Self { stream, caller }
    }

    /// Names the side at the other end, where a drawing cannot know it: with more than two sides, or to draw a lane for
    /// a peer that is in another program.
    #[must_use]
    pub fn facing(self, side: &str) -> Self {
        self.caller.face(side);
        self
    }

    /// The stream itself. What is done to it directly is not seen.
    pub fn get_ref(&self) -> &S {
        &self.stream
    }

    /// The stream without the recorder.
    pub fn into_inner(self) -> S {
        self.stream
    }

    /// Closes the stream by dropping it, and says so in the recording.
    pub fn close(self) {
        let Self { stream, caller } = self;
        let close = || {
            drop(stream);
            Ok(())
        };
        let _ = caller.leave(Call::Close, &[], |()| 0, close);
    }
}

/// One body for a tap that is owned and one that is shared: `stream` is what can read.
fn read(caller: &Caller, mut stream: impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    caller.wait_for_turn()?;
    let result = stream.read(buffer);
    let outcome = match &result {
        Ok(0) if !buffer.is_empty() => Outcome::End,
        other => Outcome::of(other),
    };
    let given = result.as_ref().copied().unwrap_or(0);
    caller.record(Call::Read, outcome, buffer, given, |_| {});
    result
}

impl<S: Read> Read for Tap<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read(&self.caller, &mut self.stream, buffer)
    }
}

impl<S: Write> Write for Tap<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let write = || self.stream.write(bytes);
        let pieces = [IoSlice::new(bytes)];
        self.caller.leave(Call::Write, &pieces, |n| *n, write)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let write = || self.stream.write_vectored(pieces);
        self.caller.leave(Call::Write, pieces, |n| *n, write)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// A shared tap reads where a shared stream does (`&TcpStream`).
impl<'a, S> Read for &'a Tap<S>
where
    &'a S: Read,
{
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read(&self.caller, &self.stream, buffer)
    }
}

/// A shared tap writes where a shared stream does (`&TcpStream`).
impl<'a, S> Write for &'a Tap<S>
where
    &'a S: Write,
{
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let write = || (&self.stream).write(bytes);
        let pieces = [IoSlice::new(bytes)];
        self.caller.leave(Call::Write, &pieces, |n| *n, write)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let write = || (&self.stream).write_vectored(pieces);
        self.caller.leave(Call::Write, pieces, |n| *n, write)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&self.stream).flush()
    }
}

/// A recorded stream obeys a deadline as the stream does.
impl<S: Timeouts> Timeouts for Tap<S> {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.stream.set_read_timeout(left)
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.stream.set_write_timeout(left)
    }

    fn now(&self) -> Instant {
        self.stream.now()
    }
}

impl Tap<TcpStream> {
    /// Ends one direction or both, and says so in the recording.
    ///
    /// # Errors
    /// Those of [`TcpStream::shutdown`].
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        let call = match how {
            Shutdown::Write => Call::ShutdownWrite,
            Shutdown::Read => Call::Other("stop reading"),
            Shutdown::Both => Call::ShutdownBoth,
        };
        let shutdown = || self.stream.shutdown(how);
        self.caller.leave(call, &[], |()| 0, shutdown)
    }

    /// See [`TcpStream::set_nodelay`].
    ///
    /// # Errors
    /// Those of the system call.
    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        self.stream.set_nodelay(nodelay)
    }

    /// See [`TcpStream::peer_addr`].
    ///
    /// # Errors
    /// Those of the system call.
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

#[cfg(test)]
mod tests;
