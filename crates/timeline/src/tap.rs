//! A stream with a recorder's ear at it.
//!
//! Everything passes through unchanged: the bytes, the short counts, the errors. Nothing is retried here.

use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use common::Timeouts;

use crate::call::Call;
use crate::caller::Caller;
use crate::event::Outcome;

/// A stream whose reads and writes are recorded. Made by [`crate::Recorder::stream`].
#[derive(Debug)]
pub struct Tap<S> {
    stream: S,
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

    /// The stream itself. What is done to it directly is not seen.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.stream
    }

    /// The stream without the recorder.
    pub fn into_inner(self) -> S {
        self.stream
    }

    /// Closes the stream by dropping it, and says so in the recording.
    pub fn close(self) {
        let place = self.caller.reserve(Call::Close, 0);
        drop(self.stream);
        self.caller.fill(place, Outcome::Done, [], 0);
    }
}

impl<S: Read> Read for Tap<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.stream.read(buffer);
        heard(&self.caller, &result, buffer.len(), || [&*buffer]);
        result
    }

    fn read_vectored(&mut self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        let result = self.stream.read_vectored(buffers);
        let asked = buffers.iter().map(|buffer| buffer.len()).sum();
        heard(&self.caller, &result, asked, || {
            buffers.iter().map(|buffer| &**buffer)
        });
        result
    }
}

impl<S: Write> Write for Tap<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let place = self.caller.reserve(Call::Write, bytes.len());
        let result = self.stream.write(bytes);
        self.caller
            .fill(place, Outcome::of(&result), [bytes], given(&result));
        result
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let place = self
            .caller
            .reserve(Call::Write, pieces.iter().map(|piece| piece.len()).sum());
        let result = self.stream.write_vectored(pieces);
        self.caller.fill(
            place,
            Outcome::of(&result),
            pieces.iter().map(|piece| &**piece),
            given(&result),
        );
        result
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
        let result = (&self.stream).read(buffer);
        heard(&self.caller, &result, buffer.len(), || [&*buffer]);
        result
    }

    fn read_vectored(&mut self, buffers: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        let result = (&self.stream).read_vectored(buffers);
        let asked = buffers.iter().map(|buffer| buffer.len()).sum();
        heard(&self.caller, &result, asked, || {
            buffers.iter().map(|buffer| &**buffer)
        });
        result
    }
}

/// A shared tap writes where a shared stream does (`&TcpStream`).
impl<'a, S> Write for &'a Tap<S>
where
    &'a S: Write,
{
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let place = self.caller.reserve(Call::Write, bytes.len());
        let result = (&self.stream).write(bytes);
        self.caller
            .fill(place, Outcome::of(&result), [bytes], given(&result));
        result
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let place = self
            .caller
            .reserve(Call::Write, pieces.iter().map(|piece| piece.len()).sum());
        let result = (&self.stream).write_vectored(pieces);
        self.caller.fill(
            place,
            Outcome::of(&result),
            pieces.iter().map(|piece| &**piece),
            given(&result),
        );
        result
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
            Shutdown::Read => Call::ShutdownRead,
            Shutdown::Both => Call::ShutdownBoth,
        };
        let place = self.caller.reserve(call, 0);
        let result = self.stream.shutdown(how);
        self.caller.fill(place, Outcome::of(&result), [], 0);
        result
    }

    /// A second handle to the same connection, heard by the same recorder.
    ///
    /// # Errors
    /// Those of [`TcpStream::try_clone`].
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            stream: self.stream.try_clone()?,
            caller: self.caller.clone(),
        })
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

    /// See [`TcpStream::local_addr`].
    ///
    /// # Errors
    /// Those of the system call.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.stream.local_addr()
    }
}

/// Records a read that has come back. Nobody listens: nothing is looked at.
fn heard<'b, P: IntoIterator<Item = &'b [u8]>>(
    caller: &Caller,
    result: &io::Result<usize>,
    asked: usize,
    pieces: impl FnOnce() -> P,
) {
    if !caller.is_on() {
        return;
    }
    let outcome = match result {
        Ok(0) if asked > 0 => Outcome::End,
        other => Outcome::of(other),
    };
    caller.record(Call::Read, asked, outcome, pieces(), given(result), |_| {});
}

/// How many bytes moved.
fn given(result: &io::Result<usize>) -> usize {
    result.as_ref().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Recorder;
    use std::cell::Cell;

    /// A stream with a clock of its own that remembers what was set.
    struct Remembers(Cell<[Option<Duration>; 2]>, Instant);

    impl Timeouts for Remembers {
        fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
            self.0.set([left, self.0.get()[1]]);
            Ok(())
        }

        fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
            self.0.set([self.0.get()[0], left]);
            Ok(())
        }

        fn now(&self) -> Instant {
            self.1
        }
    }

    #[test]
    fn a_tap_obeys_a_deadline_and_has_the_clock_of_its_stream() {
        let now = Instant::now() + Duration::from_secs(1000);
        let tap = Recorder::every_call().stream("client", Remembers(Cell::default(), now));
        let (read, write) = (Some(Duration::from_secs(1)), Some(Duration::from_secs(2)));
        tap.set_read_timeout(read).unwrap();
        tap.set_write_timeout(write).unwrap();
        assert_eq!(tap.get_ref().0.get(), [read, write]);
        assert_eq!(tap.now(), now);
    }
}
