//! The promise: each way of not getting an answer is an error of its own.
//!
//! For a server the end of the stream between two messages is a good end. For a client that has asked it is no answer, and
//! neither is silence.
//!
//! The price: two reading functions instead of one, and whoever asks has to call the right one.

use std::io::{self, ErrorKind, Read, Write};

use common::{Framing, Timeouts};

use crate::message_stream::MessageStream;
use crate::promises::deadline::ANSWER;

impl<S: Read + Write + Timeouts, F: Framing> MessageStream<S, F> {
    /// The answer to what was asked: the next message. Waits as [`MessageStream::read_message`] does.
    ///
    /// # Errors
    /// `TimedOut` (`no answer in 300 s`) when not a byte came; `UnexpectedEof` when the server closed instead; else as
    /// [`MessageStream::read_message`].
    pub fn read_answer(&mut self) -> io::Result<&[u8]> {
        match self.next_frame(ANSWER)? {
            Some(frame) => self.take(frame),
            None => Err(closed_without_an_answer()),
        }
    }

    /// The same on the python wire, where an answer begins with what one read gives: how many bytes of `out` it filled.
    ///
    /// # Errors
    /// As [`MessageStream::read_answer`].
    pub fn read_unframed_answer(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.read_some(out, self.times.idle, ANSWER)? {
            0 => Err(closed_without_an_answer()),
            count => Ok(count),
        }
    }
}

fn closed_without_an_answer() -> io::Error {
    let why = "the server closed the connection without an answer";
    io::Error::new(ErrorKind::UnexpectedEof, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message_stream::tests::scripted_peer::{ScriptedPeer, Step};
    use crate::{FixedHeader, Times};
    use std::time::Duration;

    const NONE: Duration = Duration::ZERO;

    fn asking(peer: ScriptedPeer) -> MessageStream<ScriptedPeer, FixedHeader> {
        MessageStream::new(
            peer,
            FixedHeader::course(),
            Times::with_idle(Duration::from_secs(20)),
        )
    }

    fn told(peer: ScriptedPeer) -> (ErrorKind, String) {
        let error = asking(peer).read_answer().unwrap_err();
        (error.kind(), error.to_string())
    }

    #[test]
    fn an_answer_is_the_next_message_and_what_was_queued_leaves_first() {
        let peer = ScriptedPeer::new([Step::Send(NONE, b"\0\0\0\x02hi\0\0\0\x01x".to_vec())]);
        let mut stream = asking(peer);
        stream.queue_message(b"?").unwrap();
        assert_eq!(stream.read_answer().unwrap(), b"hi");
        assert_eq!(stream.get_ref().sent, b"\0\0\0\x01?");
        assert_eq!(stream.read_answer().unwrap(), b"x");
    }

    #[test]
    fn the_end_silence_and_half_an_answer_are_told_apart() {
        let half = |bytes: &[u8]| ScriptedPeer::new([Step::Send(NONE, bytes.to_vec())]);
        let closed = "the server closed the connection without an answer".to_owned();
        assert_eq!(
            told(ScriptedPeer::new([])),
            (ErrorKind::UnexpectedEof, closed.clone())
        );
        assert_eq!(
            told(half(b"\0\0")).1,
            "the stream ended inside a header, after 2 of 4 bytes"
        );
        assert_eq!(
            told(half(b"\0\0\0\x09hi")).1,
            "the stream ended inside a body, after 2 of 9 bytes"
        );
        assert_eq!(
            told(ScriptedPeer::new([]).then_silent()),
            (ErrorKind::TimedOut, "no answer in 20 s".to_owned())
        );
        assert_eq!(
            told(half(b"\0\0").then_silent()).1,
            "a message was not whole after 10 s"
        );
        assert_eq!(
            told(half(&[0xff; 4])).1,
            "frame of 4294967295 bytes is over the limit of 1048576"
        );

        let unframed = |peer| {
            asking(peer)
                .read_unframed_answer(&mut [0; 9])
                .map_err(|error| error.to_string())
        };
        assert_eq!(unframed(half(b"hi")), Ok(2));
        assert_eq!(unframed(ScriptedPeer::new([])), Err(closed));
        assert_eq!(
            unframed(ScriptedPeer::new([]).then_silent()),
            Err("no answer in 20 s".to_owned())
        );
    }
}
