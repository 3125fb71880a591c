//! A person at this end: choose somebody by name, write, read the answer; `q` leaves, and the next line names the next.

use std::time::Duration;

use cli::{Flags, Result, Trace, escaped_line, log, next_entry, shortened};
use timeline::Recorder;

use super::CHAT;
use super::address_book::{Contact, address_book, names};
use super::clients::{Questions, go_on};
use super::shown::show;

/// Talks to people by name until the input ends; a person may take `--idle` to answer.
///
/// # Errors
/// An answer was missing (already reported), stdin failed, or nobody reads stdout any more.
pub fn chat(flags: &Flags, contacts: &[Contact]) -> Result {
    let book = address_book(&flags.addr_or(CHAT)?, contacts);
    let names = escaped_line(names(&book).as_bytes());
    Trace::new(flags, None).show("lesson02", |recorder| {
        let mut result = Ok(());
        let who = format!("who? {names} (q leaves somebody, Ctrl-D ends)\n> ");
        while let Some(name) = next_entry(&who)? {
            // The name is what was typed, to the byte.
            let Some(contact) = book.iter().find(|known| known.name.as_bytes() == name) else {
                let name = shortened(&name);
                log(format_args!("no contact `{name}`: choose one of {names}"));
                continue;
            };
            let one = talk(contact, flags.idle, recorder);
            go_on(one, &mut result)?;
        }
        result
    })
}

/// Messages to one person, until `q` or the end of the input.
fn talk(contact: &Contact, timeout: Duration, recorder: &Recorder) -> Result {
    let (mut looked_up, mut result) = (None, Ok(()));
    let mut exchange = |message: &[u8]| -> Result {
        let questions = match &mut looked_up {
            Some(questions) => questions,
            None => looked_up.insert(Questions::new(
                &contact.address,
                timeout,
                "chat-server",
                recorder,
            )?),
        };
        // First whatever the other person has written since the last answer.
        while let Some(earlier) = questions.asker.unasked() {
            show(&contact.name, &earlier)?;
        }
        show(&contact.name, &questions.ask(message)?)
    };
    while let Some(message) = next_entry("> ")? {
        match message.as_slice() {
            b"q" => break,
            b"" => {} // not sent
            words => go_on(exchange(words), &mut result)?,
        }
    }
    result
}
