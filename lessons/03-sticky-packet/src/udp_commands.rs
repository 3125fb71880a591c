//! Remote commands over UDP: nothing can stick, and what is too big never arrives. Wrong on purpose.
//!
//! ```text
//! client                                   server
//! [seq 3]            ─────────────────▶    one datagram, one command
//!                    ◀─────────────────    []           stderr first, here empty: an empty datagram is one, too
//!                    ◀─────────────────    [1 2 3]      then stdout
//! ```
//!
//! Which of the two answers is which is told by their order alone, and UDP does not promise an order.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

use runner::{Answer, NOT_ALLOWED, guard};

use crate::tcp_commands::ONE_READ;

/// A buffer of this capacity takes any datagram: its length is a 16-bit number (RFC 768).
pub const CAPACITY: usize = 65_536;
/// The largest payload over IPv4: 65,535 - 20 (IP header) - 8 (UDP header).
pub const LARGEST: usize = 65_507;

/// Answers one datagram: `send` gets stderr, then stdout. `say` hears of what was not sent.
pub fn answer(
    command: &[u8],
    run: impl FnOnce(&[u8]) -> Answer,
    mut send: impl FnMut(&[u8]) -> io::Result<usize>,
    mut say: impl FnMut(&str, &io::Error),
) {
    if let Err(what) = guard::framed(command) {
        return say("no answer", &io::Error::other(what));
    }
    let size = command.len();
    let answer = if size > ONE_READ {
        // The tutorials' recvfrom(1024) would run the first 1,024 bytes of it.
        let why = format!("command of {size} bytes is over the limit of {ONE_READ}");
        Answer::line(NOT_ALLOWED, "not allowed", why)
    } else {
        run(command)
    };
    for (name, bytes) in [("stderr", &answer.stderr), ("stdout", &answer.stdout)] {
        let size = bytes.len();
        let sent = if size > LARGEST {
            let why = format!("datagram of {size} bytes is over the limit of {LARGEST}");
            Err(io::Error::other(why))
        } else {
            send(bytes)
        };
        if let Err(error) = sent {
            say(&format!("{name} not sent"), &error);
        }
    }
}

/// Waits for the two datagrams of an answer; those that come before the deadline are pushed into `came`.
///
/// `receive` gets the time that is left, and a buffer for one datagram.
///
/// # Errors
/// `TimedOut` when one was missing; those of `receive`.
pub fn two_datagrams(
    came: &mut Vec<Vec<u8>>,
    deadline: Instant,
    mut receive: impl FnMut(Duration, &mut [u8]) -> io::Result<usize>,
) -> io::Result<()> {
    let mut buffer = vec![0; CAPACITY];
    while came.len() < 2 {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into()); // std refuses a timeout of zero
        }
        match receive(left, &mut buffer) {
            Ok(size) => came.push(buffer.get(..size).unwrap_or_default().to_vec()),
            Err(error) => match error.kind() {
                ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut => {}
                _ => return Err(error),
            },
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(stdout: Vec<u8>, stderr: &[u8]) -> Answer {
        Answer {
            status: 0,
            stdout,
            stderr: stderr.to_vec(),
            cut: false,
        }
    }

    /// What was sent in answer to this command, and what was said.
    fn answered(command: &[u8], ran: Answer) -> (Vec<Vec<u8>>, Vec<String>) {
        let (mut sent, mut said) = (Vec::new(), Vec::new());
        let send = |bytes: &[u8]| {
            sent.push(bytes.to_vec());
            Ok(bytes.len())
        };
        let say = |what: &str, error: &io::Error| said.push(format!("{what}: {error}"));
        answer(command, |_| ran, send, say);
        (sent, said)
    }

    #[test]
    fn stderr_comes_first_then_stdout_and_each_may_be_empty() {
        for (out, err) in [("out", "err"), ("", "err"), ("out", ""), ("", "")] {
            let (sent, said) = answered(b"x", ran(out.into(), err.as_bytes()));
            assert_eq!(sent, [err.as_bytes(), out.as_bytes()]);
            assert!(said.is_empty());
        }
    }

    #[test]
    fn the_largest_datagram_is_sent_and_one_byte_more_is_told_and_not_sent() {
        let (sent, said) = answered(b"x", ran(vec![b'x'; LARGEST], b""));
        assert_eq!((sent[1].len(), said.len()), (65_507, 0));

        let (sent, said) = answered(b"x", ran(vec![b'x'; LARGEST + 1], b"e"));
        assert_eq!(sent, [b"e"]);
        assert_eq!(
            said,
            ["stdout not sent: datagram of 65508 bytes is over the limit of 65507"]
        );
    }

    #[test]
    fn http_gets_no_answer_and_a_long_command_is_refused_instead_of_cut() {
        let (sent, said) = answered(b"GET / HTTP/1.1\r\n\r\n", ran(vec![], b""));
        assert!(sent.is_empty());
        assert_eq!(said, ["no answer: this is HTTP, not a command"]);

        let (sent, _) = answered(&[b'x'; 1025], ran(b"ran".to_vec(), b""));
        let refusal = b"not allowed: command of 1025 bytes is over the limit of 1024\n";
        assert_eq!(sent, [&refusal[..], b""]);
    }

    #[test]
    fn one_datagram_is_half_an_answer_and_the_deadline_ends_the_waiting() {
        let started = Instant::now();
        let mut script = vec![
            Err(ErrorKind::Interrupted.into()),
            Ok(0),
            Err(ErrorKind::WouldBlock.into()),
            Ok(3),
        ];
        let mut next = |_: Duration, buffer: &mut [u8]| {
            buffer[..3].copy_from_slice(b"out");
            script.remove(0)
        };
        let mut came = Vec::new();
        two_datagrams(&mut came, started + Duration::from_secs(10), &mut next).unwrap();
        assert_eq!(came, [&b""[..], b"out"]);

        // The second one never comes: each look at the clock is nearer to the end.
        let mut first = Some(3);
        let half = |_: Duration, _: &mut [u8]| first.take().ok_or(ErrorKind::WouldBlock.into());
        let (mut came, deadline) = (Vec::new(), Instant::now() + Duration::from_millis(20));
        let missing = two_datagrams(&mut came, deadline, half).unwrap_err();
        assert_eq!((came.len(), missing.kind()), (1, ErrorKind::TimedOut));
    }
}
