//! Bytes in, events out: the messages of one direction of a connection. The buffer stays with the loop (lesson 04): it shows
//! what it has not consumed, and again with more after it when the answer was "not yet".
//!
//! ```text
//! GET / HTTP/1.1 CRLF Host: a CRLF CRLF   ▶ Head
//! hello                                   ▶ Data ...   (however it was cut; joined, always the same)
//!                                         ▶ End        (with the trailers)
//! ```
//!
//! The goal: however the stream was cut, the same events come out. This file knows no socket, and where a head ends (`head.rs`)
//! and a body (`body.rs`) is decided elsewhere.

use crate::body::{BodyLength, request_body, response_body};
use crate::chunked::{ChunkDecoder, Piece, up_to};
use crate::error::{HttpError, Refused};
use crate::head::{
    Fields, Finder, Limits, RequestHead, ResponseHead, parse_request, parse_response,
};

/// What comes out.
#[derive(Debug, PartialEq, Eq)]
pub enum Event<'a, Head> {
    /// A head is whole, and how long its body is.
    Head(Head, BodyLength),
    /// Bytes of the body, without the chunks around them. Never empty.
    Data(&'a [u8]),
    /// The message is over.
    End(Fields<'a>),
}

/// The next event and how many bytes of the input it consumed (an `End` may consume none). `None`: not yet.
pub type Next<'a, Head> = Option<(usize, Event<'a, Head>)>;

/// Reads requests.
#[derive(Debug)]
pub struct Requests(Messages);

impl Requests {
    /// From the first byte of a connection.
    pub fn new(limits: Limits) -> Self {
        Self(Messages::new(limits))
    }

    /// The next event. The input begins with the first byte that no event has consumed.
    ///
    /// # Errors
    /// The message is refused, and so is every later call.
    pub fn next<'a>(&mut self, input: &'a [u8]) -> Result<Next<'a, RequestHead<'a>>, HttpError> {
        // One empty line before a request line is skipped (RFC 9112, section 2.2): old clients sent one after a body.
        let skipped = match input {
            [b'\r', b'\n', ..] => 2,
            _ => 0,
        };
        self.0.next(input, skipped, |head, limits| {
            let head = parse_request(head, limits)?;
            let body = request_body(&head, limits.body)?;
            let fields = head.fields.0.len();
            Ok((head, body, fields))
        })
    }

    /// The stream has ended, and `rest` was not consumed.
    ///
    /// # Errors
    /// It ended inside a message.
    pub fn ended(&mut self, rest: &[u8]) -> Result<(), HttpError> {
        match rest {
            b"\r\n" if matches!(self.0.place, Place::Head(_)) => self.0.ended(b""),
            rest => self.0.ended(rest),
        }
    }
}

/// Reads responses.
#[derive(Debug)]
pub struct Responses {
    messages: Messages,
    /// Of the request that the next response answers.
    method: String,
}

impl Responses {
    /// From the first byte of a connection. The first response is to a GET if nothing else is said.
    pub fn new(limits: Limits) -> Self {
        Self {
            messages: Messages::new(limits),
            method: String::new(),
        }
    }

    /// The next response is to a request with this method: to be said before its head is read. It holds for this response only
    /// (1xx answers come before the one that counts and do not use it up); the next is taken for one to a GET.
    pub fn expect(&mut self, method: &str) {
        method.clone_into(&mut self.method);
    }

    /// As [`Requests::next`].
    ///
    /// # Errors
    /// As there.
    pub fn next<'a>(&mut self, input: &'a [u8]) -> Result<Next<'a, ResponseHead<'a>>, HttpError> {
        self.messages.next(input, 0, |head, limits| {
            let head = parse_response(head, limits)?;
            let body = response_body(&head, &self.method, limits.body)?;
            if head.status >= 200 {
                self.method.clear();
            }
            let fields = head.fields.0.len();
            Ok((head, body, fields))
        })
    }

    /// The stream has ended, and `rest` was not consumed. This ends a body that lasts until close: the next event is its `End`.
    ///
    /// # Errors
    /// It ended inside a message.
    pub fn ended(&mut self, rest: &[u8]) -> Result<(), HttpError> {
        self.messages.ended(rest)
    }
}

