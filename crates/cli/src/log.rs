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
#[derive(Debug)]
pub struct BackOff {
    what: &'static str,
    pause: Duration,
    log: RateLimitedLog,
}

impl BackOff {
    const MIN: Duration = Duration::from_millis(10);
    const MAX: Duration = Duration::from_secs(1);

    /// For a call of this name, which the log line begins with.
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            pause: Self::MIN,
            log: RateLimitedLog::default(),
        }
    }

    /// Logs the failure and waits.
    pub fn wait(&mut self, error: &io::Error) {
        self.log
            .line(format_args!("{}: {}; trying again", self.what, why(error)));
        thread::sleep(self.pause);
        self.pause = (self.pause * 2).min(Self::MAX);
    }

    /// The call has succeeded: the next failure waits the first pause again.
    pub fn reset(&mut self) {
        self.pause = Self::MIN;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pause_is_twice_the_last_until_a_call_succeeds() {
        let mut back_off = BackOff::new("accept");
        let began = Instant::now();
        for doubled in [20, 40, 80] {
            back_off.wait(&io::ErrorKind::Other.into());
            assert_eq!(back_off.pause, Duration::from_millis(doubled));
        }
        assert!(began.elapsed() >= Duration::from_millis(70));
        back_off.reset();
        assert_eq!(back_off.pause, BackOff::MIN);
    }
}
