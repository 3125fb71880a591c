//! One line of input is one entry, from a terminal or from a pipe.
//!
//! An entry is the line without its LF or CR LF and otherwise untouched, of any bytes: Latin-1, GBK and half a UTF-8
//! character are all somebody's input. The last line counts without its LF too.

use std::io::{self, BufRead, ErrorKind, IsTerminal, Read, Write};

use crate::exit::{FailedAt, Result};
use crate::output::until_ready;

/// A line longer than this is an error, not a reason to fill the memory.
const MAX_LINE: u64 = 16 * 1024 * 1024;

/// The next entry of stdin; `None` at its end. `prompt` goes to stderr, and only where a person types: where stdin and stderr
/// are terminals.
///
/// # Errors
/// Those of reading stdin, and a line over 16 MiB.
pub fn next_entry(prompt: &str) -> Result<Option<Vec<u8>>> {
    let interactive = io::stdin().is_terminal() && io::stderr().is_terminal();
    if interactive {
        let _ = io::stderr().write_all(prompt.as_bytes());
    }
    let line = next_line(&mut io::stdin().lock()).failed_at("stdin")?;
    if interactive && line.is_none() {
        let _ = io::stderr().write_all(b"\n"); // Ctrl-D prints nothing: the shell's prompt gets a line of its own
    }
    Ok(line)
}

/// One line without its end.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut input = input.take(MAX_LINE);
    until_ready(|| input.read_until(b'\n', &mut line))?; // what came before a pause stays in `line`
    match line.as_slice() {
        [] => return Ok(None),
        [.., b'\r', b'\n'] => line.truncate(line.len() - 2),
        [.., b'\n'] => line.truncate(line.len() - 1),
        long if long.len() as u64 == MAX_LINE => {
            let why = format!("a line is over the limit of {MAX_LINE} bytes");
            return Err(io::Error::new(ErrorKind::InvalidData, why));
        }
        _ => {}
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

    /// A stdin that somebody made non-blocking: nothing there is not the end.
    struct NonBlocking(Vec<io::Result<&'static [u8]>>);

    impl Read for NonBlocking {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            match self.0.pop() {
                None => Ok(0),
                Some(piece) => piece?.read(buffer),
            }
        }
    }

    #[test]
    fn a_line_that_is_not_whole_yet_is_waited_for() {
        let not_yet = || Err(ErrorKind::WouldBlock.into());
        let pieces = vec![Ok(&b"lo\nworld"[..]), not_yet(), Ok(b"hel"), not_yet()];
        let mut input = io::BufReader::new(NonBlocking(pieces));
        assert_eq!(next_line(&mut input).unwrap(), Some(b"hello".to_vec()));
        assert_eq!(next_line(&mut input).unwrap(), Some(b"world".to_vec()));
        assert_eq!(next_line(&mut input).unwrap(), None);
    }
}
