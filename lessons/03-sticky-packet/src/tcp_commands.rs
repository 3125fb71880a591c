//! Remote commands as the tutorials send them over TCP: without any framing, both ways. Wrong on purpose.
//!
//! ```text
//! client                                   server
//! seq 400            ─────────────────▶    one read of at most 1,024 bytes: "a command"
//!                    ◀─────────────────    1,492 bytes: stdout, then stderr. No length, no end
//! one read of at most 1,024 bytes: "the answer". 468 bytes stay behind
//! echo hi            ─────────────────▶
//!                    ◀─────────────────    hi
//! one read: the 468 bytes, and perhaps `hi`
//! ```
//!
//! What runs, and for how long, is the business of the crate `runner`. Here is only what travels.

use std::borrow::Cow;
use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use common::Timeouts;
use runner::{Answer, guard};

use crate::reader_writer::{in_words, one_read};

/// What the tutorials ask for: `recv(1024)`. A request may not be longer, because the rest would be another command.
pub const ONE_READ: usize = 1024;
/// A client that takes nothing of its answer for so long is not going to.
const NEVER_READS: Duration = Duration::from_secs(10);
/// The most that a command's output may have, cut line included: no limit of the wire (it has none) but of our memory.
const OUTPUT_LIMIT: usize = 1 << 20;
const NO_ANSWER: &str = "the server closed the connection without an answer";

/// Serves one connection until its end; `run` runs one command line.
///
/// # Errors
/// The stream failed, the client was silent for longer than `idle` or never reads, or it speaks HTTP or TLS: a page in
/// somebody's browser can reach loopback, and what it posts must never become a command.
// ANCHOR: serve
pub fn serve_commands<S: Read + Write + Timeouts>(
    mut stream: S,
    idle: Duration,
    mut run: impl FnMut(&[u8]) -> Answer,
) -> io::Result<()> {
    stream.set_read_timeout(Some(idle))?;
    stream.set_write_timeout(Some(NEVER_READS))?;
    let mut buffer = [0; ONE_READ];
    loop {
        let command = one_read(&mut stream, &mut buffer) // the mistake: one read is not one command
            .map_err(|error| in_words(error, "silent for", idle))?;
        if command.is_empty() {
            return Ok(());
        }
        guard::unframed(command)?; // nor is HTTP
        let answer = run(command).body(OUTPUT_LIMIT);
        stream
            .write_all(&answer) // no length before it, no delimiter after it
            .map_err(|error| in_words(error, "took nothing of its answer for", NEVER_READS))?;
    }
}
// ANCHOR_END: serve

/// Sends one command and takes what one read gives for its answer.
///
/// # Errors
/// `TimedOut` when nothing comes in time, `UnexpectedEof` when the server closed; those of the socket.
// ANCHOR: ask
pub fn ask<S: Read + Write + Timeouts>(
    mut stream: S,
    command: &[u8],
    timeout: Duration,
) -> io::Result<Vec<u8>> {
    stream.write_all(command)?;
    stream.set_read_timeout(Some(timeout))?;
    let mut buffer = [0; ONE_READ];
    match one_read(&mut stream, &mut buffer) {
        Ok([]) => Err(io::Error::new(ErrorKind::UnexpectedEof, NO_ANSWER)),
        Ok(answer) => Ok(answer.to_vec()), // the mistake: one read is not one answer
        Err(error) if error.kind() == ErrorKind::WouldBlock => Err(ErrorKind::TimedOut.into()),
        Err(error) => Err(error),
    }
}
// ANCHOR_END: ask

