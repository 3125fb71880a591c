//! A flood of small messages, and the server that counts them: `flood-server` and `flood`.
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

use cli::{ExitError, Flags, Output, RateLimitedLog, Result, Trace, Wire, connect, why};
use common::{Framing, Timeouts};

use super::choice::header;
use super::{ADDRESS, FramingChoice};
use crate::message_stream::{MessageStream, Times};

/// The message of the flood: 36 bytes.
const MESSAGE: &[u8] = b"abcdefghijklmnopqrstuvwxyz1234567890";

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson04 -- flood-server";

/// Between two connections.
const PAUSE: Duration = Duration::from_millis(100);

/// Counts what floods in, one client after the other, for ever.
///
/// # Errors
/// The address cannot be used.
pub fn flood_server(flags: &Flags) -> Result {
    let layout = FramingChoice::Header.layout(flags.wire);
    let listener = cli::listen(flags.addr_or(ADDRESS)?.to_bind()?)?;
    cli::serve(&listener, flags, Some(layout), |stream, _| {
        let times = Times::with_idle(flags.idle);
        count_flood(&mut MessageStream::new(stream, header(flags.wire), times))
    })
}

/// Counts the messages of one connection, and prints the number each second and once at the end, whatever it was.
fn count_flood<S: Read + Write + Timeouts>(
    stream: &mut MessageStream<S, impl Framing>,
) -> io::Result<()> {
    let count = &AtomicU64::new(0);
    // A server goes on when nobody reads its stdout.
    let print = || {
        let line = format!("{} messages\n", count.load(Ordering::Relaxed));
        let _ = Output.raw(line.as_bytes());
    };
    let result = thread::scope(|scope| {
        let (done, end) = mpsc::channel::<()>();
        // Not `scope.spawn`, which panics where the system has no thread left.
        let counting = thread::Builder::new().spawn_scoped(scope, move || {
            // Nothing is ever sent: the channel ends when the counting does.
            while end.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                print();
            }
        });
        counting.map_err(|_| io::Error::other("the system has no thread to give"))?; // std would say "timed out"
        let _done = done; // dropped when the counting is over, however it ends
        while stream.read_message()?.is_some() {
            count.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    });
    print();
    result
}

/// Sends `count` messages, or messages for ever; makes a lost or refused connection anew, without end.
///
/// # Errors
/// The address is none; a trace file cannot be written.
pub fn flood(flags: &Flags, count: Option<u64>) -> Result {
    let address = flags.addr_or(ADDRESS)?;
    address.resolve()?; // a name that nobody knows is a typing error, and trying again mends none
    let trace = Trace::new(flags, Some(FramingChoice::Header.layout(flags.wire)));
    let (mut left, mut log) = (count, RateLimitedLog::default());
    loop {
        let lost = match connect(&address, START) {
            Ok(stream) => {
                let sent = trace.show("client", |recorder| {
                    let stream = recorder.stream("client", stream);
                    // On the python wire each message is a write of its own: none waits for the last one's ACK.
                    let ready = stream.set_nodelay(true);
                    Ok(ready.and_then(|()| send_flood(flags.wire, &stream, &mut left)))
                })?;
                match sent {
                    Ok(()) => return Ok(()),
                    Err(error) => format!("{address}: {}", why(&error)),
                }
            }
            Err(ExitError::Failed(line)) => line,
            Err(error) => return Err(error),
        };
        let pause = PAUSE.as_millis();
        log.line(format_args!("{lost}; connecting again every {pause} ms"));
        thread::sleep(PAUSE);
    }
}

/// Sends messages, `left` of them if that is a number; it goes down with each batch that was sent. A batch that failed is
/// not counted, so it goes again over the next connection.
fn send_flood<S: Read + Write + Timeouts>(
    wire: Wire,
    stream: S,
    left: &mut Option<u64>,
) -> io::Result<()> {
    let mut stream = MessageStream::new(stream, header(wire), Times::default());
    let max = if wire == Wire::Course { 1000 } else { 1 };
    while *left != Some(0) {
        let batch = left.unwrap_or(max).min(max);
        for _ in 0..batch {
            stream.queue_message(MESSAGE)?;
        }
        stream.flush()?;
        *left = left.map(|left| left - batch);
    }
    Ok(())
}
