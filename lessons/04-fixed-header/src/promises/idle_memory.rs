//! The promise: a connection that was busy and has fallen silent costs no more than one that never said anything.
//!
//! A message of 1 MiB makes the buffers grow to 1 MiB. With one connection nobody minds; of a thousand that were busy once
//! and are open still (lesson 06) each would keep them.
//!
//! The price: after a second of silence the buffers are given back, and the next large message has to grow them again.

use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use common::Timeouts;

use crate::promises::deadline::{Deadline, DeadlineStream};
use crate::receive_buffer::ReceiveBuffer;

/// Silence for so long, and the buffers are given back.
const SILENCE: Duration = Duration::from_secs(1);

/// So little is not worth it.
const KEPT: usize = 16 * 1024;

impl<S: Read + Write + Timeouts> DeadlineStream<S> {
    /// The read that waits for the first byte of a message, with nothing left in the buffers.
    ///
    /// # Errors
    /// `TimedOut` when the deadline is missed; those of the stream.
    pub fn read_first(
        &mut self,
        received: &mut ReceiveBuffer,
        outgoing: &mut Vec<u8>,
        idle: Deadline,
    ) -> io::Result<usize> {
        let held = received.size() + outgoing.capacity();
        if held > KEPT && idle.allowed > SILENCE {
            let silence = self.deadline(SILENCE, "");
            match self.read(received.free(), silence) {
                // Ours, that is: the kernel's own (it gave the connection up) has a number.
                Err(error)
                    if error.kind() == ErrorKind::TimedOut && error.raw_os_error().is_none() =>
                {
                    (*received, *outgoing) = (ReceiveBuffer::default(), Vec::new());
                }
                done => return done,
            }
        }
        self.read(received.free(), idle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message_stream::tests::scripted_peer::{ScriptedPeer, Step};
    use crate::{FixedHeader, MessageStream, Times};

    #[test]
    fn what_a_large_message_needed_is_given_back_in_silence_and_nothing_is_lost() {
        let large = [&b"\0\x03\0\0"[..], &[b'x'; 0x30000]].concat();
        let after =
            |pause: u64, bytes: &[u8]| Step::Send(Duration::from_secs(pause), bytes.to_vec());
        let peer = ScriptedPeer::new([
            after(0, &large),
            after(5, b"\0\0\0\x02hi"),
            after(5, b"\0\0\0\x02ho"),
        ]);
        let times = Times::with_idle(Duration::from_secs(20));
        let mut stream = MessageStream::new(peer.then_silent(), FixedHeader::course(), times);
        assert_eq!(stream.read_message().unwrap().unwrap().len(), 0x30000);
        assert!(stream.received.size() > 0x30000);
        stream.write_message(&large).unwrap();
        assert_eq!(stream.read_message().unwrap().unwrap(), b"hi");
        assert!(stream.received.size() <= KEPT, "{}", stream.received.size());
        assert_eq!(stream.outgoing.capacity(), 0);
        assert_eq!(stream.read_message().unwrap().unwrap(), b"ho");
        let silent = stream.read_message().unwrap_err();
        assert_eq!(silent.to_string(), "silent for 20 s");
    }
}
