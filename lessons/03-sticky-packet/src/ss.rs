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
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use common::why;

/// One end of a connection, as the kernel sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    /// Bytes that arrived and were not read yet.
    pub(crate) receive_queue: u64,
    /// Bytes that were sent and not acknowledged yet.
    pub(crate) send_queue: u64,
    /// All the other words.
    words: Vec<String>,
}

impl End {
    /// Segments with data in them that this end has sent; `None` where `ss` was not given the kernel's `TCP_INFO`.
    pub(crate) fn data_segments_out(&self) -> Option<u64> {
        self.segment_size()?;
        Some(self.number("data_segs_out:").unwrap_or(0)) // a count of zero is left out
    }

    /// The most data that one segment may have.
    pub(crate) fn segment_size(&self) -> Option<u64> {
        self.number("mss:")
    }

    /// `timer:(on,596ms,2)`: the timer that runs, what is left of it, how often it ran out before.
    pub(crate) fn timer(&self) -> Option<&str> {
        self.words
            .iter()
            .find_map(|word| word.strip_prefix("timer:"))
    }

    /// How often its timer has run out.
    pub(crate) fn resent(&self) -> u64 {
        let last = self
            .timer()
            .and_then(|timer| timer.trim_end_matches(')').rsplit(',').next());
        last.and_then(|count| count.parse().ok()).unwrap_or(0)
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.words
            .iter()
            .find_map(|word| word.strip_prefix(name)?.parse().ok())
    }
}

/// The end at `local` whose peer is `peer`.
///
/// # Errors
/// What is missing here, in words.
pub(crate) fn ask(local: SocketAddr, peer: SocketAddr) -> Result<End, String> {
    shown(&all()?, local, peer)
}

/// Both ends of a connection of this machine at one moment: between two questions bytes would go from one to the other.
///
/// # Errors
/// What is missing here, in words.
pub(crate) fn ask_both(one: SocketAddr, other: SocketAddr) -> Result<(End, End), String> {
    let said = all()?;
    Ok((shown(&said, one, other)?, shown(&said, other, one)?))
}

/// All that `ss` says.
fn all() -> Result<String, String> {
    let asked = Command::new("ss")
        .arg("-Htino")
        .stdin(Stdio::null())
        .output();
    let said = match asked {
        Ok(said) if said.status.success() => said.stdout,
        Ok(said) => return Err(format!("`ss` failed: {}", said.status)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Err(
                "the program `ss` is not here; it belongs to iproute2, on Linux".to_owned(),
            );
        }
        Err(error) => return Err(format!("`ss`: {}", why(&error))),
    };
    Ok(String::from_utf8_lossy(&said).into_owned())
}

fn shown(said: &str, local: SocketAddr, peer: SocketAddr) -> Result<End, String> {
    find(said, local, peer).ok_or_else(|| "`ss` does not show this connection".to_owned())
}

fn find(said: &str, local: SocketAddr, peer: SocketAddr) -> Option<End> {
    let (local, peer) = (local.to_string(), peer.to_string());
    let mut lines = said.lines();
    let head = lines.find(|line| {
        let mut columns = line.split_whitespace().skip(3);
        columns.next() == Some(&local) && columns.next() == Some(&peer)
    })?;
    let mut columns = head.split_whitespace().skip(1);
    let receive_queue = columns.next()?.parse().ok()?;
    let send_queue = columns.next()?.parse().ok()?;
    // The rest stands behind the addresses, and on lines that are set in.
    let more = lines
        .take_while(|line| line.starts_with(char::is_whitespace))
        .flat_map(str::split_whitespace);
    let words = columns.skip(2).chain(more).map(str::to_owned).collect();
    Some(End {
        receive_queue,
        send_queue,
        words,
    })
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

    fn end(local: &str, peer: &str) -> Option<End> {
        find(SAID, local.parse().unwrap(), peer.parse().unwrap())
    }

    #[test]
    fn the_right_end_is_found_with_its_queues_segments_and_timer() {
        let client = end("127.0.0.1:51904", "127.0.0.1:40153").unwrap();
        assert_eq!((client.receive_queue, client.send_queue), (0, 3));
        assert_eq!(
            (
                client.data_segments_out(),
                client.segment_size(),
                client.resent()
            ),
            (Some(2), Some(32768), 2)
        );
        let server = end("127.0.0.1:40153", "127.0.0.1:51904").unwrap();
        assert_eq!((server.receive_queue, server.send_queue), (8, 0));
        assert_eq!(
            (server.data_segments_out(), server.timer(), server.resent()),
            (Some(0), None, 0)
        );
    }

    #[test]
    fn without_the_kernels_own_record_no_count_is_made_up() {
        let said = "ESTAB 0 8 127.0.0.1:51904 127.0.0.1:40153\n";
        let end = find(
            said,
            "127.0.0.1:51904".parse().unwrap(),
            "127.0.0.1:40153".parse().unwrap(),
        )
        .unwrap();
        assert_eq!((end.send_queue, end.data_segments_out()), (8, None));
    }

    #[test]
    fn an_end_that_is_not_listed_is_none() {
        assert_eq!(end("127.0.0.1:40153", "127.0.0.1:51905"), None);
    }
}
