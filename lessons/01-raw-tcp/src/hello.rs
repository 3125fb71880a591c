//! One shot: the client says `hello!`, the server answers `hi`, both go home.

use std::io::{self, Read, Write};

use crate::exchange::{ONE_READ, one_read};

/// What the client says.
pub const HELLO: &[u8] = b"hello!";
/// What the server answers.
pub const HI: &[u8] = b"hi";

/// The client's half. The answer; nothing if the server closed without one.
///
/// # Errors
/// Those of writing and reading.
pub fn say_hello(mut stream: impl Read + Write) -> io::Result<Vec<u8>> {
    stream.write_all(HELLO)?;
    one_read(stream, ONE_READ)
}

/// The server's half. What the client said; nothing, and no answer, if it closed without a word.
///
/// # Errors
/// Those of reading and writing.
pub fn answer_hello(mut stream: impl Read + Write) -> io::Result<Vec<u8>> {
    let said = one_read(&mut stream, ONE_READ)?;
    if !said.is_empty() {
        stream.write_all(HI)?;
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A peer in memory: what it says, and what it heard.
    struct Peer(&'static [u8], Vec<u8>);

    impl Read for Peer {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(buffer)
        }
    }

    impl Write for Peer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Peer {
        fn saying(words: &'static [u8]) -> Self {
            Self(words, Vec::new())
        }
    }

    #[test]
    fn each_half_says_its_words_and_gives_what_the_other_said() {
        let mut client = Peer::saying(b"hello!");
        assert_eq!(answer_hello(&mut client).unwrap(), b"hello!");
        assert_eq!(client.1, b"hi");
        let mut server = Peer::saying(b"hi");
        assert_eq!(say_hello(&mut server).unwrap(), b"hi");
        assert_eq!(server.1, b"hello!");
    }

    #[test]
    fn who_says_nothing_gets_no_answer() {
        let mut client = Peer::saying(b"");
        assert_eq!(answer_hello(&mut client).unwrap(), b"");
        assert_eq!(client.1, b"");
    }
}