/// What both have in common.
#[derive(Debug)]
struct Messages {
    limits: Limits,
    place: Place,
    /// Bytes of the stream that events have consumed.
    consumed: u64,
}

/// Where in a message the next byte stands.
#[derive(Debug)]
enum Place {
    /// In a head.
    Head(Finder),
    /// So many bytes before the end of the body.
    Body(u64),
    /// In a body of chunks.
    Chunks(ChunkDecoder),
    /// In a body that lasts until close, and so many bytes before its limit.
    UntilClose(u64),
    /// Behind what was refused, for ever.
    Refused(HttpError),
}

impl Messages {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            place: Place::Head(Finder::default()),
            consumed: 0,
        }
    }

    /// The next event. Of a head, `skipped` bytes stand before its first line; `parse` gives it, its body and how many fields
    /// it has.
    fn next<'a, Head>(
        &mut self,
        input: &'a [u8],
        skipped: usize,
        parse: impl FnOnce(&'a [u8], &Limits) -> Result<(Head, BodyLength, usize), HttpError>,
    ) -> Result<Next<'a, Head>, HttpError> {
        let next = self.event(input, skipped, parse);
        match &next {
            Ok(Some((count, _))) => self.consumed += *count as u64,
            Ok(None) => {}
            Err(error) => self.place = Place::Refused(*error),
        }
        next
    }

    fn event<'a, Head>(
        &mut self,
        input: &'a [u8],
        skipped: usize,
        parse: impl FnOnce(&'a [u8], &Limits) -> Result<(Head, BodyLength, usize), HttpError>,
    ) -> Result<Next<'a, Head>, HttpError> {
        let limits = &self.limits;
        match &mut self.place {
            Place::Head(finder) => {
                let before = self.consumed + skipped as u64;
                let in_stream = |error: HttpError| error.after(before);
                let input = input.get(skipped..).unwrap_or_default();
                let found = finder
                    .head(input, limits.start_line, limits.head)
                    .map_err(in_stream)?;
                let Some(head) = found.and_then(|end| input.get(..end)) else {
                    return Ok(None);
                };
                let size = head.len();
                let (head, body, fields) = parse(head, limits).map_err(in_stream)?;
                self.place = match body {
                    BodyLength::Exactly(size) => Place::Body(size),
                    BodyLength::UntilClose => Place::UntilClose(limits.body),
                    BodyLength::Chunked => Place::Chunks(ChunkDecoder::new(Limits {
                        head: limits.head - size,
                        fields: limits.fields - fields,
                        ..*limits
                    })),
                };
                Ok(Some((skipped + size, Event::Head(head, body))))
            }
            Place::Body(0) => {
                self.place = Place::Head(Finder::default());
                Ok(Some((0, Event::End(Fields::default()))))
            }
            Place::UntilClose(0) if !input.is_empty() => {
                Err(Refused::LongBody.at(0).after(self.consumed))
            }
            Place::Body(left) | Place::UntilClose(left) => Ok(up_to(*left, input).map(|data| {
                *left -= data.len() as u64;
                (data.len(), Event::Data(data))
            })),
            Place::Chunks(decoder) => {
                let piece = decoder
                    .next(input)
                    .map_err(|error| error.after(self.consumed))?;
                Ok(piece.map(|(count, piece)| match piece {
                    Piece::Data(data) => (count, Event::Data(data)),
                    Piece::Trailers(trailers) => {
                        self.place = Place::Head(Finder::default());
                        (count, Event::End(trailers))
                    }
                }))
            }
            Place::Refused(error) => Err(*error),
        }
    }

    fn ended(&mut self, rest: &[u8]) -> Result<(), HttpError> {
        match self.place {
            Place::Refused(error) => Err(error),
            Place::Body(0) => Ok(()),
            Place::Head(_) if rest.is_empty() => Ok(()),
            Place::UntilClose(_) => {
                self.place = Place::Body(0);
                Ok(())
            }
            Place::Head(_) | Place::Body(_) | Place::Chunks(_) => {
                let error = Refused::Ended.at(rest.len()).after(self.consumed);
                self.place = Place::Refused(error);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests;
