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
    use std::io::{Read, Write};

    /// Nothing comes: the shortest wait must end, through every wrapper.
    fn waits_and_gives_up(stream: impl Read + Write + Timed) {
        let times = Times::with_idle(Duration::from_millis(20));
        let mut stream = MessageStream::new(stream, FixedHeader::course(), times);
        assert_eq!(stream.read_message().unwrap_err().to_string(), "silent for 0.02 s");
    }

    #[test]
    fn every_kind_of_stream_obeys() {
        let listener = common::listener_on_a_free_port().unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        waits_and_gives_up(&stream);
        waits_and_gives_up(&mut stream);
        let recorder = timeline::Recorder::every_call();
        let tap = recorder.stream("client", stream);
        waits_and_gives_up(&tap);
        waits_and_gives_up(tap);
        #[cfg(unix)]
        {
            let (here, _there) = UnixStream::pair().unwrap();
            waits_and_gives_up(&here);
            waits_and_gives_up(here);
        }
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
