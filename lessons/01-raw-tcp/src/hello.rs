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
