//! The promise: a connection that was busy and has fallen silent costs no more than one that never said anything.
//!
//! The price: after a second of silence the buffers are given back, and the next large request has to grow them again.
//! (Lesson 04's promise of the same name; that one knows messages.)

use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use common::Timeouts;
use lesson04::ReceiveBuffer;

use crate::server::Connection;

/// Silence for so long, and the buffers are given back.
const SILENCE: Duration = Duration::from_secs(1);

/// So little is not worth it.
const KEPT: usize = 16 * 1024;

impl<S: Read + Write + Timeouts> Connection<S> {
    /// The read that waits for the first byte of a request, with nothing left in the buffer.
    pub(crate) fn first_bytes(&mut self, idle: Duration) -> io::Result<usize> {
        let deadline = self.stream.deadline(idle, "silent for");
        if self.received.size() + self.out.capacity() > KEPT && idle > SILENCE {
            let silence = self.stream.deadline(SILENCE, "");
            match self.stream.read(self.received.free(), silence) {
                // Ours, that is: the kernel's own (it gave the connection up) has a number.
                Err(error)
                    if error.kind() == ErrorKind::TimedOut && error.raw_os_error().is_none() =>
                {
                    (self.received, self.out) = (ReceiveBuffer::default(), Vec::new());
                }
                done => return done,
            }
        }
        self.stream.read(self.received.free(), deadline)
    }
}
