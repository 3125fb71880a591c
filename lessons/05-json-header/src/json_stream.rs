//! The loop: a stream to headers and bodies, for both ends and both wires. It knows no file and no command.
//!
//! It stands on lesson 04's [`MessageStream`]: a JSON header is one of its messages, a body is the raw bytes after it.
//! What this file adds is what all requests share: how long to wait, how a refusal is sent, how the two ends stay in
//! sync after one.

use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use common::{FrameError, Timeouts};
use lesson04::{FixedHeader, MessageStream, Times};
use serde_json::Value;

use crate::copy::{CopyError, copy_hashed, early_end};
use crate::json_header::{HEADER_LIMIT, Header, encode};
use crate::promises::copy_hashed_beside;
use crate::request::{DIGEST, Refusal};

/// Why a request was not answered as hoped. The difference matters to whoever asks for several files.
#[derive(Debug)]
pub enum AskError {
    /// Refused, here or there, in a way that left both ends in sync: the next request may follow.
    Refused(String),
    /// The connection is over.
    Connection(io::Error),
}

impl<E: Into<io::Error>> From<E> for AskError {
    fn from(error: E) -> Self {
        Self::Connection(error.into())
    }
}

/// Headers and bodies over one connection.
pub struct JsonStream<S> {
    messages: MessageStream<S, FixedHeader>,
}

impl<S: Read + Write + Timeouts> JsonStream<S> {
    /// `length` is how the four bytes before a header are a number; `idle` the silence allowed between two requests, or
    /// how long an answer may take to begin.
    pub fn new(length: FixedHeader, stream: S, idle: Duration) -> Self {
        // An empty header is no JSON object, so a length of 0 is as wrong as one over the limit.
        let framing = length.with_limit(HEADER_LIMIT).at_least(1);
        Self {
            messages: MessageStream::new(stream, framing, Times::with_idle(idle)),
        }
    }

    /// Where bodies and unframed requests are read and written.
    pub fn raw(&mut self) -> &mut MessageStream<S, FixedHeader> {
        &mut self.messages
    }

    /// A server's wait: the next header's bytes, `None` when the client is done.
    ///
    /// # Errors
    /// Too long, too slow, too silent, or ended in the middle.
    pub fn request(&mut self) -> io::Result<Option<&[u8]>> {
        self.messages.read_message().map_err(in_our_words)
    }

    /// A client's wait: the header of an answer. Each way of not getting one is an error of its own.
    ///
    /// # Errors
    /// No answer in time, the end instead of an answer, an end inside it, or a header that is not right.
    pub fn answer(&mut self) -> io::Result<Header> {
        let bytes = self.messages.read_answer().map_err(in_our_words)?;
        Header::parse(bytes).map_err(broken)
    }

    /// Asks, and waits for the answer's header.
    ///
    /// # Errors
    /// Refused: the answer has no `"ok":true`, or the request cannot be sent. Else as [`JsonStream::answer`].
    pub fn ask(&mut self, request: &[(&str, Value)]) -> Result<Header, AskError> {
        let header = encode(request);
        if header.len() > HEADER_LIMIT {
            let length = header.len();
            let why = format!("header of {length} bytes is over the limit of {HEADER_LIMIT}");
            return Err(AskError::Refused(why));
        }
        self.messages.write_message(&header)?;
        accepted(self.answer()?)
    }

    /// Sends a header, and a body that is in memory, in one write.
    ///
    /// # Errors
    /// The header is over its limit, or the stream failed.
    pub fn send(&mut self, fields: &[(&str, Value)], body: &[u8]) -> io::Result<()> {
        self.messages.write_message_with(&encode(fields), body)
    }

    /// Answers with a refusal and skips what follows the request, so that the next header can be read.
    ///
    /// # Errors
    /// Nobody can know where the next header begins, or it is too far away: the refusal was sent, the connection is over.
    pub fn refuse(&mut self, refusal: Refusal) -> io::Result<()> {
        self.send(
            &[
                ("ok", false.into()),
                ("error", refusal.error.as_str().into()),
            ],
            &[],
        )?;
        match refusal.following {
            Some(following) => self.skip(following),
            None => Err(broken(refusal.error)),
        }
    }

