//! `command-server` and `run`: remote commands over TCP, as the tutorials send them.

use std::io::{self, ErrorKind};
use std::time::Duration;

use super::DEFAULT_ADDR;
use super::trace::Trace;
use common::{
    ClientLog, Fault, Flags, Output, announce, bind_loopback, connect, log, parse_seconds,
    serve_in_turn, short_line,
};
use runner::{Rules, Runner, reset_watch};

use crate::run_lines::{Ran, RunArgs};
use crate::tcp_commands::{NEVER_READS, ask, sendable, serve_commands};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson03 -- command-server";

/// How long a client waits.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Patience {
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECS", value_parser = parse_seconds, default_value = "2", allow_negative_numbers = true)]
    pub(super) timeout: Duration,
}

/// Runs commands for clients of this machine, one client after the other, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn command_server(flags: &Flags, shell: bool) -> Result<(), Fault> {
    let listener = bind_loopback(&flags.addr_or(DEFAULT_ADDR)?)?;
    let addr = listener
        .local_addr()
        .map_err(|error| Fault::io("listener", &error))?;
    say_what_shell_means(shell);
    let runner = Runner::new(rules(shell));
    let (trace, mut ran) = (Trace::new(flags), ClientLog::default());
    announce(addr);
    log(
        "wrong on purpose: one read is taken for one command, and an answer goes out without its length, as in the \
         tutorials; loopback only",
    );
    serve_in_turn(&listener, |stream, peer| {
        stream.set_read_timeout(Some(flags.idle))?;
        stream.set_write_timeout(Some(NEVER_READS))?;
        let disconnected = reset_watch(stream);
        let recorder = trace.every_call();
        let ending = serve_commands(recorder.stream("server", stream), |command| {
            let answer = runner.run(command, &disconnected);
            ran.line(format_args!(
                "{peer}: run {}: status {}",
                short_line(command),
                answer.status
            ));
            answer
        });
        trace.log(&recorder, peer);
        ending.map_err(|error| {
            in_words(
                error,
                format!("silent for {} s; closed by us", seconds(flags)),
            )
        })
    })
}

/// Runs one command over there, or each line of stdin; an answer is what one read gives.
///
/// # Errors
/// An answer was missing or a command could not be sent (the others were), or the connection failed.
pub fn run(flags: &Flags, args: &RunArgs, patience: Patience) -> Result<(), Fault> {
    let address = flags.addr_or(DEFAULT_ADDR)?;
    let stream = connect(&address, START)?;
    log("wrong on purpose: an answer is one read of at most 1024 bytes, as in the tutorials");
    let trace = Trace::new(flags);
    let recorder = trace.every_call();
    let mut tap = recorder.stream("client", &stream);
    let mut out = Output::default();
    let ending = args.each(|line| {
        let sent = match args.encoding.encode(line).and_then(sendable) {
            Ok(sent) => sent,
            Err(why) => return Ok(Ran::Missing(Fault::failed(short_line(line), why))),
        };
        match ask(&mut tap, &sent, patience.timeout) {
            Ok(answer) => args.encoding.show(&mut out, &answer).map(|()| Ran::Done),
            Err(error) if error.kind() == ErrorKind::TimedOut => {
                Ok(Ran::Missing(no_answer(&address, patience)))
            }
            Err(error) => Err(Fault::io(&address, &error)),
        }
    });
    trace.show(&recorder, "client")?;
    ending
}

/// What a read that has come to its time limit means, in words; other errors as they are.
///
/// A timeout has two names: WouldBlock on Unix, TimedOut on Windows. (On Unix `TimedOut` is something else: the kernel gave
/// the connection up.)
pub(super) fn in_words(error: io::Error, silent: String) -> io::Error {
    let limit = error.kind() == ErrorKind::WouldBlock
        || (cfg!(windows) && error.kind() == ErrorKind::TimedOut);
    // One with a sentence of its own was a write's.
    if limit && error.get_ref().is_none() {
        io::Error::new(ErrorKind::TimedOut, silent)
    } else {
        error
    }
}

/// `--idle`, for such words.
pub(super) fn seconds(flags: &Flags) -> f64 {
    flags.idle.as_secs_f64()
}

/// The `error:` line of an answer that did not come in time.
pub(super) fn no_answer(address: impl std::fmt::Display, patience: Patience) -> Fault {
    Fault::failed(
        address,
        format!("no answer in {} s", patience.timeout.as_secs_f64()),
    )
}

pub(super) fn rules(shell: bool) -> Rules {
    if shell { Rules::Shell } else { Rules::Listed }
}

pub(super) fn say_what_shell_means(shell: bool) {
    if shell {
        log(
            "--shell: whoever can type here can run ANY command as you, delete your files included; what leaves its \
             process group (setsid) is never ended. Never leave it running.",
        );
    }
}
