//! `read-server` and `write`: the sticky packet across two terminals, with the sizes of the reads and the pauses of the
//! writes in your hands.
//!
//! ```text
//! write        hello egg            one write each, nothing in between
//! read-server  10 10                one read of at most 10 bytes each: “helloegg”, then the end
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

/// What each read of at most so many bytes gives, until the stream ends. `show` gets them one by one; no bytes are the end.
///
/// # Errors
/// Those of reading.
// ANCHOR: read
pub fn read_pieces(
    mut stream: impl Read,
    sizes: &[usize],
    mut show: impl FnMut(&[u8]),
) -> io::Result<()> {
    for &size in sizes {
        let mut buffer = vec![0; size];
        let came = one_read(&mut stream, &mut buffer)?;
        show(came);
        if came.is_empty() {
            break;
        }
    }
    Ok(())
}

/// What one read gives: at least one byte and at most a buffer full; none at the stream's end.
pub(crate) fn one_read<'b>(stream: &mut impl Read, buffer: &'b mut [u8]) -> io::Result<&'b [u8]> {
    let count = again(|| stream.read(buffer))?;
    Ok(buffer.get(..count).unwrap_or_default())
}
// ANCHOR_END: read

/// One write for each message, `every` apart.
///
/// # Errors
/// Those of writing.
pub fn write_pieces<M: AsRef<[u8]>>(
    mut stream: impl Write,
    messages: &[M],
    every: Option<Duration>,
) -> io::Result<()> {
    for (number, message) in messages.iter().enumerate() {
        if let Some(every) = every.filter(|_| number > 0) {
            thread::sleep(every); // the folk cure, for whoever wants to see it fail
        }
        stream.write_all(message.as_ref())?;
    }
    Ok(())
}

/// Makes a call again that a signal cut short (EINTR): it has moved nothing. std does that for `write_all`, not for `read`.
pub(crate) fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// An error that is a time limit of ours, in words: nobody else can tell a read's from a write's. Others as they are.
///
/// A limit has two names: WouldBlock on Unix, TimedOut on Windows. (On Unix `TimedOut` is something else: the kernel gave
/// the connection up.)
pub(crate) fn in_words(error: io::Error, what: &str, limit: Duration) -> io::Error {
    match error.kind() {
        ErrorKind::TimedOut if cfg!(unix) => error,
        ErrorKind::WouldBlock | ErrorKind::TimedOut => {
            let why = format!("{what} {} s; closed by us", limit.as_secs_f64());
            io::Error::new(ErrorKind::TimedOut, why)
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_read_gives_what_is_there_and_none_is_the_end() {
        let mut pieces = Vec::new();
        read_pieces(&b"helloegg"[..], &[5, 2, 10, 10, 10], |piece| {
            pieces.push(piece.to_vec());
        })
        .unwrap();
        assert_eq!(pieces, [&b"hello"[..], b"eg", b"g", b""]);
    }

    #[test]
    fn a_signal_is_no_error() {
        let mut results = [Err(ErrorKind::Interrupted), Ok(1)].into_iter();
        let count = again(|| results.next().unwrap().map_err(io::Error::from)).unwrap();
        assert_eq!(count, 1);
    }
}
