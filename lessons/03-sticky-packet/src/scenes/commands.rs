//! `command-server` and `run`: remote commands over TCP, as the tutorials send them. And what `udp-run` shares with `run`.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use cli::{Address, ExitError, Flags, Output, Ran, Result, RunArgs};
use cli::{log, log_command, parse_seconds, shortened};
use runner::{Answer, Rules, Runner, reset_watch};

use super::DEFAULT_ADDR;
use crate::tcp_commands::{ask, sendable, serve_commands};

/// The command line of whatever runs commands.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct ShellFlag {
    /// Allow any line, through the system's shell: whoever reaches it can do what you can
    #[arg(long)]
    shell: bool,
}

impl ShellFlag {
    /// What runs the commands; it says loudly what `--shell` means.
    pub(super) fn runner(self) -> Runner {
        if !self.shell {
            return Runner::new(Rules::Listed);
        }
        log(
            "--shell: whoever can type here can run ANY command as you, delete your files included; what leaves its \
             process group (setsid) is never ended. Never leave it running.",
        );
        Runner::new(Rules::Shell)
    }
}

/// The command line of `run` and `udp-run`.
#[derive(Debug, clap::Args)]
pub struct RunScene {
    #[command(flatten)]
    args: RunArgs,
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECS", value_parser = parse_seconds, default_value = "2", allow_negative_numbers = true)]
    pub(super) timeout: Duration,
}

/// Runs commands for clients of this machine, one client after the other, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn command_server(flags: &Flags, shell: ShellFlag) -> Result {
    let runner = shell.runner();
    let listener = cli::listen(flags.addr_or(DEFAULT_ADDR)?.to_bind_on_loopback()?)?;
    log(
        "wrong on purpose: one read is taken for one command, and an answer goes out without its length, as in the \
         tutorials; loopback only",
    );
    cli::serve(&listener, flags, None, |stream, peer| {
        let disconnected = reset_watch(stream.get_ref());
        let run = |command: &[u8]| logged(peer, command, runner.run(command, &disconnected));
        serve_commands(stream, flags.idle, run)
    })
}

/// A line in the server's log for each command.
pub(super) fn logged(peer: SocketAddr, command: &[u8], answer: Answer) -> Answer {
    log_command(peer, command, answer.status);
    answer
}

/// Runs one command over there, or each line of stdin; an answer is what one read gives.
///
/// # Errors
/// An answer was missing or a command could not be sent (the others were), or the connection failed.
pub fn run(flags: &Flags, scene: &RunScene) -> Result {
    let start = "cargo run -p lesson03 -- command-server";
    cli::client(flags, DEFAULT_ADDR, None, start, |stream, address| {
        log("wrong on purpose: an answer is one read of at most 1024 bytes, as in the tutorials");
        let each = |command: &[u8], came: &mut Vec<Vec<u8>>| {
            came.push(ask(stream, command, scene.timeout)?);
            Ok(())
        };
        scene.each(address, each, |error| Err(ExitError::io(address, &error)))
    })
}

impl RunScene {
    /// Sends each command with `ask`, which pushes the parts of the answer that came; `failed` judges an error that is not a
    /// missing answer.
    pub(super) fn each(
        &self,
        address: &Address,
        mut ask: impl FnMut(&[u8], &mut Vec<Vec<u8>>) -> io::Result<()>,
        failed: impl Fn(io::Error) -> Result<Ran>,
    ) -> Result {
        let mut out = Output;
        self.args.each(|line| {
            let sent = match self.args.encoding.encode(line).and_then(sendable) {
                Ok(sent) => sent,
                Err(why) => return Ok(Ran::Missing(ExitError::failed(shortened(line), why))),
            };
            let mut came = Vec::new();
            let asked = ask(&sent, &mut came);
            for part in came {
                self.args.encoding.show(&mut out, &part)?;
            }
            match asked {
                Ok(()) => Ok(Ran::Status(None)), // this wire has none
                Err(error) if error.kind() == ErrorKind::TimedOut => {
                    let why = format!("no answer in {} s", self.timeout.as_secs_f64());
                    Ok(Ran::Missing(ExitError::failed(address, why)))
                }
                Err(error) => failed(error),
            }
        })
    }
}
