//! Remote commands, both ends, over any framing.
//!
//! ```text
//! request: [ls -l]        answer: [status, 4 bytes] [stdout, then stderr]        [ ] = one message
//! ```
//!
//! What runs is the business of the crate `runner`. Here is only what travels; `python/unframed.rs` has the tutorials' bytes.

use std::io::{self, ErrorKind, Read, Write};

use common::{Framing, Timeouts};
use runner::{Answer, guard};

use crate::message_stream::{MessageStream, Times};

/// The most that a command's output may have, cut line included.
pub const OUTPUT_LIMIT: usize = 1_048_576;

/// Serves one connection until its end; `run` runs one command line.
///
/// # Errors
/// The stream failed, the peer broke the protocol, or it speaks HTTP: a page in somebody's browser can reach loopback,
/// and what it posts must never become a command.
pub fn serve_commands<S: Read + Write + Timeouts>(
    framing: impl Framing,
    stream: S,
    times: Times,
    mut run: impl FnMut(&[u8]) -> Answer,
) -> io::Result<()> {
    let mut stream = MessageStream::new(stream, framing, times);
    while let Some(command) = stream.read_message()? {
        guard::framed(command)?;
        let answer = run(command);
        stream.queue_message(&answer.status.to_be_bytes())?;
        stream.write_message(&answer.body(OUTPUT_LIMIT))?;
    }
    Ok(())
}

/// Reads what a command gave over there: its exit status (the python wire has none), and its output.
///
/// # Errors
/// Those of [`MessageStream::read_answer`]; a status that is not four bytes.
pub fn read_output<S: Read + Write + Timeouts>(
    stream: &mut MessageStream<S, impl Framing>,
) -> io::Result<(Option<i32>, Vec<u8>)> {
    let status = stream.read_answer()?;
    let Ok(status) = status.try_into().map(i32::from_be_bytes) else {
        let why = format!("a status is 4 bytes, this one has {}", status.len());
        return Err(io::Error::new(ErrorKind::InvalidData, why));
    };
    Ok((Some(status), stream.read_answer()?.to_vec()))
}
