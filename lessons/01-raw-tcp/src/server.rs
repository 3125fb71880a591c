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

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use common::{BackOff, ClientLog, Fault, Flags, announce, bind, plain_line, why};

use crate::DEFAULT_ADDR;
use crate::echo::echo;
use crate::trace::Trace;

/// A peer that takes nothing of our answer for so long is not going to.
pub(crate) const NEVER_READS: Duration = Duration::from_secs(10);

/// The scene `server`.
///
/// # Errors
/// The address cannot be bound. Once it listens it never ends by itself.
pub fn server(flags: &Flags) -> Result<(), Fault> {
    let listener = bind(&flags.addr_or(DEFAULT_ADDR)?)?;
    announce(
        listener
            .local_addr()
            .map_err(|error| Fault::io("listener", &error))?,
    );
    serve(&listener, flags.idle, &Trace::new(flags))
}

/// Serves one client after the other, for ever.
// ANCHOR: serve
pub fn serve(listener: &TcpListener, idle: Duration, trace: &Trace) -> ! {
    let (mut pause, mut clients) = (BackOff::new("accept"), ClientLog::default());
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                pause.reset();
                let ending = serve_one(stream, peer, idle, trace);
                clients.line(format_args!("{peer}: {}", in_words(&ending, idle)));
            }
            Err(error) => pause.wait(&error), // logged, and a rest: without it this loop would burn a core
        }
    }
}
// ANCHOR_END: serve

/// One client, from its first byte to its end.
// ANCHOR: serve_one
fn serve_one(
    stream: TcpStream,
    peer: SocketAddr,
    idle: Duration,
    trace: &Trace,
) -> io::Result<u64> {
    stream.set_read_timeout(Some(idle))?;
    stream.set_write_timeout(Some(idle.min(NEVER_READS)))?;
    let recorder = trace.recorder();
    let tap = recorder.stream("server", stream); // --trace listens here; otherwise it passes everything through
    let ending = echo(&tap);
    tap.close(); // this client only; dropping it would do the same
    trace.log(&recorder, peer);
    ending
}
// ANCHOR_END: serve_one

/// How a conversation ended, for the log.
pub(crate) fn in_words(ending: &io::Result<u64>, idle: Duration) -> String {
    match ending {
        Ok(1) => "closed after 1 byte".to_owned(),
        Ok(count) => format!("closed after {count} bytes"),
        // A timeout has two names: WouldBlock on Unix, TimedOut on Windows.
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            format!(
                "silent, or not reading, for too long (--idle {}); closed by us",
                idle.as_secs_f64()
            )
        }
        Err(error) => plain_line(why(error).as_bytes()),
    }
}
