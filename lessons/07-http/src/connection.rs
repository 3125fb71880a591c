//! Bytes in, events out: the messages of one direction of a connection. The buffer stays with the loop (lesson 04): it shows
//! what it has not consumed, and again with more behind it when the answer was "not yet".
//!
//! ```text
//! GET / HTTP/1.1 CRLF Host: a CRLF CRLF   ▶ Head
//! hello                                   ▶ Data ...   (however it was cut; joined, always the same)
//!                                         ▶ End        (with the trailers)
//! ```

use crate::body::BodyLength;
use crate::error::HttpError;
use crate::head::{Fields, Limits, RequestHead, ResponseHead};

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

/// Reads requests.
#[derive(Debug)]
pub struct Requests {
    limits: Limits,
}

impl Requests {
    /// From the first byte of a connection.
    pub fn new(limits: Limits) -> Self {
        Self { limits }
    }

    /// The next event and how many bytes it consumed (an `End` may consume none). `Ok(None)`: not yet.
    ///
    /// # Errors
    /// The message is refused, and so is every later call.
    pub fn next<'a>(
        &mut self,
        input: &'a [u8],
    ) -> Result<Option<(usize, Event<'a, RequestHead<'a>>)>, HttpError> {
        let _ = (input, self.limits);
        todo!("parser")
    }

    /// The stream has ended, and `rest` was not consumed.
    ///
    /// # Errors
    /// It ended inside a message.
    pub fn ended(&mut self, rest: &[u8]) -> Result<(), HttpError> {
        let _ = rest;
        todo!("parser")
    }
}

/// Reads responses.
#[derive(Debug)]
pub struct Responses {
    limits: Limits,
}

impl Responses {
    /// From the first byte of a connection.
    pub fn new(limits: Limits) -> Self {
        Self { limits }
    }

    /// The next response is to a request with this method: to be said before its head is read. (1xx answers come before
    /// the one that counts and do not use it up.)
    pub fn expect(&mut self, method: &str) {
        let _ = method;
        todo!("parser")
    }

    /// As [`Requests::next`].
    ///
    /// # Errors
    /// As there.
    pub fn next<'a>(
        &mut self,
        input: &'a [u8],
    ) -> Result<Option<(usize, Event<'a, ResponseHead<'a>>)>, HttpError> {
        let _ = (input, self.limits);
        todo!("parser")
    }

    /// The stream has ended, and `rest` was not consumed. Ends a body that lasts until close.
    ///
    /// # Errors
    /// It ended inside a message.
    pub fn ended(&mut self, rest: &[u8]) -> Result<(), HttpError> {
        let _ = rest;
        todo!("parser")
    }
}
