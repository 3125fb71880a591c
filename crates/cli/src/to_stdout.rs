//! A file on stdout: its exact bytes into a pipe, escaped text onto a terminal.

use std::io::{self, ErrorKind, Write};

use crate::escaped::escaped_block;
use crate::exit::{ExitError, Result};
use crate::output::Output;

/// stdout as a place for a file.
#[derive(Debug, Default)]
pub struct ToStdout {
    out: Output,
    /// On a terminal: the beginning of a character whose rest has not come, at most 3 bytes.
    cut: Vec<u8>,
    /// What ended it; a [`Write`] can only say that something did.
    failed: Option<ExitError>,
}

impl ToStdout {
    /// Whether a person reads it.
    pub fn is_terminal(&self) -> bool {
        self.out.is_terminal()
    }

    /// After the last byte: shows what is left of a cut character.
    ///
    /// # Errors
    /// What ended it, if a write has failed.
    pub fn end(mut self) -> Result {
        let _ = self.flush();
        self.failed.map_or(Ok(()), Err)
    }

    /// These very bytes.
    fn print(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.raw(bytes).map_err(|error| {
            self.failed = Some(error);
            ErrorKind::BrokenPipe.into()
        })
    }
}

impl Write for ToStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_terminal() {
            let mut text = std::mem::take(&mut self.cut);
            text.extend_from_slice(bytes);
            self.cut = text.split_off(whole_characters(&text));
            self.print(escaped_block(&text).as_bytes())?;
        } else {
            self.print(bytes)?;
        }
        Ok(bytes.len())
    }

    /// The end of the file: shows what is left of a character that never became whole.
    fn flush(&mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.cut);
        self.print(escaped_block(&rest).as_bytes())
    }
}

/// How many bytes stand before a character that is cut off at the end.
fn whole_characters(bytes: &[u8]) -> usize {
    let begins = |at: &usize| match std::str::from_utf8(bytes.get(*at..).unwrap_or_default()) {
        // No error length: the bytes are a right beginning that ended too early.
        Err(error) => error.valid_up_to() == 0 && error.error_len().is_none(),
        Ok(_) => false,
    };
    let last = bytes.len().saturating_sub(3)..bytes.len();
    last.into_iter().find(begins).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_cut_anywhere_is_shown_whole() {
        let text = "粘\u{1b}👩x\u{ff}é".as_bytes();
        let text = [text, b"\xff\xe4", "好".as_bytes(), b"\xe4\xbd"].concat();
        for cut in 0..=text.len() {
            let (first, second) = text.split_at(cut);
            let (whole, begun) = first.split_at(whole_characters(first));
            let shown = escaped_block(whole) + &escaped_block(&[begun, second].concat());
            assert_eq!(shown, escaped_block(&text), "cut at {cut}");
            assert!(begun.len() <= 3);
        }
    }
}