/// A command that can be sent without framing: nothing is no bytes and has no answer, and what does not fit one read over
/// there would be several commands.
///
/// # Errors
/// Why it cannot, with its size and the limit.
pub fn sendable(command: Cow<'_, [u8]>) -> Result<Cow<'_, [u8]>, String> {
    match command.len() {
        1..=ONE_READ => Ok(command),
        size => Err(format!(
            "command of {size} bytes: an unframed one has 1 to {ONE_READ}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::collections::VecDeque;

    const IDLE: Duration = Duration::from_millis(1500);

    /// A stream that gives these reads and keeps what is written.
    struct Script {
        reads: VecDeque<Vec<u8>>,
        written: Vec<u8>,
        interrupted: bool,
    }

    impl Read for Script {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.interrupted = !self.interrupted;
            if self.interrupted {
                return Err(ErrorKind::Interrupted.into());
            }
            let Some(mut next) = self.reads.pop_front() else {
                return Ok(0);
            };
            let rest = next.split_off(next.len().min(buffer.len()));
            buffer[..next.len()].copy_from_slice(&next);
            if !rest.is_empty() {
                self.reads.push_front(rest);
            }
            Ok(next.len())
        }
    }

    impl Write for Script {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.written.push(bytes[0]); // a short write each time
            Ok(1)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Timeouts for Script {
        fn set_read_timeout(&self, _: Option<Duration>) -> io::Result<()> {
            Ok(())
        }

        fn set_write_timeout(&self, _: Option<Duration>) -> io::Result<()> {
            Ok(())
        }
    }

    fn served(reads: &[&[u8]]) -> (io::Result<()>, Vec<Vec<u8>>, String) {
        let reads = reads.iter().map(|read| read.to_vec()).collect();
        let mut script = Script {
            reads,
            written: Vec::new(),
            interrupted: false,
        };
        let mut commands = Vec::new();
        let result = serve_commands(&mut script, IDLE, |command| {
            commands.push(command.to_vec());
            Answer {
                status: 1,
                stdout: b"out;".to_vec(),
                stderr: b"err;".to_vec(),
                cut: false,
            }
        });
        (result, commands, String::from_utf8(script.written).unwrap())
    }

    #[test]
    fn each_read_is_a_command_and_stdout_stands_before_stderr() {
        let (result, commands, written) = served(&[b"ls", b"echo hi"]);
        result.unwrap();
        assert_eq!(commands, [b"ls".to_vec(), b"echo hi".to_vec()]);
        assert_eq!(written, "out;err;out;err;");
    }

    #[test]
    fn a_request_longer_than_one_read_becomes_two_commands() {
        let (_, commands, _) = served(&[&[b'x'; 1025]]);
        assert_eq!(commands, [vec![b'x'; 1024], vec![b'x']]);
    }

    #[test]
    fn http_ends_the_connection_and_what_stands_behind_it_is_never_run() {
        let (result, commands, written) =
            served(&[b"POST / HTTP/1.1\r\n\r\n", b"rm -rf important"]);
        assert_eq!(result.unwrap_err().kind(), ErrorKind::InvalidData);
        assert!(commands.is_empty() && written.is_empty());
    }

    /// Says something, and takes nothing; or says nothing. Either at the end of its time limit.
    struct Stuck {
        talks: bool,
        limits: Cell<[Option<Duration>; 2]>,
    }

    impl Read for &Stuck {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some(first) = buffer.first_mut().filter(|_| self.talks) else {
                return Err(ErrorKind::WouldBlock.into());
            };
            *first = b'x';
            Ok(1)
        }
    }

    impl Write for &Stuck {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::WouldBlock.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Timeouts for Stuck {
        fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
            self.limits.set([left, self.limits.get()[1]]);
            Ok(())
        }

        fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
            self.limits.set([self.limits.get()[0], left]);
            Ok(())
        }
    }

    #[test]
    fn a_write_at_its_time_limit_is_told_from_a_silence() {
        for (talks, told) in [
            (true, "took nothing of its answer for 10 s; closed by us"),
            (false, "silent for 1.5 s; closed by us"),
        ] {
            let limits = Cell::default();
            let stuck = Stuck { talks, limits };
            let run = |_: &[u8]| Answer::line(126, "not allowed", "x");
            let error = serve_commands(&stuck, IDLE, run).unwrap_err();
            assert_eq!(error.to_string(), told);
            assert_eq!(stuck.limits.get(), [Some(IDLE), Some(NEVER_READS)]);
        }
    }

    #[test]
    fn what_cannot_be_sent_unframed_is_named_with_its_limit() {
        assert!(sendable(Cow::Borrowed(&[b'x'; 1024])).is_ok());
        assert_eq!(
            sendable(Cow::Borrowed(&[b'x'; 1025])).unwrap_err(),
            "command of 1025 bytes: an unframed one has 1 to 1024"
        );
        assert!(sendable(Cow::Borrowed(b"")).is_err());
    }
}
