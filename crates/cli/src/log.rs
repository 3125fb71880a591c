//! What a program says to whoever reads along: its log on stderr, and a server's first line on stdout.

use std::fmt::Display;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use crate::exit::why;

/// One line to stderr, in one write. A closed stderr is no reason to stop.
///
/// The caller escapes text from others first ([`crate::escaped_line`], [`crate::shortened`]).
pub fn log(line: impl Display) {
    let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
}

/// A server's first line on stdout: `listening on IP:PORT`, flushed before the first accept or receive.
///
/// A server goes on when its stdout is closed, so failing to say it is no error.
pub fn announce(addr: SocketAddr) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "listening on {addr}").and_then(|()| stdout.flush());
}

/// Log lines of one kind, at most one a second: a flood of failures must not become a flood of lines.
#[derive(Debug, Default)]
pub struct RateLimitedLog {
    last: Option<Instant>,
}

impl RateLimitedLog {
    /// [`log`], unless the last line is less than a second old.
    pub fn line(&mut self, line: impl Display) {
        let second = Duration::from_secs(1);
        if self.last.is_none_or(|at| at.elapsed() >= second) {
            log(line);
            self.last = Some(Instant::now());
        }
    }
}

/// The pause after a call that failed and is tried again: 10 ms, doubling to 1 s.
///
/// Without it an accept loop that is out of descriptors was seen to burn a core on millions of failing calls.
#[derive(Debug, Default)]
pub struct BackOff {
    failures: u32,
    log: RateLimitedLog,
}

impl BackOff {
    /// Logs that the call of this name has failed, and waits.
    pub fn wait(&mut self, call: &str, error: &io::Error) {
        let why = why(error);
        self.log.line(format_args!("{call}: {why}; trying again"));
        thread::sleep(self.pause());
        self.failures = self.failures.saturating_add(1);
    }

    /// The call has succeeded: the next failure waits the first pause again.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    fn pause(&self) -> Duration {
        Duration::from_millis(1000.min(10 << self.failures.min(7)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_twice_the_last_until_a_call_succeeds() {
        let mut back_off = BackOff::default();
        let began = Instant::now();
        for doubled in [20, 40, 80] {
            back_off.wait("accept", &io::ErrorKind::Other.into());
            assert_eq!(back_off.pause(), Duration::from_millis(doubled));
        }
        assert!(began.elapsed() >= Duration::from_millis(70));
        back_off.reset();
        assert_eq!(back_off.pause(), Duration::from_millis(10));
        back_off.failures = u32::MAX - 1;
        assert_eq!(back_off.pause(), Duration::from_secs(1));
    }
}
