//! A flood of small messages, and the one who counts them.
//!
//! ```text
//! course: 00 00 00 24  abcdefghijklmnopqrstuvwxyz1234567890     python: 24 00 00 00  abcdef...
//! ```
//!
//! A thousand messages are one write on the course wire: that is what makes it quick. On the python wire each is a write
//! of its own, because the tutorial's receiver takes `recv(4)` and `recv(size)` for whole, and a large write gives it
//! more places to be wrong.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use common::Wire;

use crate::fixed_header::FixedHeader;
use crate::message_stream::{MessageStream, Times};
use common::Timeouts;

/// The message of the flood: 36 bytes.
pub const FLOOD_MESSAGE: &[u8] = b"abcdefghijklmnopqrstuvwxyz1234567890";

/// Counts the messages of one connection: `say` gets the number each second, and once at the end, whatever it was.
///
/// # Errors
/// Those of [`MessageStream::read_message`].
pub fn serve_flood<S: Read + Write + Timeouts>(
    wire: Wire,
    stream: S,
    idle: Duration,
    say: impl Fn(u64) + Send + Sync,
) -> io::Result<()> {
    let mut stream = MessageStream::new(stream, header(wire), Times::with_idle(idle));
    let (count, say) = (&AtomicU64::new(0), &say);
    let result = thread::scope(|scope| {
        let (done, end) = mpsc::channel::<()>();
        scope.spawn(move || {
            // Nothing is ever sent: the channel ends when the counting does.
            while end.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                say(count.load(Ordering::Relaxed));
            }
        });
        let result = count_messages(&mut stream, count);
        drop(done);
        result
    });
    say(count.load(Ordering::Relaxed));
    result
}

fn count_messages<S: Read + Write + Timeouts>(
    stream: &mut MessageStream<S, FixedHeader>,
    count: &AtomicU64,
) -> io::Result<()> {
    while stream.read_message()?.is_some() {
        count.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Sends messages, `left` of them if that is a number; it goes down with each batch that was sent.
///
/// # Errors
/// The connection is over. A batch that failed is not counted, so it goes again over the next connection.
pub fn send_flood<S: Read + Write + Timeouts>(
    wire: Wire,
    stream: S,
    left: &mut Option<u64>,
) -> io::Result<()> {
    let mut stream = MessageStream::new(stream, header(wire), Times::default());
    let most = if wire == Wire::Course { 1000 } else { 1 };
    while *left != Some(0) {
        let batch = left.unwrap_or(most).min(most);
        for _ in 0..batch {
            stream.queue_message(FLOOD_MESSAGE)?;
        }
        stream.flush()?;
        *left = left.map(|left| left - batch);
    }
    Ok(())
}

fn header(wire: Wire) -> FixedHeader {
    match wire {
        Wire::Course => FixedHeader::course(),
        Wire::Python => FixedHeader::python(),
    }
}
