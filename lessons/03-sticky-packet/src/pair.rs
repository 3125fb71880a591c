//! A connection with both ends in one process, and a look into the receiver's buffer.

use std::io::{self, ErrorKind};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// Longer than loopback ever takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// Two connected ends: the client's, the server's.
///
/// # Errors
/// Those of the socket calls.
pub(crate) fn pair(listener: &TcpListener) -> io::Result<(TcpStream, TcpStream)> {
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    Ok((client, server))
}

/// Waits until `count` bytes lie in the receiver's buffer and gives them, without taking them out.
///
/// This is how a demo makes the reader late for certain: a pause would make it late most of the time.
///
/// # Errors
/// The stream ended before, or they do not come within 10 s.
// ANCHOR: wait
pub(crate) fn wait_until_queued(stream: &TcpStream, count: usize) -> io::Result<Vec<u8>> {
    let deadline = Instant::now() + PATIENCE;
    let mut seen = vec![0; count];
    loop {
        match stream.peek(&mut seen) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(got) if got == count => return Ok(seen),
            Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
            _ if Instant::now() >= deadline => return Err(ErrorKind::TimedOut.into()),
            _ => thread::sleep(Duration::from_millis(1)), // some are there, the others are on their way
        }
    }
}
// ANCHOR_END: wait

/// Text in quotes for a table; what is no text is shown as such.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    format!("“{}”", common::plain_line(bytes))
}
