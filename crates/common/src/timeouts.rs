//! What a stream must be able to do for a deadline. No trait of std has `set_read_timeout`, so here is a small one.
//!
//! A socket obeys; memory never waits, so it ignores the limit. A wrapper (a reference, a recorder) passes it on.

use std::io;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A stream whose next call can be limited in time.
///
/// A deadline is a moment, these are durations: whoever keeps a deadline sets what is left of it before each call.
pub trait Timeouts {
    /// The next reads wait at most this long each, then fail with `WouldBlock` (on Windows `TimedOut`); `None`: for ever.
    ///
    /// # Errors
    /// Those of `setsockopt(2)`. std refuses a timeout of zero.
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()>;

    /// The same for writes. A write that took some bytes before the time was over returns their count instead.
    ///
    /// # Errors
    /// As [`Timeouts::set_read_timeout`].
    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()>;

    /// The clock that deadlines are measured with. A test brings a stream with a clock of its own, so that ten seconds
    /// pass without anybody waiting for them.
    fn now(&self) -> Instant {
        Instant::now()
    }
}

impl Timeouts for TcpStream {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        Self::set_read_timeout(self, left)
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        Self::set_write_timeout(self, left)
    }
}

/// Memory answers at once, so there is nothing to limit.
impl<T> Timeouts for io::Cursor<T> {
    fn set_read_timeout(&self, _left: Option<Duration>) -> io::Result<()> {
        Ok(())
    }

    fn set_write_timeout(&self, _left: Option<Duration>) -> io::Result<()> {
        Ok(())
    }
}

impl<S: Timeouts + ?Sized> Timeouts for &S {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        (**self).set_read_timeout(left)
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        (**self).set_write_timeout(left)
    }

    fn now(&self) -> Instant {
        (**self).now()
    }
}

impl<S: Timeouts + ?Sized> Timeouts for &mut S {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        (**self).set_read_timeout(left)
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        (**self).set_write_timeout(left)
    }

    fn now(&self) -> Instant {
        (**self).now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// Timeouts set on `wrapper` arrive at the stream, where `seen` looks.
    fn obeys(wrapper: impl Timeouts, seen: impl Fn() -> [Option<Duration>; 2]) {
        let timeouts = [Some(Duration::from_secs(1)), Some(Duration::from_secs(2))];
        wrapper.set_read_timeout(timeouts[0]).unwrap();
        wrapper.set_write_timeout(timeouts[1]).unwrap();
        assert_eq!(seen(), timeouts);
        wrapper.set_read_timeout(None).unwrap();
        wrapper.set_write_timeout(None).unwrap();
        assert_eq!(seen(), [None, None]);
    }

    #[test]
    fn every_kind_of_stream_obeys_through_a_reference_too() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let twin = stream.try_clone().unwrap(); // the same socket
        let seen = || [twin.read_timeout().unwrap(), twin.write_timeout().unwrap()];
        obeys(&stream, seen);
        obeys(&mut stream, seen);
        obeys(stream, seen);
    }
}
