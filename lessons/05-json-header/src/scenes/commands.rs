//! `command-server` and `run`.

use std::borrow::Cow;

use common::{ClientLog, Fault, Flags, Output, Wire, announce, bind_loopback, log, serve_in_turn};
use lesson04::{DEFAULT, RunArgs, as_client, not_sent, outcome, outputs, traced_server};
use runner::{Rules, Runner, reset_watch};

use super::layout;
use crate::commands::{CommandClient, serve_commands};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson05 -- command-server";

/// Runs commands for clients of this machine, one client after the other, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn command_server(flags: &Flags, shell: bool) -> Result<(), Fault> {
    let listener = bind_loopback(&flags.addr_or(DEFAULT)?)?;
    let addr = listener
        .local_addr()
        .map_err(|error| Fault::io("listener", &error))?;
    if shell {
        log(
            "--shell: whoever connects can run ANY command as you, delete your files included. Never leave it running.",
        );
    }
    let runner = Runner::new(if shell { Rules::Shell } else { Rules::Listed });
    let (outputs, mut ran) = (outputs(flags), ClientLog::default());
    announce(addr);
    serve_in_turn(&listener, |stream, peer| {
        let disconnected = reset_watch(stream);
        let mut say = |line: String| {
            ran.line(format_args!("{peer}: {line}"));
        };
        traced_server(&outputs, layout(flags.wire), stream, |tap| {
            serve_commands(
                flags.wire,
                tap,
                flags.idle,
                &runner,
                &disconnected,
                &mut say,
            )
        })
    })
}

/// Runs one command over there, or each line of stdin.
///
/// # Errors
/// A command failed or was refused, or the connection failed.
pub fn run(flags: &Flags, args: &RunArgs) -> Result<(), Fault> {
    as_client(flags, layout(flags.wire), START, |address, tap| {
        let mut client = CommandClient::new(flags.wire, tap, flags.idle);
        let mut out = Output::default();
        args.each(|line| {
            // JSON is UTF-8 by definition; the Python wire takes what the other end reads.
            let sent = match flags.wire {
                Wire::Course => Ok(Cow::Borrowed(line)),
                Wire::Python => args.encoding.encode(line),
            };
            let ran = match sent {
                Ok(sent) => client
                    .run(&sent)
                    .map_err(|error| Fault::io(address, &error))?,
                Err(why) => Err(why),
            };
            match ran {
                Ok(output) => {
                    args.encoding.show(&mut out, &output.body)?;
                    Ok(outcome(line, output.status))
                }
                Err(why) => Ok(not_sent(flags.wire, line, why)),
            }
        })
    })
}
