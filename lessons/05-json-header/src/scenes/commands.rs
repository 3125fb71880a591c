//! `command-server` and `run`.

use cli::{ExitError, FailedAt, Flags, Output, Ran, Result, RunArgs, Wire, log, shortened};
use runner::{Rules, Runner, reset_watch};

use super::{DEFAULT_ADDR, layout};
use crate::{CommandClient, PythonCommandClient, serve_commands, serve_python_commands};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson05 -- command-server";

/// Runs commands for clients of this machine, one client after the other, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn command_server(flags: &Flags, shell: bool) -> Result {
    if shell {
        log(
            "--shell: whoever connects can run ANY command as you, delete your files included. Never leave it running.",
        );
    }
    let runner = Runner::new(if shell { Rules::Shell } else { Rules::Listed });
    let listener = cli::listen_on_loopback(flags, DEFAULT_ADDR)?;
    cli::serve_in_turn(
        &listener,
        flags,
        Some(layout(flags.wire)),
        |stream, peer| {
            stream.set_nodelay(true)?;
            let disconnected = reset_watch(stream.get_ref());
            let run = |command: &[u8]| runner.run(command, &disconnected);
            let mut told = super::told(peer);
            match flags.wire {
                Wire::Course => serve_commands(stream, flags.idle, run, &mut told),
                Wire::Python => serve_python_commands(stream, flags.idle, run, &mut told),
            }
        },
    )
}

/// Runs one command over there, or each line of stdin.
///
/// # Errors
/// A command failed or was refused, or the connection failed.
pub fn run(flags: &Flags, args: &RunArgs) -> Result {
    cli::client(
        flags,
        DEFAULT_ADDR,
        Some(layout(flags.wire)),
        START,
        |stream, address| {
            stream.set_nodelay(true).failed_at(address)?;
            let mut course = CommandClient::new(stream, flags.idle);
            let mut python = PythonCommandClient::new(stream, flags.idle);
            let mut out = Output::default();
            args.each(|line| {
                let answer = match flags.wire {
                    Wire::Course => course.run(line), // JSON is UTF-8 by definition
                    Wire::Python => match args.encoding.encode(line) {
                        Ok(sent) => python.run(&sent),
                        Err(why) => Ok(Err(why)),
                    },
                };
                match (answer.failed_at(address)?, flags.wire) {
                    (Ok(output), _) => {
                        args.encoding.show(&mut out, &output.body)?;
                        Ok(Ran::Status(output.status))
                    }
                    (Err(why), Wire::Course) => Ok(Ran::Refused(why)),
                    // No command has a status on this wire: one that was not sent is what failed.
                    (Err(why), Wire::Python) => {
                        Ok(Ran::Missing(ExitError::failed(shortened(line), why)))
                    }
                }
            })
        },
    )
}
