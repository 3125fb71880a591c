//! What a program says to whoever reads along: its log on stderr, and a server's lines on stdout.
//!
//! Too many lines are bad for a reader, and a full pipe is bad for the program: so some logs are bounded in number
//! ([`SeldomLog`], [`ClientLog`]), and no line waits for somebody who never reads (`unread.rs`).

use std::fmt::Display;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::unread::Unread;

/// One line to stderr. Nobody listening is no reason to stop, and somebody who holds the pipe and never reads is none to
/// wait (`unread.rs`).
///
/// The caller makes text from others harmless first ([`crate::plain_line`]).
pub fn log(line: impl Display) {
    static LOG: Unread = Unread::new();
    LOG.line(&mut io::stderr(), &line.to_string());
}

/// One line to a server's stdout, in the same way.
pub fn tell(line: impl Display) {
    static TOLD: Unread = Unread::new();
    let mut stdout = io::stdout();
    TOLD.line(&mut stdout, &line.to_string());
    let _ = stdout.flush();
}

/// Log lines of one kind, at most one a second: a flood of failures must not become a flood of lines.
#[derive(Debug, Default)]
pub struct SeldomLog {
    last: Option<Instant>,
}

impl SeldomLog {
    /// [`log`], unless the last line is less than a second old; whether the line was printed.
    pub fn line(&mut self, line: impl Display) -> bool {
        let due = self
            .last
            .is_none_or(|at| at.elapsed() >= Duration::from_secs(1));
        if due {
            log(line);
            self.last = Some(Instant::now());
        }
        due
    }
}

/// A server's log of its clients: every line as long as people can read along, then at most one a second.
///
/// Ten thousand clients that end badly must not become ten thousand lines: nobody reads those, and each costs a write.
#[derive(Debug)]
pub struct ClientLog {
    /// How many lines may be printed now.
    left: u32,
    /// Since when `left` is what it is.
    since: Instant,
    /// How many were not printed.
    skipped: u64,
}

impl Default for ClientLog {
    fn default() -> Self {
        Self {
            left: Self::AT_ONCE,
            since: Instant::now(),
            skipped: 0,
        }
    }
}

impl ClientLog {
    /// So many lines may come at once; each second allows one more, up to this again.
    const AT_ONCE: u32 = 200;

    /// [`log`], unless there have been too many lines; whether the line was printed. The next one that is printed says
    /// how many were not.
    pub fn line(&mut self, line: impl Display) -> bool {
        let seconds = self.since.elapsed().as_secs();
        if seconds > 0 {
            self.since += Duration::from_secs(seconds);
            let more = u32::try_from(seconds).unwrap_or(u32::MAX);
            self.left = self.left.saturating_add(more).min(Self::AT_ONCE);
        }
        if self.left == 0 {
            self.skipped += 1;
            return false;
        }
        self.left -= 1;
        match std::mem::take(&mut self.skipped) {
            0 => log(line),
            skipped => log(format_args!(
                "{line} ({skipped} lines before it were left out)"
            )),
        }
        true
    }
}

/// A server's first line on stdout: `listening on IP:PORT`, flushed before the first accept or receive.
///
/// A server goes on when its stdout is closed, so failing to say it is no error.
pub fn announce(addr: SocketAddr) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "listening on {addr}").and_then(|()| stdout.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_failures_in_a_row_are_one_line() {
        let mut log = SeldomLog::default();
        let printed = (0..1000)
            .filter(|n| log.line(format_args!("failure {n}")))
            .count();
        // A machine that stands still for a second in between may print another.
        assert!((1..10).contains(&printed), "{printed} lines");
    }

    #[test]
    fn ten_thousand_clients_are_a_few_hundred_lines_and_the_rest_is_counted() {
        let mut log = ClientLog::default();
        let printed = (0..10_000)
            .filter(|n| log.line(format_args!("client {n}")))
            .count() as u64;
        assert!((200..210).contains(&printed), "{printed} lines");
        assert_eq!(log.skipped, 10_000 - printed);
        log.since -= Duration::from_secs(3); // three seconds later
        let printed = (0..10)
            .filter(|n| log.line(format_args!("late client {n}")))
            .count();
        assert!((3..5).contains(&printed), "{printed} lines");
        assert!(log.skipped >= 6, "{}", log.skipped);
    }
}
