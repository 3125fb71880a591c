//! One line of input is one question: `client`, `time`, and the one-shot `hello`.
//!
//! A question without an answer is one `error:` line, and the next question is asked all the same; at the end the
//! status says that something was missing.

use std::ffi::OsString;
use std::net::UdpSocket;
use std::time::Duration;

use clap::Args;
use cli::{
    Address, Entries, ExitError, Flags, Output, Result, connect_error, parse_seconds, traced,
};
use timeline::{DatagramTap, Recorder};

use super::{HERE, TIME};
use crate::ask::Asker;

/// How long a client waits.
#[derive(Debug, Clone, Copy, Args)]
pub struct Timeout {
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECS", value_parser = parse_seconds, default_value = "2", allow_negative_numbers = true)]
    timeout: Duration,
}

/// What to ask a time server.
#[derive(Debug, Args)]
pub struct Format {
    /// A strftime format; without it, one format a line from stdin
    format: Option<OsString>,
    #[command(flatten)]
    timeout: Timeout,
}

/// Sends each line of stdin until `q`, prints each answer.
///
/// # Errors
/// An answer was missing, or stdin failed.
pub fn client(flags: &Flags, timeout: Timeout) -> Result {
    let server = "cargo run -p lesson02 -- server";
    asking(flags, HERE, timeout, server, |questions| {
        questions.ask_each_line(Some(b"q"))
    })
}

/// Sends `hello`, prints the answer.
///
/// # Errors
/// No answer.
pub fn hello(flags: &Flags, timeout: Timeout) -> Result {
    let server = "cargo run -p lesson02 -- hello-server";
    asking(flags, HERE, timeout, server, |questions| {
        questions.print_answer(b"hello")
    })
}

/// Asks for the time in one format, or in each format of stdin.
///
/// # Errors
/// An answer was missing, or stdin failed.
pub fn time(flags: &Flags, Format { format, timeout }: &Format) -> Result {
    let server = "cargo run -p lesson02 -- time-server";
    asking(flags, TIME, *timeout, server, |questions| match format {
        Some(format) => questions.print_answer(format.as_encoded_bytes()),
        None => questions.ask_each_line(None),
    })
}

/// Looks the address up before anything is typed, and records what `scene` asks there.
fn asking(
    flags: &Flags,
    default: &str,
    Timeout { timeout }: Timeout,
    server: &'static str,
    scene: impl FnOnce(&mut Questions) -> Result,
) -> Result {
    let address = flags.addr_or(default)?;
    traced(flags, "lesson02", |recorder| {
        scene(&mut Questions::new(&address, timeout, server, recorder)?)
    })
}

type Wrap = Box<dyn Fn(UdpSocket) -> DatagramTap<UdpSocket>>;

/// An [`Asker`] whose sockets are recorded and whose errors name the next step.
pub(super) struct Questions {
    pub(super) asker: Asker<DatagramTap<UdpSocket>, Wrap>,
    /// The command that starts the other end.
    server: &'static str,
}

impl Questions {
    /// Looks the address up, so that a wrong one is told before anything is typed.
    pub(super) fn new(
        address: &Address,
        timeout: Duration,
        server: &'static str,
        recorder: &Recorder,
    ) -> Result<Self> {
        let recorder = recorder.clone();
        let wrap: Wrap = Box::new(move |socket| recorder.datagram("client", socket));
        let asker = Asker::new(address.resolve_to_connect()?, timeout, wrap);
        Ok(Self { asker, server })
    }

    pub(super) fn ask(&mut self, question: &[u8]) -> Result<Vec<u8>> {
        let answer = self.asker.ask(question);
        answer.map_err(|(addr, error)| connect_error(addr, &error, self.server))
    }

    fn print_answer(&mut self, question: &[u8]) -> Result {
        let answer = self.ask(question)?;
        Output::default().message(&answer)
    }

    /// Asks each line of stdin until its end, or until the line `stop`; a blank line is an empty datagram.
    fn ask_each_line(&mut self, stop: Option<&[u8]>) -> Result {
        let (mut entries, mut result) = (Entries::default(), Ok(()));
        while let Some(question) = entries.next("> ")? {
            if stop == Some(&question) {
                break;
            }
            go_on(self.print_answer(&question), &mut result)?;
        }
        result
    }
}

/// Prints the `error:` line of a question without an answer and remembers it in `result`; the next one can be asked.
///
/// # Errors
/// Nobody reads stdout any more: there is no next one.
pub(super) fn go_on(one: Result, result: &mut Result) -> Result {
    match one {
        Err(ExitError::StdoutClosed) => return Err(ExitError::StdoutClosed),
        Err(missing) => *result = Err(missing.report()),
        Ok(()) => {}
    }
    Ok(())
}
