//! `command-server` and `run`.

use cli::{Flags, Output, Ran, Result, RunArgs, Wire, log, shortened};
use runner::{Rules, Runner, reset_watch};

use super::{DEFAULT_ADDR, client, failed, layout};
use crate::{
    CommandClient, JsonStream, NotDone, PythonCommandClient, serve_commands, serve_python_commands,
};

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
    let layout = Some(layout(flags.wire));
    cli::serve_in_turn(&listener, flags, layout, |stream, peer| {
        stream.set_nodelay(true)?;
        let disconnected = reset_watch(stream.get_ref());
        let run = |command: &[u8]| runner.run(command, &disconnected);
        let mut told = super::told(peer);
        match flags.wire {
            Wire::Course => serve_commands(stream, flags.idle, run, &mut told),
            Wire::Python => serve_python_commands(stream, flags.idle, run, &mut told),
        }
    })
}

/// Runs one command over there, or each line of stdin.
///
/// # Errors
/// A command failed or was refused, or the connection failed.
pub fn run(flags: &Flags, args: &RunArgs) -> Result {
    client(flags, "command-server", |stream, address| {
        let mut course = CommandClient(JsonStream::course(stream, flags.idle));
        let mut python = PythonCommandClient(JsonStream::python(stream, flags.idle));
        let mut out = Output::default();
        args.each(|line| {
            let asked = match flags.wire {
                // JSON is UTF-8 by definition.
                Wire::Course => course.run(line).map(|(status, body)| (Some(status), body)),
                Wire::Python => match args.encoding.encode(line) {
                    Ok(sent) => python.run(&sent).map(|body| (None, body)),
                    Err(why) => Err(NotDone::refused(why)),
                },
            };
            match (asked, flags.wire) {
                (Ok((status, body)), _) => {
                    args.encoding.show(&mut out, &body)?;
                    Ok(Ran::Status(status))
                }
                (Err(NotDone::Refused(why)), Wire::Course) => Ok(Ran::Refused(why.error)),
                // No command has a status on this wire: one that was not sent is what failed.
                (Err(error @ NotDone::Refused(_)), Wire::Python) => {
                    Ok(Ran::Missing(failed(shortened(line), error)))
                }
                (Err(error), _) => Err(failed(address, error)),
            }
        })
    })
}
