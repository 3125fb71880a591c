//! The upper-case echo, over any framing: one message, one answer.

use std::io::{self, Read, Write};

use common::{Framing, Timeouts};

use crate::message_stream::{MessageStream, Times};

/// Answers each message in upper case (ASCII letters only) until the stream ends.
///
/// # Errors
/// Those of [`MessageStream::read_message`].
pub fn serve_echo<S: Read + Write + Timeouts>(
    framing: impl Framing,
    stream: S,
    times: Times,
) -> io::Result<()> {
    let mut stream = MessageStream::new(stream, framing, times);
    while let Some(message) = stream.read_message()? {
        let answer = message.to_ascii_uppercase();
        stream.queue_message(&answer)?; // leaves when no further message waits
    }
    stream.flush()
}
