//! A client's wait. For a server the end of the stream between two messages is a good end; for a client that has asked,
//! it is no answer. So is silence.

use std::io::{self, ErrorKind, Read, Write};

use common::Framing;

use crate::message_stream::MessageStream;
use common::Timeouts;

impl<S: Read + Write + Timeouts, F: Framing> MessageStream<S, F> {
    /// The answer to what was asked: the next message. Waits as [`MessageStream::read_message`] does.
    ///
    /// # Errors
    /// `TimedOut` (`no answer in 300 s`) when not a byte came; `UnexpectedEof` when the server closed instead; else as
    /// [`MessageStream::read_message`].
    pub fn read_answer(&mut self) -> io::Result<&[u8]> {
        match self.next_frame() {
            Ok(Some(whole)) => self.taken(whole),
            Ok(None) => Err(closed_without_an_answer()),
            Err(error)
                if error.kind() == ErrorKind::TimedOut && self.received.waiting().is_empty() =>
            {
                Err(self.no_answer())
            }
            Err(error) => Err(error),
        }
    }

    /// The same on the python wire, where an answer begins with what one read gives: how many bytes of `out` it filled.
    ///
    /// # Errors
    /// As [`MessageStream::read_answer`].
    pub fn read_unframed_answer(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.read_unframed(out) {
            Ok(0) => Err(closed_without_an_answer()),
            Err(error) if error.kind() == ErrorKind::TimedOut => Err(self.no_answer()),
            result => result,
        }
    }

    fn no_answer(&self) -> io::Error {
        let seconds = self.times.idle.as_secs_f64();
        io::Error::new(ErrorKind::TimedOut, format!("no answer in {seconds} s"))
    }
}

fn closed_without_an_answer() -> io::Error {
    io::Error::new(
        ErrorKind::UnexpectedEof,
        "the server closed the connection without an answer",
    )
}

#[cfg(test)]
#[path = "tests/answers.rs"]
mod tests;
