//! `talk`: a person at the client's end, who says something and waits for the answer.

use std::io::Write;

use common::{Entries, Fault, Flags, Output};

use crate::client::Link;
use crate::exchange::one_read;
use crate::trace::Trace;
use crate::{DEFAULT_ADDR, ONE_READ};

/// The scene `talk`.
///
/// # Errors
/// No connection, no answer in time, or the server has gone.
pub fn talk(flags: &Flags) -> Result<(), Fault> {
    let link = Link::open(
        &flags.addr_or(DEFAULT_ADDR)?,
        flags.idle,
        Trace::new(flags),
        "talk-server",
    )?;
    let ending = conversation(&link);
    link.close(ending)
}

fn conversation(link: &Link) -> Result<(), Fault> {
    let mut entries = Entries::new("you (Ctrl-D ends): ");
    let mut output = Output::default();
    while let Some(line) = entries
        .next_entry()
        .map_err(|error| Fault::io("stdin", &error))?
    {
        if line.is_empty() {
            continue; // nothing would be sent
        }
        (&link.stream)
            .write_all(&line)
            .map_err(|error| link.fault(&error))?;
        // How long the answer is, only the person over there knows: whatever one read gives is taken for it.
        let answer = one_read(&link.stream, ONE_READ).map_err(|error| link.fault(&error))?;
        if answer.is_empty() {
            return Err(link.ended(0, 1));
        }
        output.message(&answer)?;
    }
    Ok(())
}
