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

use crate::copy::{CopyError, copy_hashed, read_block};
use crate::json_header::{HEADER_LIMIT, Header, encode};
use crate::promises::copy_hashed_beside;
use crate::request::{DIGEST, Refusal, Request};

/// What bytes travel over: a socket, or whatever reads, writes and keeps deadlines like one.
pub trait Stream: Read + Write + Timeouts {}

impl<S: Read + Write + Timeouts> Stream for S {}

/// Why a request was not done, at either end. The difference matters to whoever has another request.
#[derive(Debug)]
pub enum NotDone {
    /// Refused, here or there. Once the refusal is dealt with, both ends are in sync and the next request may follow.
    Refused(Refusal),
    /// The connection is over.
    Connection(io::Error),
}

impl NotDone {
    /// Refused, and nothing is left to read before the next header.
    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self::Refused(Refusal::in_sync(why))
    }
}

impl From<Refusal> for NotDone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl<E: Into<io::Error>> From<E> for NotDone {
    fn from(error: E) -> Self {
        Self::Connection(error.into())
    }
}

/// Hears what was asked and what came of it, for a log. Both may quote the peer: escape them.
pub type Told<'a> = &'a mut dyn FnMut(&str, &str);

/// Headers and bodies over one connection.
pub struct JsonStream<S> {
    messages: MessageStream<S, FixedHeader>,
}

impl<S: Stream> JsonStream<S> {
    /// The course's wire. `idle` is the silence allowed between two requests, or how long an answer may take to begin.
    pub fn course(stream: S, idle: Duration) -> Self {
        Self::new(FixedHeader::course(), stream, idle)
    }

    /// The tutorials' wire: the length of a header is little-endian and signed.
    pub fn python(stream: S, idle: Duration) -> Self {
        Self::new(FixedHeader::python(), stream, idle)
    }

    fn new(length: FixedHeader, stream: S, idle: Duration) -> Self {
        // An empty header is no JSON object, so a length of 0 is as wrong as one over the limit.
        let framing = length.with_limit(HEADER_LIMIT).at_least(1);
        let messages = MessageStream::new(stream, framing, Times::with_idle(idle));
        Self { messages }
    }

    // ANCHOR: loop
    /// Serves one request after the other until the client is done. `answer` says what to log.
    ///
    /// # Errors
    /// The stream failed, or the peer broke the protocol: its next header may begin anywhere.
    pub fn serve(
        mut self,
        told: Told<'_>,
        mut answer: impl FnMut(&mut Self, Request) -> Result<String, NotDone>,
    ) -> io::Result<()> {
        while let Some(header) = self.request()? {
            let (what, answered) = match Request::parse(header) {
                Ok(request) => (request.op.to_string(), answer(&mut self, request)),
                Err(refusal) => ("a header".to_owned(), Err(refusal.into())),
            };
            match answered {
                Ok(done) => told(&what, &done),
                Err(NotDone::Refused(refusal)) => {
                    let why = format!("refused: {}", refusal.error);
                    if refusal.following.is_none() {
                        self.refuse(refusal)?;
                        return Err(broken(format!("{what}: {why}"))); // as a line in the log
                    }
                    told(&what, &why);
                    self.refuse(refusal)?;
                }
                Err(NotDone::Connection(error)) => {
                    let text = format!("{what}: {}", reason(&error));
                    return Err(io::Error::new(error.kind(), text));
                }
            }
        }
        Ok(())
    }
    // ANCHOR_END: loop

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

    /// Asks for `op`, and waits for the answer's header.
    ///
    /// # Errors
    /// Refused: the answer has no `"ok":true`, or the request cannot be sent. Else as [`JsonStream::answer`].
    pub fn ask(&mut self, op: &str, fields: &[(&str, Value)]) -> Result<Header, NotDone> {
        let header = encode(&[&[("op", op.into())], fields].concat());
        if header.len() > HEADER_LIMIT {
            let length = header.len();
            let why = format!("header of {length} bytes is over the limit of {HEADER_LIMIT}");
            return Err(NotDone::refused(why));
        }
        self.messages.write_message(&header)?;
        accepted(self.answer()?)
    }

    /// Answers with `"ok":true` and these fields.
    ///
    /// # Errors
    /// As [`JsonStream::send`].
    pub fn send_ok(&mut self, fields: &[(&str, Value)], body: &[u8]) -> io::Result<()> {
        self.send(&[&[("ok", true.into())], fields].concat(), body)
    }

    /// Sends a header, and a body that is in memory, in one write.
    ///
    /// # Errors
    /// The header is over its limit, or the stream failed.
    pub fn send(&mut self, fields: &[(&str, Value)], body: &[u8]) -> io::Result<()> {
        self.messages.write_message_with(&encode(fields), body)
    }

    /// Answers with a refusal and skips what follows the request, so that the next header can be read: if it can.
    ///
    /// # Errors
    /// As [`JsonStream::send`] and [`JsonStream::skip`].
    pub fn refuse(&mut self, refusal: Refusal) -> io::Result<()> {
        let error = refusal.error.as_str().into();
        self.send(&[("ok", false.into()), ("error", error)], &[])?;
        self.skip(refusal.following.unwrap_or(0))
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
        let (mut buffer, mut taken) = (Vec::new(), 0);
        let mut read = |block: &mut [u8]| self.messages.read_raw(block);
        while taken < size {
            let block = read_block(&mut read, &mut buffer, taken, size)?;
            taken += block.len() as u64;
            piece(block)?;
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

/// Why the system refused, for the one who asked: no path, no number.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        _ if error.get_ref().is_some() => error.to_string(), // a sentence of our own
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        kind => kind.to_string(),
    }
}

/// Tells an answer from a refusal.
pub(crate) fn accepted(answer: Header) -> Result<Header, NotDone> {
    if answer.is_true("ok") {
        return Ok(answer);
    }
    let why = answer.text("error").unwrap_or("refused without a reason");
    Err(NotDone::refused(why))
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
            let mut stream = JsonStream::course(ThenSilent(came), Duration::from_secs(300));
            assert_eq!(stream.answer().unwrap_err().to_string(), error, "{came:?}");
        }
    }

    #[test]
    fn a_body_that_breaks_off_says_how_much_of_all_of_it_came() {
        let mut peer = io::Cursor::new(vec![7; 20_000]);
        let mut stream = JsonStream::course(&mut peer, Duration::from_secs(300));
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