    /// Sends `size` bytes of `file` as a body, and says their md5.
    ///
    /// # Errors
    /// [`CopyError`] says which side failed.
    pub fn send_body(
        &mut self,
        file: &mut dyn Read,
        size: u64,
        progress: impl FnMut(u64),
    ) -> Result<[u8; DIGEST], CopyError> {
        let write = |block: &[u8]| self.messages.write_raw(block);
        copy_hashed(|block| file.read(block), write, size, progress)
    }

    /// Writes a body of `size` bytes to `sink`, and says their md5.
    ///
    /// # Errors
    /// [`CopyError`] says which side failed.
    pub fn receive_body(
        &mut self,
        sink: &mut dyn Write,
        size: u64,
        progress: impl FnMut(u64),
    ) -> Result<[u8; DIGEST], CopyError> {
        let read = |block: &mut [u8]| self.messages.read_raw(block);
        copy_hashed_beside(read, |block| sink.write_all(block), size, progress)
    }

    /// Reads `count` bytes and forgets them.
    ///
    /// # Errors
    /// The stream ended or failed before.
    pub fn skip(&mut self, count: u64) -> io::Result<()> {
        self.body(count, |_| Ok(()))
    }

    /// Reads a body of `size` bytes and hands it on in pieces, as they come.
    ///
    /// # Errors
    /// The stream ended or failed before; those of `piece`.
    pub fn body(
        &mut self,
        size: u64,
        mut piece: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut block = [0; 8192];
        let mut taken = 0;
        while taken < size {
            let want = usize::try_from(size - taken)
                .unwrap_or(usize::MAX)
                .min(block.len());
            let count = self
                .messages
                .read_raw(block.get_mut(..want).unwrap_or_default())?;
            if count == 0 {
                return Err(early_end(taken, size));
            }
            piece(block.get(..count).unwrap_or_default())?;
            taken += count as u64;
        }
        Ok(())
    }
}

/// For the framing below, the JSON is the body of its message. For everybody who reads the error, it is the header.
fn in_our_words(error: io::Error) -> io::Error {
    match error.get_ref().and_then(|inner| inner.downcast_ref()) {
        Some(&FrameError::EndedInBody { got, of: Some(of) }) => {
            let text = format!("the stream ended inside a JSON header, after {got} of {of} bytes");
            io::Error::new(error.kind(), text)
        }
        _ => error,
    }
}

/// Tells an answer from a refusal.
pub(crate) fn accepted(answer: Header) -> Result<Header, AskError> {
    if answer.is_true("ok") {
        return Ok(answer);
    }
    let why = answer.text("error").unwrap_or("refused without a reason");
    Err(AskError::Refused(why.to_owned()))
}

/// The peer broke a rule: after that nothing it sends can be trusted.
pub(crate) fn broken(text: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A peer that sends these bytes and is silent then: whatever the deadline, the next read misses it.
    struct ThenSilent<'a>(&'a [u8]);

    impl Read for ThenSilent<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                Err(ErrorKind::WouldBlock.into())
            } else {
                self.0.read(out)
            }
        }
    }

    impl Write for ThenSilent<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Timeouts for ThenSilent<'_> {
        fn set_read_timeout(&self, _: Option<Duration>) -> io::Result<()> {
            Ok(())
        }

        fn set_write_timeout(&self, _: Option<Duration>) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_answer_and_half_an_answer_are_two_errors_each_with_its_own_time() {
        for (came, error) in [
            (&b""[..], "no answer in 300 s"),
            (b"\0\0", "a message was not whole after 10 s"),
            (b"\0\0\0\x10{\"ok\"", "a message was not whole after 10 s"),
        ] {
            let mut stream = JsonStream::new(
                FixedHeader::course(),
                ThenSilent(came),
                Duration::from_secs(300),
            );
            assert_eq!(stream.answer().unwrap_err().to_string(), error, "{came:?}");
        }
    }

    #[test]
    fn a_body_that_breaks_off_says_how_much_of_all_of_it_came() {
        let mut peer = io::Cursor::new(vec![7; 20_000]);
        let mut stream =
            JsonStream::new(FixedHeader::course(), &mut peer, Duration::from_secs(300));
        stream.skip(9_000).unwrap();
        let mut came = 0;
        let error = stream.body(11_001, |piece| {
            came += piece.len();
            Ok(())
        });
        assert_eq!(
            error.unwrap_err().to_string(),
            "ended inside the body, after 11000 of 11001 bytes"
        );
        assert_eq!(came, 11_000);
    }
}
