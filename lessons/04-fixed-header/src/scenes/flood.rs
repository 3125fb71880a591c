//! `flood-server` and `flood`.

use std::thread;
use std::time::Duration;

use common::{Fault, Flags, SeldomLog, announce, bind, connect, serve_in_turn, tell, why};

use crate::choice::Choice;
use crate::flood::{send_flood, serve_flood};
use crate::traced::{DEFAULT, outputs, traced, traced_server};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson04 -- flood-server";

/// Between two connections.
const PAUSE: Duration = Duration::from_millis(100);

/// Counts what floods in, one client after the other, for ever.
///
/// # Errors
/// The address cannot be used.
pub fn flood_server(flags: &Flags) -> Result<(), Fault> {
    let listener = bind(&flags.addr_or(DEFAULT)?)?;
    let addr = listener
        .local_addr()
        .map_err(|error| Fault::io("listener", &error))?;
    let outputs = outputs(flags);
    announce(addr);
    serve_in_turn(&listener, |stream, _| {
        traced_server(&outputs, Choice::Header.layout(flags.wire), stream, |tap| {
            serve_flood(flags.wire, tap, flags.idle, |count| {
                tell(format_args!("{count} messages"))
            })
        })
    })
}

/// Sends `count` messages, or messages for ever; makes a lost or refused connection anew, without end.
///
/// # Errors
/// The address is none; a trace file cannot be written.
pub fn flood(flags: &Flags, count: Option<u64>) -> Result<(), Fault> {
    let address = flags.addr_or(DEFAULT)?;
    let outputs = outputs(flags);
    address.resolve()?; // a name that nobody knows is a typing error, and trying again mends none
    let (mut left, mut log) = (count, SeldomLog::default());
    loop {
        let lost = match connect(&address, START) {
            Ok(stream) => {
                let (sent, written) = traced(
                    &outputs,
                    Choice::Header.layout(flags.wire),
                    "client",
                    &stream,
                    |tap| send_flood(flags.wire, tap, &mut left),
                );
                written.map_err(|error| Fault::io("trace", &error))?;
                match sent {
                    Ok(()) => return Ok(()),
                    Err(error) => format!("{address}: {}", why(&error)),
                }
            }
            Err(Fault::Failed(line)) => line,
            Err(fault) => return Err(fault),
        };
        log.line(format_args!(
            "{lost}; connecting again every {} ms",
            PAUSE.as_millis()
        ));
        thread::sleep(PAUSE);
    }
}
