//! `command-server` and `run`: lesson 04's remote commands, unchanged, for many clients. New is only the semaphore.

use cli::{Flags, Result, RunArgs, Wire, log_command, warn_of_shell};
use lesson04::{FixedHeader, FramingChoice, MessageStream, Times, serve_commands, serve_unframed};
use runner::{Rules, Runner, reset_watch};

use super::ADDRESS;
use super::served::{ManyArgs, Model, serve};
use crate::Semaphore;

/// How many commands run at once, for all clients together.
const COMMANDS: usize = 16;

/// Options of `command-server`.
#[derive(Debug, clap::Args)]
pub struct CommandArgs {
    /// Allow any line, through the system's shell: whoever connects can do what you can
    #[arg(long)]
    shell: bool,
    #[command(flatten)]
    many: ManyArgs,
}

/// Runs commands for clients of this machine.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn command_server(flags: &Flags, args: &CommandArgs) -> Result {
    let addr = flags.addr_or(ADDRESS)?.to_bind_on_loopback()?;
    if args.shell {
        warn_of_shell();
    }
    let rules = if args.shell {
        Rules::Shell
    } else {
        Rules::Listed
    };
    let (runner, commands) = (Runner::new(rules), Semaphore::new(COMMANDS));
    let (times, layout) = (
        Times::with_idle(flags.idle),
        FramingChoice::Header.layout(flags.wire),
    );
    let many = &args.many;
    serve(
        flags,
        addr,
        Model::Threads,
        many,
        Some(layout),
        |stream, socket, peer| {
            let disconnected = reset_watch(socket);
            let run = |command: &[u8]| {
                let permit = commands.acquire();
                let answer = runner.run(command, &disconnected);
                drop(permit);
                log_command(peer, command, answer.status);
                answer
            };
            match flags.wire {
                Wire::Course => serve_commands(FixedHeader::course(), stream, times, run),
                Wire::Python => serve_unframed(stream, times, run, MessageStream::write_message),
            }
        },
    )
}

/// Runs one command over there, or each line of stdin.
///
/// # Errors
/// The last command failed or could not be sent, or the connection failed.
pub fn run(flags: &Flags, args: &RunArgs) -> Result {
    let start = "cargo run -p lesson06 -- command-server";
    lesson04::scenes::run(flags, FramingChoice::Header, args, start)
}
