//! One line of input is one question: `client`, `time` and the one-shot `hello`.
//!
//! A question without an answer is one `error:` line, and the next question is asked all the same; at the end the
//! status says that something was missing.

use common::{Entries, Fault, Output};

use crate::ask::Asker;

/// Asks each line of stdin until its end, or until the line `stop`; a blank line is an empty datagram.
///
/// # Errors
/// An answer was missing (already told), stdin failed, or nobody reads stdout any more.
pub(crate) fn ask_each_line(asker: &mut Asker, stop: Option<&[u8]>) -> Result<(), Fault> {
    asker.resolve()?;
    let mut entries = Entries::new("> ");
    let mut result = Ok(());
    while let Some(question) = entries
        .next_entry()
        .map_err(|error| Fault::io("stdin", &error))?
    {
        if stop == Some(&question) {
            break;
        }
        if let Err(missing) = ask_once(asker, &question) {
            result = Err(told_now(missing)?);
        }
    }
    result
}

/// One question; its answer goes to stdout.
///
/// # Errors
/// No answer, or nobody reads stdout any more.
pub(crate) fn ask_once(asker: &mut Asker, question: &[u8]) -> Result<(), Fault> {
    let answer = asker.ask(question)?;
    Output::default().message(&answer)
}

/// Prints the `error:` line of a question without an answer, so that the next one can be asked.
///
/// # Errors
/// Nobody reads stdout any more: there is no next one.
pub(crate) fn told_now(fault: Fault) -> Result<Fault, Fault> {
    match fault {
        Fault::StdoutClosed => Err(fault),
        missing => Ok(missing.report()),
    }
}
