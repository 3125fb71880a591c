//! `reconnect`: a client that does not give up at once, and does not go on for ever.
//!
//! ```text
//! connect ──▶ send, answer, pause ──┐       lost: connect again
//!    │  ▲      ▲                    │
//!    │  │      └────────────────────┘
//!    └──┘ refused: again after 100 ms; the tenth refusal in a row ends it
//! ```

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use cli::{ExitError, FailedAt, Flags, Output, Result, Trace, log, parse_whole, shortened, why};
use lesson01::client::connect;
use timeline::{Call, Recorder};

use super::ADDRESS;
use super::reply::{Asking, Unanswered, layout};

/// So many refusals in a row are an answer, too.
const REFUSALS: u32 = 10;
/// The pause after each, and after a connection that was lost.
const PAUSE: Duration = Duration::from_millis(100);
/// How long one attempt may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Options of `reconnect`.
#[derive(Debug, clap::Args)]
pub struct ReconnectArgs {
    /// What to send
    #[arg(long, value_name = "TEXT", default_value = "北鼻")]
    message: String,
    /// Milliseconds between two messages
    #[arg(long, value_name = "MS", value_parser = parse_whole::<u32>, default_value = "500", allow_negative_numbers = true)]
    every: u32,
    /// End after so many answers; without it, go on for ever
    #[arg(long, value_name = "N", value_parser = parse_whole::<u64>, allow_negative_numbers = true)]
    count: Option<u64>,
}

/// Sends the message again and again, over as many connections as it takes.
///
/// # Errors
/// Ten refusals in a row; a connect that failed otherwise; a message that cannot be sent.
pub fn reconnect(flags: &Flags, args: &ReconnectArgs) -> Result {
    let addresses = flags.addr_or(ADDRESS)?.resolve_to_connect()?;
    Trace::new(flags, layout(flags.wire)).show("client", |recorder| {
        let (mut left, mut out) = (args.count, Output);
        while left != Some(0) {
            let stream = connect_patiently(&addresses, recorder)?;
            let addr = stream.peer_addr().failed_at("the connection")?;
            stream.set_nodelay(true).failed_at(addr)?;
            let mut server = Asking::new(recorder.stream("client", stream), flags);
            while left != Some(0) {
                match server.ask(args.message.as_bytes()) {
                    Ok(answer) => out.message(&answer)?,
                    Err(Unanswered::NotSent(why)) => {
                        return Err(ExitError::io(shortened(args.message.as_bytes()), &why));
                    }
                    Err(Unanswered::Lost(error)) => {
                        log(format_args!("{addr}: {}; connecting again", why(&error)));
                        thread::sleep(PAUSE);
                        break;
                    }
                }
                left = left.map(|left| left - 1);
                if left != Some(0) {
                    thread::sleep(Duration::from_millis(args.every.into()));
                }
            }
        }
        Ok(())
    })
}

/// Connects, however often it is refused, up to a limit.
fn connect_patiently(addresses: &[SocketAddr], recorder: &Recorder) -> Result<TcpStream> {
    for refusals in 1.. {
        recorder.call("client", Call::Connect);
        let mut failures = match connect(addresses, CONNECT) {
            Ok(stream) => return Ok(stream),
            Err(failures) => failures,
        };
        let refused = |error: &std::io::Error| error.kind() == ErrorKind::ConnectionRefused;
        let other = failures.iter().position(|(_, error)| !refused(error));
        if let Some(other) = other {
            let (addr, error) = failures.swap_remove(other);
            return Err(ExitError::io(addr, &error));
        }
        if refusals == REFUSALS {
            let addr = failures
                .first()
                .map_or_else(String::new, |(addr, _)| addr.to_string());
            let hint = "is the server running? try cargo run -p lesson06 -- server";
            let why = format!("refused {REFUSALS} times in a row: {hint}");
            return Err(ExitError::failed(addr, why));
        }
        thread::sleep(PAUSE);
    }
    Err(ExitError::failed("connect", "refused"))
}
