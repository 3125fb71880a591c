//! A connection with both ends in one process, and a reader that is late for certain.
//!
//! ```text
//! writer ── h e l l o ──▶ ── e g g ──▶ [ h e l l o e g g ]   the receiver's buffer: look, and take nothing out
//!                                                            all 8 are there: now read
//! ```

use std::io::{self, ErrorKind};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::reader_writer::again;

/// Longer than loopback ever takes.
const LIMIT: Duration = Duration::from_secs(10);

/// Two connected ends: the client's, the server's.
///
/// # Errors
/// Those of the socket calls.
pub fn pair(listener: &TcpListener) -> io::Result<(TcpStream, TcpStream)> {
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
pub fn wait_until_queued(stream: &TcpStream, count: usize) -> io::Result<Vec<u8>> {
    let deadline = Instant::now() + LIMIT;
    let mut seen = vec![0; count];
    loop {
        match again(|| stream.peek(&mut seen))? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            got if got == count => return Ok(seen),
            _ if Instant::now() >= deadline => return Err(ErrorKind::TimedOut.into()),
            // Some are there, the others are on their way: a pause between two looks.
            _ => thread::sleep(Duration::from_millis(1)),
        }
    }
}
