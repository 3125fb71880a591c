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

use memchr::memchr_iter;

use crate::body::{BodyLength, request_body, response_body};
use crate::chunked::{ChunkDecoder, Piece, up_to};
use crate::error::{HttpError, Refused};
use crate::head::{
    Fields, Finder, Limits, RequestHead, ResponseHead, parse_request, parse_response,
};

pub(crate) mod http_stream;

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

/// Who the messages go to: what their heads are, and how long the body after one is.
pub trait Direction: Default {
    /// A head, taken apart.
    type Head<'a>;

    /// Takes a whole head apart, and says how long its body is.
    ///
    /// # Errors
    /// The head is refused.
    fn parse<'a>(
        &mut self,
        head: &'a [u8],
        limits: &Limits,
    ) -> Result<(Self::Head<'a>, BodyLength), HttpError>;

    /// How many bytes of the input stand before a first line.
    fn skipped(_input: &[u8]) -> usize {
        0
    }
}

/// Requests go to a server.
#[derive(Debug, Default)]
pub struct ToServer;

impl Direction for ToServer {
    type Head<'a> = RequestHead<'a>;

    fn parse<'a>(
        &mut self,
        head: &'a [u8],
        limits: &Limits,
    ) -> Result<(RequestHead<'a>, BodyLength), HttpError> {
        let head = parse_request(head, limits)?;
        let body = request_body(&head, limits.body)?;
        Ok((head, body))
    }

    /// One empty line before a request line is skipped (RFC 9112, section 2.2): old clients sent one after a body.
    fn skipped(input: &[u8]) -> usize {
        match input {
            [b'\r', b'\n', ..] => 2,
            _ => 0,
        }
    }
}

/// Responses go to a client.
#[derive(Debug, Default)]
pub struct ToClient {
    /// Of the request that the next response answers.
    method: String,
}

impl Direction for ToClient {
    type Head<'a> = ResponseHead<'a>;

    fn parse<'a>(
        &mut self,
        head: &'a [u8],
        limits: &Limits,
    ) -> Result<(ResponseHead<'a>, BodyLength), HttpError> {
        let head = parse_response(head, limits)?;
        let body = response_body(&head, &self.method, limits.body)?;
        if head.status >= 200 {
            self.method.clear();
        }
        Ok((head, body))
    }
}

/// Reads the messages of one direction.
#[derive(Debug)]
pub struct Messages<D> {
    limits: Limits,
    place: Place,
    /// Bytes of the stream that events have consumed.
    consumed: u64,
    direction: D,
}

/// Reads requests.
pub type Requests = Messages<ToServer>;

/// Reads responses. The first is taken for one to a GET if nothing else is said.
pub type Responses = Messages<ToClient>;

impl Responses {
    /// The next response is to a request with this method: to be said before its head is read. It holds for this response only
    /// (1xx answers come before the one that counts and do not use it up); the next is taken for one to a GET.
    pub fn expect(&mut self, method: &str) {
        method.clone_into(&mut self.direction.method);
    }
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

impl<D: Direction> Messages<D> {
    /// From the first byte of a connection.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            place: Place::Head(Finder::default()),
            consumed: 0,
            direction: D::default(),
        }
    }

    /// The next event. The input begins with the first byte that no event has consumed.
    ///
    /// # Errors
    /// The message is refused, and so is every later call.
    pub fn next<'a>(&mut self, input: &'a [u8]) -> Result<Next<'a, D::Head<'a>>, HttpError> {
        let next = self.event(input);
        match &next {
            Ok(Some((count, _))) => self.consumed += *count as u64,
            Ok(None) => {}
            Err(error) => self.place = Place::Refused(*error),
        }
        next
    }

    fn event<'a>(&mut self, input: &'a [u8]) -> Result<Next<'a, D::Head<'a>>, HttpError> {
        let limits = &self.limits;
        match &mut self.place {
            Place::Head(finder) => {
                let skipped = D::skipped(input);
                let before = self.consumed + skipped as u64;
                let in_stream = |error: HttpError| error.after(before);
                let input = input.get(skipped..).unwrap_or_default();
                let found = finder
                    .head(input, limits.start_line, limits.head)
                    .map_err(in_stream)?;
                let Some(head) = found.and_then(|end| input.get(..end)) else {
                    return Ok(None);
                };
                let parsed = self.direction.parse(head, limits);
                let (parsed, body) = parsed.map_err(in_stream)?;
                self.place = match body {
                    BodyLength::Exactly(size) => Place::Body(size),
                    BodyLength::UntilClose => Place::UntilClose(limits.body),
                    BodyLength::Chunked => Place::Chunks(ChunkDecoder::new(Limits {
                        head: limits.head - head.len(),
                        fields: limits.fields + 2 - memchr_iter(b'\n', head).count(), // 2 lines are no fields
                        ..*limits
                    })),
                };
                Ok(Some((skipped + head.len(), Event::Head(parsed, body))))
            }
            Place::Body(0) => {
                self.place = Place::Head(Finder::default());
                Ok(Some((0, Event::End(Fields::default()))))
            }
            Place::UntilClose(0) if !input.is_empty() => {
                Err(Refused::LONG_BODY.at(0).after(self.consumed))
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

    /// Whether the last message is over, and the next has a head to come.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.place, Place::Head(_))
    }

    /// The stream has ended, and `rest` was not consumed. This ends a body that lasts until close: the next event is its `End`.
    ///
    /// # Errors
    /// It ended inside a message.
    pub fn ended(&mut self, rest: &[u8]) -> Result<(), HttpError> {
        match self.place {
            Place::Refused(error) => Err(error),
            Place::Body(0) => Ok(()),
            Place::Head(_) if rest.len() == D::skipped(rest) => Ok(()),
            Place::UntilClose(_) => {
                self.place = Place::Body(0);
                Ok(())
            }
            Place::Head(_) | Place::Body(_) | Place::Chunks(_) => {
                let error = Refused::ENDED.at(rest.len()).after(self.consumed);
                self.place = Place::Refused(error);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests;
