//! `command-server` and `run`, on both wires.

use std::io::{self, ErrorKind};

use cli::{ExitError, FailedAt, Flags, Output, Ran, Result, RunArgs, Wire};
use cli::{log_command, shortened, warn_of_shell};
use runner::{Rules, Runner, reset_watch};

use timeline::Layout;

use super::{ADDRESS, FramingChoice};
use crate::commands::{read_output, serve_commands};
use crate::message_stream::{MessageStream, Times};
use crate::python::recv_ready;
use crate::python::unframed::{serve_unframed, write_request};

/// Runs commands for clients of this machine, one client after the other, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn command_server(flags: &Flags, framing: FramingChoice, shell: bool) -> Result {
    let listener = cli::listen(flags.addr_or(ADDRESS)?.to_bind_on_loopback()?)?;
    let rules = if shell { Rules::Shell } else { Rules::Listed };
    if shell {
        warn_of_shell();
    }
    let (runner, times) = (Runner::new(rules), Times::with_idle(flags.idle));
    let layout = layout(flags.wire, framing);
    cli::serve(&listener, flags, layout, |stream, peer| {
        stream.set_nodelay(true)?; // a status and its output leave apart when the output is large
        let disconnected = reset_watch(stream.get_ref());
        let run = |command: &[u8]| {
            let answer = runner.run(command, &disconnected);
            log_command(peer, command, answer.status);
            answer
        };
        let course = framing.framing(Wire::Course);
        match (flags.wire, framing) {
            (Wire::Course, _) => serve_commands(course, stream, times, run),
            (Wire::Python, FramingChoice::Text) => {
                serve_unframed(stream, times, run, recv_ready::answer)
            }
            _ => serve_unframed(stream, times, run, MessageStream::write_message),
        }
    })
}

/// Runs one command over there, or each line of stdin. `start` is what to try when nobody listens.
///
/// # Errors
/// The last command failed or could not be sent, or the connection failed.
pub fn run(flags: &Flags, framing: FramingChoice, args: &RunArgs, start: &str) -> Result {
    let layout = layout(flags.wire, framing);
    cli::client(flags, ADDRESS, layout, start, |stream, address| {
        stream.set_nodelay(true).failed_at(address)?;
        let (wire, times) = (flags.wire, Times::with_idle(flags.idle));
        let mut stream = MessageStream::new(stream, framing.framing(wire), times);
        let mut out = Output;
        args.each(|line| {
            let encoded = args.encoding.encode(line);
            let encoded = encoded.map_err(|why| io::Error::new(ErrorKind::InvalidData, why));
            let sent = encoded.and_then(|command| match wire {
                Wire::Course => stream.write_message(&command),
                Wire::Python => write_request(&mut stream, &command),
            });
            match sent {
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    return Ok(not_sent(wire, line, &error));
                }
                sent => sent.failed_at(address)?,
            }
            let answer = match (wire, framing) {
                (Wire::Course, _) => read_output(&mut stream),
                (Wire::Python, FramingChoice::Text) => {
                    recv_ready::read_body(&mut stream).map(no_status)
                }
                _ => stream.read_answer().map(|body| no_status(body.to_vec())),
            };
            let (status, output) = answer.failed_at(address)?;
            args.encoding.show(&mut out, &output)?;
            Ok(Ran::Status(status.map(i64::from)))
        })
    })
}

/// On the python wire an answer is the output alone.
fn no_status(output: Vec<u8>) -> (Option<i32>, Vec<u8>) {
    (None, output)
}

/// A command that could not be sent; nothing of it was. On the course wire the last command's status is the program's, and
/// this one's is a failure; on the python wire no command has a status, so one that is missing is what failed.
fn not_sent(wire: Wire, line: &[u8], why: &io::Error) -> Ran {
    match wire {
        Wire::Course => Ran::Refused(why.to_string()),
        Wire::Python => Ran::Missing(ExitError::io(shortened(line), why)),
    }
}

/// A length in text without an end has no parts that bytes alone could show.
fn layout(wire: Wire, framing: FramingChoice) -> Option<Layout> {
    ((wire, framing) != (Wire::Python, FramingChoice::Text)).then(|| framing.layout(wire))
}
