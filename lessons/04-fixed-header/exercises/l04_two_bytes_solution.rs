//! Exercise 04.3, a solution: a decoder for messages behind two bytes of length, most significant byte first.
//!
//! "Not yet" and "never" are two answers. When the stream has ended, "not yet" becomes one of two errors, and only the
//! decoder knows which: it alone knows where the header stops.
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};

/// The most that a message may have.
const LIMIT: usize = 1000;

enum Step<'a> {
    Message(&'a [u8], &'a [u8]),
    /// The last line, if nothing more comes.
    NotYet(String),
    Never(String),
}

fn main() -> io::Result<()> {
    let mut input = Vec::new();
    io::stdin().lock().read_to_end(&mut input)?;
    let mut rest = input.as_slice();
    let mut out = io::stdout().lock();
    loop {
        match decode(rest) {
            Step::Message(message, behind) => {
                writeln!(out, "{}", message.escape_ascii())?;
                rest = behind;
            }
            Step::NotYet(last) | Step::Never(last) => return writeln!(out, "{last}"),
        }
    }
}

fn decode(input: &[u8]) -> Step<'_> {
    let Some((header, rest)) = input.split_first_chunk::<2>() else {
        return Step::NotYet(if input.is_empty() {
            "end".into()
        } else {
            "header: 1 of 2 bytes".into()
        });
    };
    let length = usize::from(u16::from_be_bytes(*header));
    // Judged from the header alone, whether the body has come or not.
    if length > LIMIT {
        return Step::Never(format!("refused: {length} bytes, the limit is {LIMIT}"));
    }
    match rest.split_at_checked(length) {
        Some((message, behind)) => Step::Message(message, behind),
        None => Step::NotYet(format!("body: {} of {length} bytes", rest.len())),
    }
}
