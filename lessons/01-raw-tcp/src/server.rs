//! The server: listens, takes one client after the other, and outlives them all.
//!
//! ```text
//! bind, listen          once
//!   accept              for each client
//!     read, write ...   until this client is done, however it is done
//!   close               this client only
//! ```
//!
//! While one client is served the others wait in the queue of the listener (`backlog.rs`). A client that says nothing
//! would hold them up for ever, so silence has a limit.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use common::Timeouts;

use crate::echo::echo;

/// A peer that takes nothing of our answer for so long is not going to.
pub(crate) const NEVER_READS: Duration = Duration::from_secs(10);

/// The pause after an accept that failed: the first one, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Takes an address; from now on the kernel shakes hands with whoever connects to it, and queues them.
///
/// # Errors
/// The address is taken, is not one of this machine, or is kept for root.
// ANCHOR: listen
pub fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    // Four calls of Python's: socket(), setsockopt(SO_REUSEADDR) (on Unix), bind, listen(128).
    TcpListener::bind(addr)
}
// ANCHOR_END: listen

/// Serves one client after the other, for ever. Whatever becomes of one client is `client`'s business; that `accept`
/// itself fails (no descriptors left, a connection aborted in the queue) goes to `accept_failed`.
// ANCHOR: serve
pub fn serve(
    listener: &TcpListener,
    mut client: impl FnMut(TcpStream, SocketAddr),
    mut accept_failed: impl FnMut(&io::Error),
) -> ! {
    let mut pause = FIRST_PAUSE;
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                pause = FIRST_PAUSE;
                client(stream, peer); // the next one is accepted when this one is done
            }
            Err(error) => {
                accept_failed(&error);
                thread::sleep(pause); // without it: 18 million failures in 4 s
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}
// ANCHOR_END: serve

/// One client, from its first byte to its end. How many bytes it sent.
///
/// # Errors
/// Those of the connection; silence for longer than `idle`.
// ANCHOR: serve_one
pub fn serve_one(stream: &mut (impl Read + Write + Timeouts), idle: Duration) -> io::Result<u64> {
    limit_silence(stream, idle)?;
    echo(stream)
}

/// From now on each read waits at most `idle` for the peer, and each write at most 10 s. (A write
/// that took some bytes and then waited counts anew: a limit for each call is not a deadline.
/// Lesson 04 builds one.)
pub(crate) fn limit_silence(stream: &impl Timeouts, idle: Duration) -> io::Result<()> {
    stream.set_read_timeout(Some(idle))?;
    stream.set_write_timeout(Some(idle.min(NEVER_READS)))
}
// ANCHOR_END: serve_one
