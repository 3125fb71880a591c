//! `short-writes`: a write takes what the buffers have room for, and says how much that was.
//!
//! ```text
//! write(64 MiB) ──▶ [ send buffer ] ──▶ [ receive buffer ] ──▶ read
//!    Ok(4 MB): the rest is still the caller's, who comes again with it
//! ```
//!
//! Nothing is lost by that. What loses data is a program that does not look at the number. A blocking write waits until
//! it has handed over everything, so on Linux the short count shows only without blocking, with a timeout, or when a
//! signal comes in between: rarely enough to be forgotten.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::promises::second_thread::at_once;

/// More than the buffers of both ends hold anywhere.
const BIG: usize = 64 * 1024 * 1024;

/// The messages of the second half, together about as much.
const MESSAGE: usize = 64 * 1024;
const MESSAGES: usize = 1000;

/// What writes took, and what arrived in the end. The listeners bind `addr`.
///
/// # Errors
/// Those of the loopback connections.
pub fn short_writes(addr: SocketAddr) -> io::Result<String> {
    let (mut writer, _reader) = connected(addr)?;
    writer.set_nonblocking(true)?;
    let non_blocking = until_an_error(&mut writer);

    let (mut writer, _reader) = connected(addr)?;
    writer.set_write_timeout(Some(Duration::from_millis(100)))?;
    let with_timeout = until_an_error(&mut writer);

    let (mut writer, reader) = connected(addr)?;
    writer.set_nonblocking(true)?;
    let [whole, cut, none] = count_ignored(&mut writer);
    drop(writer);
    let not_looking = sum(drain(reader)?);

    let (mut writer, reader) = connected(addr)?;
    let all_of_it = move || {
        for _ in 0..MESSAGES {
            writer.write_all(&[b'x'; MESSAGE])?;
        }
        Ok(()) // here the writer is dropped: FIN, and the reader's loop ends
    };
    let (arrived, written) = at_once(|| drain(reader), all_of_it)?;
    written?;
    let write_all = sum(arrived?);

    Ok(format!(
        "Nobody reads. The writer does not block\n\
         {non_blocking}\n\
         Nobody reads. The writer blocks, with a timeout of 0.1 s\n\
         {with_timeout}\n\
         {} messages of {} bytes, non-blocking, no look at what write says\n  \
           taken whole {whole}, cut {cut}, not taken at all {none}\n  \
           {not_looking}\n\n\
         The same with write_all, which comes again with the rest, and a reader beside it\n  \
           {write_all}\n",
        grouped(MESSAGES as u64),
        grouped(MESSAGE as u64),
    ))
}

/// What became of the messages of a writer that does not look.
// ANCHOR: ignored
fn count_ignored(writer: &mut TcpStream) -> [usize; 3] {
    let [mut whole, mut cut, mut none] = [0; 3];
    for _ in 0..MESSAGES {
        match writer.write(&[b'x'; MESSAGE]) {
            Ok(MESSAGE) => whole += 1,
            Ok(_) => cut += 1,   // here somebody would have to send the rest
            Err(_) => none += 1, // and here to wait, and to come again
        }
    }
    [whole, cut, none]
}
// ANCHOR_END: ignored

/// Writes more than fits, comes again with the rest, and stops at the first error.
fn until_an_error(writer: &mut TcpStream) -> String {
    let all = vec![b'x'; BIG];
    let (mut rest, mut text) = (all.as_slice(), String::new());
    while !rest.is_empty() {
        let asked = grouped(rest.len() as u64);
        let result = writer.write(rest);
        let took = match &result {
            Ok(taken) => format!("Ok({})", grouped(*taken as u64)),
            Err(error) => format!("{:?}", error.kind()),
        };
        text += &format!("  write({asked:>10} bytes)  {took}\n");
        let Ok(taken) = result else { break };
        rest = rest.get(taken..).unwrap_or_default();
    }
    text
}

/// Reads to the end. How much that was.
fn drain(mut reader: TcpStream) -> io::Result<u64> {
    io::copy(&mut reader, &mut io::sink())
}

fn sum(arrived: u64) -> String {
    let wanted = (MESSAGE * MESSAGES) as u64;
    let missing = wanted.saturating_sub(arrived);
    let [wanted, arrived, missing] = [wanted, arrived, missing].map(grouped);
    format!("to send {wanted}, arrived {arrived}, missing {missing}")
}

/// A number with commas between its thousands, as in `65,536`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn connected(addr: SocketAddr) -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind(addr)?;
    let writer = TcpStream::connect(listener.local_addr()?)?;
    Ok((writer, listener.accept()?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_is_ignored_loses_data_and_write_all_does_not() {
        let text = short_writes("127.0.0.1:0".parse().unwrap()).unwrap();
        let missing: Vec<&str> = text
            .lines()
            .filter_map(|line| line.split("missing ").nth(1))
            .collect();
        assert_eq!(missing.len(), 2, "{text}");
        assert_ne!(missing[0], "0", "{text}");
        assert_eq!(missing[1], "0", "{text}");
        assert_eq!(
            text.matches("WouldBlock").count() + text.matches("TimedOut").count(),
            2,
            "{text}"
        );
        assert!(text.matches("Ok(").count() >= 2, "{text}");
    }

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [0, 999, 1000, 65_536, 1_048_576].map(grouped),
            ["0", "999", "1,000", "65,536", "1,048,576"]
        );
    }
}
