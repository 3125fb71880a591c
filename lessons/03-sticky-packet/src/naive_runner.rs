//! The plain version: cut the line into words, look at the list, run it, wait.
//!
//! This is all there is to running a command, and for a command of your own it is enough. std reads
//! both pipes at once here (reading one to its end and then the other would hang as soon as the
//! other is full, at 64 KiB on Linux).
//!
//! For a stranger's command it lacks promises that the crate `runner` keeps:
//! * no time limit: `sleep 1000` blocks the server for 1000 seconds;
//! * no output limit: `seq 1000000000` fills our memory;
//! * a program that it started and left behind goes on, and holds the pipe, so `output()` waits for
//!   that one too;
//! * nobody notices that the client has left, and Ctrl-C leaves the command running;
//! * our whole environment, secrets in it, is the command's.

use std::io;
use std::process::{Command, Output, Stdio};

/// Runs one command line and waits for its end, however long that takes.
///
/// # Errors
/// The line is not allowed (`InvalidInput`), or the program cannot be started.
pub fn run_plainly(line: &[u8]) -> io::Result<Output> {
    let words = runner::allowed_words(line)
        .map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
    let mut words = words.into_iter();
    let program = words.next().unwrap_or_default();
    Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .output()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The plain version obeys the same list.
    #[test]
    #[cfg(unix)]
    fn it_runs_what_is_on_the_list_and_nothing_else() {
        let output = run_plainly(b"echo 'a  b'").unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.as_slice()),
            (Some(0), b"a  b\n".as_slice())
        );
        assert_eq!(run_plainly(b"false").unwrap().status.code(), Some(1));
        for line in ["", "rm x", "echo 'a", "date 12:00"] {
            let error = run_plainly(line.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{line}");
        }
    }
}
