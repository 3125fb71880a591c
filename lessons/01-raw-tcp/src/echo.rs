//! The server's half of a conversation: read, make the ASCII letters upper case, write back, until the end.
//!
//! ```text
//! client                        server
//!   │  68 65 6c 6c 6f             │      hello
//!   │ ───────────────────────────▶│
//!   │             48 45 4c 4c 4f  │      HELLO
//!   │◀─────────────────────────── │
//!   │  FIN                        │
//!   │ ───────────────────────────▶│      read gives Ok(0): nothing more will come
//! ```
//!
//! Nothing here knows where a message begins or ends: whatever one read gave is answered, and in the end each byte has
//! been answered exactly once. That is why an echo is the one server that needs no framing.

use std::io::{self, ErrorKind, Read, Write};

/// The capacity of one read. The size is ours: a smaller one means more reads, never other bytes.
const CAPACITY: usize = 64 * 1024;

/// Answers until the peer has nothing more to say. How many bytes it said.
///
/// Upper case as Python's `bytes.upper` does it: `a` to `z` only, every other byte unchanged.
///
/// # Errors
/// Those of reading and writing: reset, broken pipe, a timeout.
pub fn echo(mut stream: impl Read + Write) -> io::Result<u64> {
    let mut buffer = vec![0; CAPACITY];
    let mut total = 0;
    loop {
        let count = match stream.read(&mut buffer) {
            Ok(0) => return Ok(total), // the end of the stream, in Python b''
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue, // a signal: ask again
            Err(error) => return Err(error),
        };
        let said = buffer.get_mut(..count).unwrap_or_default();
        said.make_ascii_uppercase();
        stream.write_all(said)?;
        total += count as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A peer in memory that hands out its bytes in given pieces, some of them interrupted, and takes few at once.
    struct Scripted {
        pieces: Vec<io::Result<&'static [u8]>>,
        answered: Vec<u8>,
    }

    impl Read for Scripted {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.pieces.is_empty() {
                return Ok(0);
            }
            let piece = self.pieces.remove(0)?;
            buffer[..piece.len()].copy_from_slice(piece);
            Ok(piece.len())
        }
    }

    impl Write for Scripted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let few = bytes.len().min(2);
            self.answered.extend(&bytes[..few]);
            Ok(few)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn answers(pieces: Vec<io::Result<&'static [u8]>>) -> (io::Result<u64>, Vec<u8>) {
        let mut peer = Scripted {
            pieces,
            answered: Vec::new(),
        };
        let result = echo(&mut peer);
        (result, peer.answered)
    }

    #[test]
    fn ascii_letters_become_upper_case_and_every_other_byte_stays() {
        let all: Vec<u8> = (0..=255).collect();
        let all: &'static [u8] = all.leak();
        let (total, answered) = answers(vec![Ok(all)]);
        assert_eq!(total.unwrap(), 256);
        for (said, heard) in all.iter().zip(&answered) {
            assert_eq!(
                *heard,
                if said.is_ascii_lowercase() {
                    said - 32
                } else {
                    *said
                }
            );
        }
        assert_eq!(answered.len(), 256);
    }

    #[test]
    fn short_writes_and_interrupted_reads_lose_nothing() {
        let (total, answered) = answers(vec![
            Ok(b"one"),
            Err(ErrorKind::Interrupted.into()),
            Ok(b" two, three"),
            Err(ErrorKind::Interrupted.into()),
        ]);
        assert_eq!(total.unwrap(), 14);
        assert_eq!(answered, b"ONE TWO, THREE");
    }

    #[test]
    fn what_came_before_a_reset_was_answered() {
        let (total, answered) = answers(vec![Ok(b"one"), Err(ErrorKind::ConnectionReset.into())]);
        assert_eq!(total.unwrap_err().kind(), ErrorKind::ConnectionReset);
        assert_eq!(answered, b"ONE");
    }
}
