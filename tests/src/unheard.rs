//! A program whose output nobody reads. `programs.rs` collects all that a program prints, and so can never show what one
//! does when its pipe is full, or closed.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command};

use crate::fail;

/// A program that ends with its test. Its pipes are read by nobody, unless the test does.
#[derive(Debug)]
pub struct Unheard(pub Child);

impl Unheard {
    /// Starts it, with the pipes that `command` has.
    #[track_caller]
    pub fn start(mut command: Command) -> Self {
        match command.spawn() {
            Ok(child) => Self(child),
            Err(error) => fail(format_args!("{command:?}: {error}")),
        }
    }

    /// Reads where it listens from its stdout, and then closes that: nobody reads on.
    #[track_caller]
    pub fn listens(&mut self) -> SocketAddr {
        let mut line = String::new();
        let read = self
            .0
            .stdout
            .take()
            .map(|stdout| BufReader::new(stdout).read_line(&mut line));
        match line
            .trim_end()
            .strip_prefix("listening on ")
            .map(str::parse)
        {
            Some(Ok(addr)) => addr,
            _ => fail(format_args!(
                "no `listening on IP:PORT` came: {line:?} {read:?}"
            )),
        }
    }
}

impl Drop for Unheard {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
