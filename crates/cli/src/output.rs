//! A program's stdout: what was received and nothing else.

use std::io::{self, BufRead, ErrorKind, IsTerminal, Write};
use std::thread;
use std::time::Duration;

use crate::escaped::{escaped_block, escaped_line};
use crate::exit::{ExitError, Result};

/// Writes to stdout, where it may have been closed (`| head -1`) or made non-blocking by whoever shares it.
#[derive(Debug)]
pub struct Output;

impl Output {
    /// Whether a person reads this on a terminal.
    pub fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// One received message: escaped, followed by one newline, flushed.
    ///
    /// # Errors
    /// [`ExitError::StdoutClosed`] when nobody reads any more.
    pub fn message(&mut self, message: &[u8]) -> Result {
        self.raw(format!("{}\n", escaped_line(message)).as_bytes())
    }

    /// These very bytes, flushed.
    ///
    /// # Errors
    /// [`ExitError::StdoutClosed`] when nobody reads any more.
    pub fn raw(&mut self, bytes: &[u8]) -> Result {
        write_and_flush(&mut io::stdout().lock(), bytes).map_err(|error| match error.kind() {
            ErrorKind::BrokenPipe => ExitError::StdoutClosed,
            _ => ExitError::io("stdout", &error),
        })
    }
}

/// A file on stdout: its exact bytes into a pipe, escaped text onto a terminal.
#[derive(Debug, Default)]
pub struct ToStdout {
    /// On a terminal: the beginning of a character whose rest has not come, at most 3 bytes.
    cut: Vec<u8>,
    /// What ended it; a [`Write`] can only say that something did.
    failed: Option<ExitError>,
}

impl ToStdout {
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
        Output.raw(bytes).map_err(|error| {
            self.failed = Some(error);
            ErrorKind::BrokenPipe.into()
        })
    }
}

impl Write for ToStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if Output.is_terminal() {
            self.cut.extend_from_slice(bytes);
            let rest = self.cut.split_off(whole_characters(&self.cut));
            let text = std::mem::replace(&mut self.cut, rest);
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
    let last = bytes.utf8_chunks().last();
    let wrong = last.map_or(&[][..], |chunk| chunk.invalid());
    match std::str::from_utf8(wrong) {
        // No error length: the bytes are a right beginning that ended too early.
        Err(error) if error.error_len().is_none() => bytes.len() - wrong.len(),
        _ => bytes.len(),
    }
}

/// Prints a demo's text; with `pause` and a terminal it waits for Enter after each block (blank lines stand between).
///
/// # Errors
/// [`ExitError::StdoutClosed`] when nobody reads any more.
pub fn pause_between_blocks(text: &str, pause: bool) -> Result {
    let mut out = Output;
    if !pause || !io::stdin().is_terminal() || !io::stderr().is_terminal() || !out.is_terminal() {
        return out.raw(text.as_bytes());
    }
    let mut blocks = text.split_inclusive("\n\n").peekable();
    while let Some(block) = blocks.next() {
        out.raw(block.as_bytes())?;
        if blocks.peek().is_some() {
            let _ = io::stderr().write_all(b"-- Enter --");
            let _ = io::stdin().lock().read_line(&mut String::new()); // the end of the input steps through the rest
        }
    }
    Ok(())
}

fn write_and_flush(out: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let count = until_ready(|| out.write(bytes))?;
        bytes = bytes.get(count..).unwrap_or_default();
    }
    until_ready(|| out.flush())
}

/// Makes a call again until it would not block: stdin and stdout belong to whoever started us, and may be non-blocking.
///
/// # Errors
/// Any other error of the call.
pub fn until_ready<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                thread::sleep(Duration::from_millis(10)); // not worth a call to poll(2), which std does not have
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
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

    /// Takes two bytes, then is full once.
    #[derive(Default)]
    struct NonBlocking {
        taken: Vec<u8>,
        full: bool,
    }

    impl Write for NonBlocking {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.full = !self.full;
            if !self.full {
                return Err(ErrorKind::WouldBlock.into());
            }
            let count = bytes.len().min(2);
            self.taken.extend(&bytes[..count]);
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_stdout_that_is_full_is_waited_for_and_loses_nothing() {
        let mut out = NonBlocking::default();
        write_and_flush(&mut out, b"hello, world").unwrap();
        assert_eq!(out.taken, b"hello, world");
    }
}
