//! What the kernel knows about one end of a connection, asked from `ss` (Linux, package iproute2).
//!
//! The numbers are those of `TCP_INFO` in tcp(7). std cannot ask for them, and the call is not safe code, so we ask the
//! program that can. Two lines of its output, cut short:
//!
//! ```text
//! ESTAB 0      0      127.0.0.1:51904 127.0.0.1:40153
//!      bbr wscale:10,10 rto:204 mss:32768 bytes_sent:8 segs_out:4 data_segs_out:2
//! ```
//!
//! The second column is the receive queue (bytes that arrived and were not read), the third the send queue (bytes that
//! were not acknowledged).

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::process::{Command, Stdio};

use cli::why;
use timeline::Tap;

/// One end of a connection, as the kernel sees it: the words of `ss`.
#[derive(Debug, Clone)]
pub(super) struct End(Vec<String>);

impl End {
    /// Bytes that arrived and were not read yet.
    pub(super) fn receive_queue(&self) -> Option<u64> {
        self.word(1).parse().ok()
    }

    /// Bytes that were sent and not acknowledged yet.
    pub(super) fn send_queue(&self) -> Option<u64> {
        self.word(2).parse().ok()
    }

    /// How many segments with data this end has sent, and the most data that one may have.
    ///
    /// # Errors
    /// `ss` was not given the kernel's `TCP_INFO`.
    pub(super) fn segments(&self) -> Result<(u64, u64), String> {
        let number = |name| self.named(name)?.parse().ok();
        let size = number("mss:").ok_or("`ss` does not show its segments")?;
        Ok((number("data_segs_out:").unwrap_or(0), size)) // a count of zero is left out
    }

    /// `timer:(on,596ms,2)`: the timer that runs, what is left of it, how often it ran out before.
    pub(super) fn timer(&self) -> Option<&str> {
        self.named("timer:")
    }

    /// How often its timer has run out.
    pub(super) fn resent(&self) -> usize {
        let timer = self.timer().unwrap_or_default().trim_end_matches(')');
        let count = timer.rsplit(',').next().unwrap_or_default();
        count.parse().unwrap_or(0)
    }

    fn is(&self, local: SocketAddr, peer: SocketAddr) -> bool {
        self.word(3) == local.to_string() && self.word(4) == peer.to_string()
    }

    fn word(&self, column: usize) -> &str {
        self.0.get(column).map_or("", String::as_str)
    }

    fn named(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|word| word.strip_prefix(name))
    }
}

/// Both ends of a connection of this machine at one moment: between two questions bytes would go from one to the other.
///
/// # Errors
/// What is missing here, in words.
pub(super) fn both(one: &Tap<TcpStream>, other: &Tap<TcpStream>) -> Result<[End; 2], String> {
    let addr = |end: &Tap<TcpStream>| end.get_ref().local_addr().map_err(|error| why(&error));
    let (ends, one, other) = (ask()?, addr(one)?, addr(other)?);
    let mine = find(&ends, |end| end.is(one, other))?;
    Ok([mine, find(&ends, |end| end.is(other, one))?])
}

/// Cells of a table: `?` stands for a number that cannot be seen here; `excuse` keeps the reason.
pub(super) fn cells<const N: usize>(
    numbers: Result<[Option<u64>; N], String>,
    excuse: &mut String,
) -> [String; N] {
    let numbers = numbers.unwrap_or_else(|missing| {
        *excuse = format!("\n?: the kernel's side cannot be seen here: {missing}\n");
        [None; N]
    });
    numbers.map(|number| number.map_or("?".to_owned(), |number| number.to_string()))
}

/// The end of whoever is connecting to `peer`.
///
/// # Errors
/// What is missing here, in words.
pub(super) fn connecting(peer: SocketAddr) -> Result<End, String> {
    let (ends, peer) = (ask()?, peer.to_string());
    find(&ends, |end| {
        end.word(0) == "SYN-SENT" && end.word(4) == peer
    })
}

fn find(ends: &[End], wanted: impl Fn(&&End) -> bool) -> Result<End, String> {
    let found = ends.iter().find(wanted).cloned();
    found.ok_or_else(|| "`ss` does not show this connection".to_owned())
}

/// Every end that `ss` shows.
fn ask() -> Result<Vec<End>, String> {
    let mut ss = Command::new("ss");
    match ss.arg("-Htino").stdin(Stdio::null()).output() {
        Ok(said) => Ok(parse(&String::from_utf8_lossy(&said.stdout))),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            Err("the program `ss` is not here; it belongs to iproute2, on Linux".to_owned())
        }
        Err(error) => Err(format!("`ss`: {}", why(&error))),
    }
}

/// An end is a line, and the lines after it that are set in.
fn parse(said: &str) -> Vec<End> {
    let mut ends = Vec::new();
    for line in said.lines() {
        if !line.starts_with(char::is_whitespace) {
            ends.push(End(Vec::new()));
        }
        if let Some(End(words)) = ends.last_mut() {
            words.extend(line.split_whitespace().map(str::to_owned));
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\
ESTAB 8      0      127.0.0.1:40153 127.0.0.1:51904
\t bbr wscale:10,10 rto:200 mss:32768 segs_out:2 segs_in:4 data_segs_in:2
ESTAB 0      3      127.0.0.1:51904 127.0.0.1:40153 timer:(on,596ms,2)
\t bbr wscale:10,10 rto:204 mss:32768 bytes_sent:8 segs_out:4 data_segs_out:2 send 1bps
ESTAB 0      0      127.0.0.1:51905 127.0.0.1:40153
\t cubic data_segs_out:99
";

    fn end(said: &str, local: &str, peer: &str) -> Option<End> {
        let (local, peer) = (local.parse().unwrap(), peer.parse().unwrap());
        find(&parse(said), |end| end.is(local, peer)).ok()
    }

    #[test]
    fn the_right_end_is_found_with_its_queues_segments_and_timer() {
        let client = end(SAID, "127.0.0.1:51904", "127.0.0.1:40153").unwrap();
        assert_eq!(
            (client.receive_queue(), client.send_queue()),
            (Some(0), Some(3))
        );
        assert_eq!(
            (client.segments(), client.timer(), client.resent()),
            (Ok((2, 32768)), Some("(on,596ms,2)"), 2)
        );
        let server = end(SAID, "127.0.0.1:40153", "127.0.0.1:51904").unwrap();
        assert_eq!(
            (server.receive_queue(), server.send_queue()),
            (Some(8), Some(0))
        );
        assert_eq!(
            (server.segments(), server.timer(), server.resent()),
            (Ok((0, 32768)), None, 0)
        );
    }

    #[test]
    fn without_the_kernels_own_record_no_count_is_made_up() {
        let said = "ESTAB 0 8 127.0.0.1:51904 127.0.0.1:40153\n";
        let end = end(said, "127.0.0.1:51904", "127.0.0.1:40153").unwrap();
        assert_eq!(end.send_queue(), Some(8));
        assert!(end.segments().is_err());
    }

    #[test]
    fn an_end_that_is_not_listed_is_none() {
        assert!(end(SAID, "127.0.0.1:40153", "127.0.0.1:51905").is_none());
    }
}
