//! `command-server` and `run`.

use cli::{ExitError, Flags, Output, Ran, Result, RunArgs, Wire, shortened, warn_of_shell};
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
        warn_of_shell();
    }
    let runner = Runner::new(if shell { Rules::Shell } else { Rules::Listed });
    let listener = cli::listen(flags.addr_or(DEFAULT_ADDR)?.to_bind_on_loopback()?)?;
    let layout = Some(layout(flags.wire));
    cli::serve(&listener, flags, layout, |stream, peer| {
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
        let mut out = Output;
        args.each(|line| {
            let asked = match flags.wire {
                // JSON is UTF-8 by definition.
                Wire::Course => course.run(line).map(|(status, body)| (Some(status), body)),
                Wire::Python => match args.encoding.encode(line) {
                    Ok(sent) => python.run(&sent).map(|body| (None, body)),
                    Err(why) => Err(NotDone::refused(why)),
                },
            };
            let (status, body) = match asked {
                Ok(done) => done,
                // No command has a status on the python wire: there, one that was not sent is what failed.
                Err(NotDone::Refused(why)) => {
                    return Ok(match flags.wire {
                        Wire::Course => Ran::Refused(why.error),
                        Wire::Python => Ran::Missing(ExitError::failed(shortened(line), why.error)),
                    });
                }
                Err(error) => return Err(failed(address, error)),
            };
            args.encoding.show(&mut out, &body)?;
            Ok(Ran::Status(status))
        })
    })
}
