//! One line of input is one entry, from a terminal or from a pipe.
//!
//! An entry is the line without its LF or CR LF and otherwise untouched, of any bytes: Latin-1, GBK and half a UTF-8
//! character are all somebody's input. The last line counts without its LF too.

use std::io::{self, BufRead, IsTerminal, Read, StdinLock, Write};

/// A line longer than this is an error, not a reason to fill the memory.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The entries of stdin.
#[derive(Debug)]
pub struct Entries {
    stdin: StdinLock<'static>,
    /// Shown only when a person is typing: stdin and stderr are terminals.
    prompt: Option<&'static str>,
}

impl Entries {
    /// Entries of stdin; `prompt` goes to stderr, and only for a person.
    pub fn new(prompt: &'static str) -> Self {
        let person = io::stdin().is_terminal() && io::stderr().is_terminal();
        Self {
            stdin: io::stdin().lock(),
            prompt: person.then_some(prompt),
        }
    }

    /// Whether a person is typing.
    pub fn interactive(&self) -> bool {
        self.prompt.is_some()
    }

    /// The next entry; `None` at the end of the input.
    ///
    /// # Errors
    /// Those of reading stdin, and a line over 16 MiB.
    pub fn next_entry(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some(prompt) = self.prompt {
            let mut stderr = io::stderr().lock();
            let _ = stderr
                .write_all(prompt.as_bytes())
                .and_then(|()| stderr.flush());
        }
        let line = next_line(&mut self.stdin);
        if self.interactive() && matches!(line, Ok(None)) {
            let _ = io::stderr().write_all(b"\n"); // Ctrl-D prints nothing: the shell's prompt gets a line of its own
        }
        line
    }
}

/// One line without its end.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let read = input.take(LONGEST).read_until(b'\n', &mut line)?;
    if read == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    } else if line.len() as u64 == LONGEST {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("a line is over the limit of {LONGEST} bytes"),
        ));
    }
    Ok(Some(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_everything_but_its_end() {
        let mut input: &[u8] = b"a b \r\n\n\xff\xfe\r\r\nlast";
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut input).unwrap() {
            lines.push(line);
        }
        assert_eq!(lines, [&b"a b "[..], b"", b"\xff\xfe\r", b"last"]);
    }
}
