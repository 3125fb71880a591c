//! A message from a person, as one line: on a terminal with a name before it and in colour, in a pipe the message alone.
//!
//! What a stranger typed must not steer our terminal: it is escaped first, so the only escape sequences in the
//! line are the two that are written here.

use std::fmt::Display;

use cli::{Output, Result, escaped_line};

/// White on blue, bold: the colours of the Python tutorial. The name says whose words they are without any colour.
const COLOUR: &str = "\x1b[1;44m";
const END: &str = "\x1b[0m";

/// Shows it on stdout.
///
/// # Errors
/// Nobody reads stdout any more.
pub(super) fn show(who: impl Display, message: &[u8]) -> Result {
    let mut out = Output;
    out.raw(shown(who, message, out.is_terminal()).as_bytes())
}

/// One line, with its LF.
fn shown(who: impl Display, message: &[u8], on_a_terminal: bool) -> String {
    let message = escaped_line(message);
    if on_a_terminal {
        let who = escaped_line(who.to_string().as_bytes());
        format!("{who}: {COLOUR}{message}{END}\n")
    } else {
        format!("{message}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pipe_gets_the_message_alone() {
        assert_eq!(shown("egg", "你好".as_bytes(), false), "你好\n");
    }

    #[test]
    fn a_terminal_gets_a_name_and_two_escape_sequences_of_ours() {
        let line = shown("egg", b"\x1b[2Jboo\n", true);
        assert_eq!(line, "egg: \x1b[1;44m\\u{1b}[2Jboo\\u{a}\x1b[0m\n");
    }
}
