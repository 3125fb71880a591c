//! What a stream must be able to do for a deadline. No trait of std has `set_read_timeout`, so here is a small one.
//!
//! A socket obeys; memory never waits, so it ignores the limit. A wrapper (a reference, a recorder) passes it on.

use std::io;
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use timeline::Tap;

/// A stream whose calls can be limited in time.
pub trait Timed {
    /// The next reads wait at most this long each, then fail with `WouldBlock` (on Windows `TimedOut`); `None`: for ever.
    ///
    /// # Errors
    /// Those of `setsockopt(2)`. std refuses a limit of zero.
    fn limit_read(&self, left: Option<Duration>) -> io::Result<()>;

    /// The same for writes. A write that took some bytes before the time was over returns their count instead.
    ///
    /// # Errors
    /// As [`Timed::limit_read`].
    fn limit_write(&self, left: Option<Duration>) -> io::Result<()>;

    /// The clock that deadlines are measured with. A test brings a stream with a clock of its own, so that ten seconds
    /// pass without anybody waiting for them.
    fn now(&self) -> Instant {
        Instant::now()
    }
}

impl Timed for TcpStream {
    fn limit_read(&self, left: Option<Duration>) -> io::Result<()> {
        self.set_read_timeout(left)
    }

    fn limit_write(&self, left: Option<Duration>) -> io::Result<()> {
        self.set_write_timeout(left)
    }
}

#[cfg(unix)]
impl Timed for UnixStream {
    fn limit_read(&self, left: Option<Duration>) -> io::Result<()> {
        self.set_read_timeout(left)
    }

    fn limit_write(&self, left: Option<Duration>) -> io::Result<()> {
        self.set_write_timeout(left)
    }
}

/// Memory answers at once, so there is nothing to limit.
impl<T> Timed for io::Cursor<T> {
    fn limit_read(&self, _left: Option<Duration>) -> io::Result<()> {
        Ok(())
    }

    fn limit_write(&self, _left: Option<Duration>) -> io::Result<()> {
        Ok(())
    }
}

/// A recorded stream obeys as the stream does.
impl<S: Timed> Timed for Tap<S> {
    fn limit_read(&self, left: Option<Duration>) -> io::Result<()> {
        self.get_ref().limit_read(left)
    }

    fn limit_write(&self, left: Option<Duration>) -> io::Result<()> {
        self.get_ref().limit_write(left)
    }

    fn now(&self) -> Instant {
        self.get_ref().now()
    }
}

impl<S: Timed + ?Sized> Timed for &S {
    fn limit_read(&self, left: Option<Duration>) -> io::Result<()> {
        (**self).limit_read(left)
    }

    fn limit_write(&self, left: Option<Duration>) -> io::Result<()> {
        (**self).limit_write(left)
    }

    fn now(&self) -> Instant {
        (**self).now()
    }
}

impl<S: Timed + ?Sized> Timed for &mut S {
    fn limit_read(&self, left: Option<Duration>) -> io::Result<()> {
        (**self).limit_read(left)
    }

    fn limit_write(&self, left: Option<Duration>) -> io::Result<()> {
        (**self).limit_write(left)
    }

    fn now(&self) -> Instant {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FixedHeader, MessageStream, Times};
    use common::Framing;

    /// Limits set on `wrapper` arrive at the stream, where `seen` looks.
    fn obeys(wrapper: &impl Timed, seen: impl Fn() -> [Option<Duration>; 2]) {
        let limits = [Some(Duration::from_secs(1)), Some(Duration::from_secs(2))];
        wrapper.limit_read(limits[0]).unwrap();
        wrapper.limit_write(limits[1]).unwrap();
        assert_eq!(seen(), limits);
        wrapper.limit_read(None).unwrap();
        wrapper.limit_write(None).unwrap();
        assert_eq!(seen(), [None, None]);
    }

    #[test]
    fn every_kind_of_stream_obeys_through_every_wrapper() {
        let listener = common::listener_on_a_free_port().unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let twin = stream.try_clone().unwrap(); // the same socket
        let seen = || [twin.read_timeout().unwrap(), twin.write_timeout().unwrap()];
        obeys(&stream, seen);
        obeys(&&stream, seen);
        let mut tap = timeline::Recorder::every_call().stream("client", stream);
        obeys(&tap, seen);
        obeys(&&mut tap, seen);
        #[cfg(unix)]
        {
            let (stream, _peer) = UnixStream::pair().unwrap();
            let seen = || {
                [
                    stream.read_timeout().unwrap(),
                    stream.write_timeout().unwrap(),
                ]
            };
            obeys(&stream, seen);
        }
    }

    #[test]
    fn a_wrapper_has_the_clock_of_its_stream() {
        let mut peer = crate::scripted_peer::ScriptedPeer::new([]);
        peer.pass(Duration::from_secs(1000));
        fn clock(stream: impl Timed) -> Instant {
            stream.now()
        }
        let now = peer.now();
        assert_eq!(clock(&peer), now);
        assert_eq!(clock(&mut peer), now);
        assert_eq!(
            clock(timeline::Recorder::every_call().stream("client", peer)),
            now
        );
    }

    #[test]
    fn memory_is_a_stream_too() {
        let mut wire = Vec::new();
        FixedHeader::course().encode(b"hi", &mut wire).unwrap();
        let memory = io::Cursor::new(wire);
        let mut stream = MessageStream::new(memory, FixedHeader::course(), Times::default());
        assert_eq!(stream.read_message().unwrap(), Some(b"hi".as_slice()));
        assert_eq!(stream.read_message().unwrap(), None);
    }
}
