//! The plain version: cut the line into words, look at the list, run it, wait.
//!
//! This is all there is to running a command, and for a command of your own it is enough. std reads both pipes at once
//! here (reading one to its end and then the other would hang as soon as the other is full, at 64 KiB on Linux).
//!
//! For a stranger's command it lacks promises that `runner.rs` keeps:
//! * no time limit: `sleep 1000` blocks the server for 1000 seconds;
//! * no output limit: `seq 1000000000` fills our memory;
//! * a program that it started and left behind goes on, and holds the pipe, so `output()` waits for that one too;
//! * nobody notices that the client has left, and Ctrl-C leaves the command running;
//! * any number at once, and our whole environment, secrets in it, is the command's.

use std::io;
use std::process::{Command, Output, Stdio};

use crate::{allowed, runner, words};

/// Runs one command line and waits for its end, however long that takes.
///
/// # Errors
/// The line is not allowed (`InvalidInput`), or the program cannot be started.
pub fn run_plainly(line: &[u8]) -> io::Result<Output> {
    let words =
        words::split(line).map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
    allowed::check(&words).map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
    let mut words = words.into_iter().map(runner::os_string);
    let program = words.next().unwrap_or_default();
    Command::new(program)
        .args(words)
        .stdin(Stdio::null())
        .output()
}
