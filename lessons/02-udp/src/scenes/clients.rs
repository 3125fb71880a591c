//! One line of input is one question: `client`, `time`, and the one-shot `hello`.
//!
//! A question without an answer is one `error:` line, and the next question is asked all the same; at the end the
//! status says that something was missing.

use std::ffi::OsString;
use std::net::UdpSocket;
use std::time::Duration;

use cli::{Address, ExitError, Flags, Output, Result, Trace, connect_error, next_entry};
use timeline::{DatagramTap, Recorder};

use super::{HERE, TIME};
use crate::ask::Asker;

/// Sends each line of stdin until `q`, prints each answer.
///
/// # Errors
/// An answer was missing, or stdin failed.
pub fn client(flags: &Flags, timeout: Duration) -> Result {
    asking(flags, HERE, timeout, "server", |questions| {
        questions.ask_each_line(Some(b"q"))
    })
}

/// Sends `hello`, prints the answer.
///
/// # Errors
/// No answer.
pub fn hello(flags: &Flags, timeout: Duration) -> Result {
    asking(flags, HERE, timeout, "hello-server", |questions| {
        questions.print_answer(b"hello")
    })
}

/// Asks for the time in one format, or in each format of stdin.
///
/// # Errors
/// An answer was missing, or stdin failed.
pub fn time(flags: &Flags, format: Option<OsString>, timeout: Duration) -> Result {
    asking(
        flags,
        TIME,
        timeout,
        "time-server",
        |questions| match format {
            Some(format) => questions.print_answer(format.as_encoded_bytes()),
            None => questions.ask_each_line(None),
        },
    )
}

/// Looks the address up before anything is typed, and records what `scene` asks there.
fn asking(
    flags: &Flags,
    default: &str,
    timeout: Duration,
    server: &'static str,
    scene: impl FnOnce(&mut Questions) -> Result,
) -> Result {
    let address = flags.addr_or(default)?;
    Trace::new(flags, None).show("lesson02", |recorder| {
        scene(&mut Questions::new(&address, timeout, server, recorder)?)
    })
}

type Wrap = Box<dyn Fn(UdpSocket) -> DatagramTap<UdpSocket>>;

/// An [`Asker`] whose sockets are recorded and whose errors name the next step.
pub(super) struct Questions {
    pub(super) asker: Asker<DatagramTap<UdpSocket>, Wrap>,
    /// The scene that is the other end.
    server: &'static str,
}

impl Questions {
    /// Looks the address up, so that a wrong one is an error before anything is typed.
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
        let next_step = format!("cargo run -p lesson02 -- {}", self.server);
        answer.map_err(|(addr, error)| connect_error(addr, &error, &next_step))
    }

    fn print_answer(&mut self, question: &[u8]) -> Result {
        let answer = self.ask(question)?;
        Output.message(&answer)
    }

    /// Asks each line of stdin until its end, or until the line `stop`; a blank line is an empty datagram.
    fn ask_each_line(&mut self, stop: Option<&[u8]>) -> Result {
        let mut result = Ok(());
        while let Some(question) = next_entry("> ")? {
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
