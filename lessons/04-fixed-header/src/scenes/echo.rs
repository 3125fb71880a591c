//! `server` and `client`: the upper-case echo over any framing.

use common::{Entries, Fault, Flags, Output, announce, bind, serve_in_turn};

use crate::choice::Choice;
use crate::echo::serve_echo;
use crate::message_stream::{MessageStream, Times};
use crate::traced::{DEFAULT, as_client, outputs, traced_server};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson04 -- server";

/// Answers each message in upper case, one client after the other, for ever.
///
/// # Errors
/// The address cannot be used.
pub fn server(flags: &Flags, choice: Choice) -> Result<(), Fault> {
    let listener = bind(&flags.addr_or(DEFAULT)?)?;
    let addr = listener
        .local_addr()
        .map_err(|error| Fault::io("listener", &error))?;
    let outputs = outputs(flags);
    announce(addr);
    serve_in_turn(&listener, |stream, _| {
        traced_server(&outputs, choice.layout(flags.wire), stream, |tap| {
            serve_echo(
                choice.framing(flags.wire),
                tap,
                Times::with_idle(flags.idle),
            )
        })
    })
}

/// Sends each line of stdin as one message and shows the answers.
///
/// # Errors
/// An entry cannot be carried (the others still go), or the connection failed.
pub fn client(flags: &Flags, choice: Choice) -> Result<(), Fault> {
    as_client(flags, choice.layout(flags.wire), START, |address, tap| {
        let framing = choice.framing(flags.wire);
        let mut stream = MessageStream::new(
            tap,
            choice.framing(flags.wire),
            Times::with_idle(flags.idle),
        );
        let mut entries = Entries::new("message> ");
        let (mut out, mut result, mut number) = (Output::default(), Ok(()), 0_u64);
        while let Some(entry) = entries
            .next_entry()
            .map_err(|error| Fault::io("stdin", &error))?
        {
            number += 1;
            if let Err(why) = framing.encode(&entry, &mut Vec::new()) {
                result = Err(Fault::failed(format_args!("entry {number}"), why).report());
                continue;
            }
            let failed = |error| Fault::io(address, &error);
            stream.write_message(&entry).map_err(failed)?;
            out.message(stream.read_answer().map_err(failed)?)?;
        }
        result
    })
}
