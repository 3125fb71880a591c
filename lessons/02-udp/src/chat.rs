//! A person at this end: choose somebody by name, write, read the answer; `q` leaves, and the next line names the next.

use std::io::{self, Write};
use std::time::Duration;

use common::{Entries, Fault, Output, log, plain_line};
use timeline::Recorder;

use crate::address_book::{AddressBook, Contact};
use crate::ask::Asker;
use crate::clients::told_now;
use crate::shown::shown;

const SERVER: &str = "cargo run -p lesson02 -- chat-server";

/// Talks to the people in `book` until the input ends; a person may take `patience` to answer.
///
/// # Errors
/// An answer was missing (already told), stdin failed, or nobody reads stdout any more.
pub(crate) fn chat(
    book: &AddressBook,
    patience: Duration,
    recorder: &Recorder,
) -> Result<(), Fault> {
    let mut entries = Entries::new("");
    let mut result = Ok(());
    while let Some(name) = next(&mut entries, &format!("who? ({book}; Ctrl-D ends) "))? {
        let Some(contact) = book.find(&name) else {
            log(format_args!(
                "no contact `{}`: choose one of {book}",
                plain_line(&name)
            ));
            continue;
        };
        let mut asker = Asker::new(&contact.address, patience, SERVER, recorder)?;
        while let Some(message) = next(&mut entries, &format!("to {}, q leaves: ", contact.name))? {
            if message == b"q" {
                break;
            }
            if message.is_empty() {
                continue;
            }
            if let Err(missing) = talk(&mut asker, contact, &message) {
                result = Err(told_now(missing)?);
            }
        }
    }
    result
}

/// One message and its answer; before it whatever the other person has written since the last one.
fn talk(asker: &mut Asker, contact: &Contact, message: &[u8]) -> Result<(), Fault> {
    let mut out = Output::default();
    let terminal = out.is_terminal();
    while let Some(earlier) = asker.unasked() {
        out.raw(shown(&contact.name, &earlier, terminal).as_bytes())?;
    }
    let answer = asker.ask(message)?;
    out.raw(shown(&contact.name, &answer, terminal).as_bytes())
}

/// The next line; `prompt` only for a person.
fn next(entries: &mut Entries, prompt: &str) -> Result<Option<Vec<u8>>, Fault> {
    if entries.interactive() {
        let mut stderr = io::stderr().lock();
        let _ = stderr
            .write_all(plain_line(prompt.as_bytes()).as_bytes())
            .and_then(|()| stderr.flush());
    }
    entries
        .next_entry()
        .map_err(|error| Fault::io("stdin", &error))
}
