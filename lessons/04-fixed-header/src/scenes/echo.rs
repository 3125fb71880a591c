//! `server` and `client`: the upper-case echo over any framing.

use std::io::ErrorKind;

use cli::{ExitError, FailedAt, Flags, Output, Result, next_entry};

use super::{ADDRESS, FramingChoice};
use crate::echo::serve_echo;
use crate::message_stream::{MessageStream, Times};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson04 -- server";

/// Answers each message in upper case, one client after the other, for ever.
///
/// # Errors
/// The address cannot be used.
pub fn server(flags: &Flags, choice: FramingChoice) -> Result {
    let layout = choice.layout(flags.wire);
    let listener = cli::listen(flags.addr_or(ADDRESS)?.to_bind()?)?;
    cli::serve(&listener, flags, Some(layout), |stream, _| {
        // What we write is whole: a message, or a batch of them. Nagle's algorithm would hold back the last part of a
        // large one until the rest is acknowledged, and a delayed ACK makes that 40 ms.
        stream.set_nodelay(true)?;
        serve_echo(
            choice.framing(flags.wire),
            stream,
            Times::with_idle(flags.idle),
        )
    })
}

/// Sends each line of stdin as one message and shows the answers.
///
/// # Errors
/// An entry cannot be carried (the others still go), or the connection failed.
pub fn client(flags: &Flags, choice: FramingChoice) -> Result {
    let layout = choice.layout(flags.wire);
    cli::client(flags, ADDRESS, Some(layout), START, |stream, address| {
        stream.set_nodelay(true).failed_at(address)?;
        let framing = choice.framing(flags.wire);
        let mut stream = MessageStream::new(stream, framing, Times::with_idle(flags.idle));
        let mut out = Output;
        let (mut number, mut result) = (0_u64, Ok(()));
        while let Some(entry) = next_entry("> ")? {
            number += 1;
            match stream.write_message(&entry) {
                // The framing cannot carry it; nothing was sent.
                Err(error) if error.kind() == ErrorKind::InvalidData => {
                    result = Err(ExitError::io(format_args!("entry {number}"), &error).report());
                    continue;
                }
                written => written.failed_at(address)?,
            }
            out.message(stream.read_answer().failed_at(address)?)?;
        }
        result
    })
}
