//! `short-writes`: a write takes what the buffers have room for, and says how much that was.
//!
//! ```text
//! write(64 MiB) ──▶ [ send buffer ] ──▶ [ receive buffer ] ──▶ read
//!    Ok(2.5 MiB): the rest is still the caller's, who comes again with it
//! ```
//!
//! Nothing is lost by that. What loses data is a program that does not look at the number. A blocking write waits until
//! it has handed over everything, so on Linux the short count shows only without blocking, with a timeout, or when a
//! signal comes in between: rarely enough to be forgotten.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::table::grouped;

/// More than the buffers of both ends hold anywhere.
const BIG: usize = 64 * 1024 * 1024;

/// The messages of the second half, together about as much.
const MESSAGE: usize = 64 * 1024;
const MESSAGES: usize = 1000;

/// Prints what writes took, and what arrived in the end. The listeners bind `addr`.
///
/// # Errors
/// Those of the loopback connections, and of writing.
pub fn short_writes(addr: SocketAddr, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "Nobody reads. The writer does not block")?;
    let (mut writer, _reader) = connected(addr)?;
    writer.set_nonblocking(true)?;
    until_an_error(&mut writer, out)?;

    writeln!(
        out,
        "\nNobody reads. The writer blocks, with a timeout of 0.1 s"
    )?;
    let (mut writer, _reader) = connected(addr)?;
    writer.set_write_timeout(Some(Duration::from_millis(100)))?;
    until_an_error(&mut writer, out)?;

    writeln!(
        out,
        "\n{} messages of {}, non-blocking, no look at what write says",
        grouped(MESSAGES as u64),
        size(MESSAGE)
    )?;
    let (mut writer, reader) = connected(addr)?;
    writer.set_nonblocking(true)?;
    let fates = count_ignored(&mut writer);
    drop(writer);
    writeln!(
        out,
        "  taken whole {}, cut {}, not taken at all {}",
        fates.whole, fates.cut, fates.none
    )?;
    sum(drain(reader)?, out)?;

    writeln!(
        out,
        "\nThe same with write_all, which comes again with the rest, and a reader beside it"
    )?;
    let (mut writer, reader) = connected(addr)?;
    let arrived = thread::scope(|scope| {
        let reading = scope.spawn(|| drain(reader));
        for _ in 0..MESSAGES {
            writer.write_all(&[b'x'; MESSAGE])?;
        }
        drop(writer); // FIN: the reader's loop ends
        reading
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the reader's thread panicked")))
    })?;
    sum(arrived, out)
}

/// What became of the messages of a writer that does not look.
#[derive(Debug, Default)]
struct Fates {
    whole: usize,
    cut: usize,
    none: usize,
}

// ANCHOR: ignored
fn count_ignored(writer: &mut TcpStream) -> Fates {
    let mut fates = Fates::default();
    for _ in 0..MESSAGES {
        match writer.write(&[b'x'; MESSAGE]) {
            Ok(MESSAGE) => fates.whole += 1,
            Ok(_) => fates.cut += 1, // here somebody would have to send the rest
            Err(_) => fates.none += 1, // and here to wait, and to come again
        }
    }
    fates
}
// ANCHOR_END: ignored

/// Writes more than fits, comes again with the rest, and stops at the first error.
fn until_an_error(writer: &mut TcpStream, out: &mut impl Write) -> io::Result<()> {
    let all = vec![b'x'; BIG];
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        write!(out, "  write({:>10} bytes)  ", grouped(rest.len() as u64))?;
        match writer.write(rest) {
            Ok(taken) => {
                writeln!(out, "Ok({})", grouped(taken as u64))?;
                rest = rest.get(taken..).unwrap_or_default();
            }
            Err(error) => return writeln!(out, "{:?}", error.kind()),
        }
    }
    Ok(())
}

/// Reads to the end. How much that was.
fn drain(mut reader: TcpStream) -> io::Result<u64> {
    io::copy(&mut reader, &mut io::sink())
}

fn sum(arrived: u64, out: &mut impl Write) -> io::Result<()> {
    let wanted = (MESSAGE * MESSAGES) as u64;
    let lost = grouped(wanted.saturating_sub(arrived));
    writeln!(
        out,
        "  to send {}, arrived {}, missing {lost}",
        grouped(wanted),
        grouped(arrived)
    )
}

fn size(bytes: usize) -> String {
    format!("{} bytes", grouped(bytes as u64))
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
        let mut out = Vec::new();
        short_writes("127.0.0.1:0".parse().unwrap(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
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
}
