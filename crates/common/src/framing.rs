//! The one interface for framing: how a stream of bytes is told apart into messages.
//!
//! Pure functions over slices. The buffer stays with the loop that reads the socket (lesson 04 teaches that loop);
//! a framing never sees a socket, and the loop never sees a layout. Object-safe, so that tests and benches are a
//! table of `Box<dyn Framing>`; options (a limit, a byte order) are fields of the concrete struct.
//!
//! Three laws hold for every right framing (`law.rs` checks them):
//!
//! 1. Cut the wire bytes anywhere: the same messages come out.
//! 2. More bytes never change an answer already given.
//! 3. What went in comes out.

use std::ops::Range;
use std::{error, fmt, io};

/// Bytes to messages and back.
pub trait Framing {
    /// Appends `message`, framed, to `out`.
    ///
    /// # Errors
    /// A message that this framing cannot carry (too long, or holding a byte that ends it). `out` is then unchanged.
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError>;

    /// Looks for one whole frame at the start of `input`.
    ///
    /// `Ok(None)` is "not yet": a right beginning, more bytes are needed. It is an answer, not an error.
    ///
    /// # Errors
    /// `input` can never become a frame, whatever follows. A length over the limit is refused from the header alone.
    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError>;

    /// The stream has ended and `rest` (not empty, no whole frame) is what was left: inside which part did it end?
    ///
    /// Only the rule knows its parts, so only the rule can say it. Always an `EndedIn...`.
    fn ended_inside(&self, rest: &[u8]) -> FrameError;
}

/// A framing chosen while the program runs is a framing too: `--framing text` puts one into a box.
impl<F: Framing + ?Sized> Framing for Box<F> {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        (**self).encode(message, out)
    }

    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
        (**self).decode(input)
    }

    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        (**self).ended_inside(rest)
    }
}

/// One message found in the input: where it lies.
///
/// ```text
///  0        payload.start       payload.end       consumed
///  +-- header --+----- payload -----+--- delimiter ---+-- the next frame ...
/// ```
///
/// Numbers, not a slice. A slice would borrow the buffer, and then no loop could take the frame out of it, or read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Where in the input the message itself lies.
    pub payload: Range<usize>,
    /// How many bytes of the input the whole frame takes, whatever stands before and after its payload. Never zero.
    pub consumed: usize,
}

/// Why bytes are no frame, or a message cannot become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FrameError {
    /// The header announces (or the message has) more bytes than the limit.
    TooLong {
        /// Bytes announced. For a framing without a header: bytes that came without an end.
        announced: u64,
        /// Bytes allowed.
        limit: usize,
    },
    /// The header announces fewer bytes than a message can have: a negative number, or zero where zero is no message.
    TooShort {
        /// Bytes announced.
        announced: i64,
        /// Bytes allowed.
        limit: usize,
    },
    /// The header breaks its own grammar.
    Malformed(&'static str),
    /// The message holds something that this framing cannot carry.
    CannotCarry(&'static str),
    /// The stream ended inside a header.
    EndedInHeader {
        /// Bytes of the header that came.
        got: usize,
        /// Bytes a header has, where that is fixed.
        of: Option<usize>,
    },
    /// The stream ended inside a message's body.
    EndedInBody {
        /// Bytes of the body that came.
        got: usize,
        /// Bytes announced, where they were.
        of: Option<usize>,
    },
}

impl FrameError {
    /// So many bytes are over the limit.
    pub fn too_long(length: usize, limit: usize) -> Self {
        let announced = length as u64;
        Self::TooLong { announced, limit }
    }
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (part, got, of) = match self {
            Self::TooLong { announced, limit } => {
                return write!(f, "frame of {announced} bytes is over the limit of {limit}");
            }
            Self::TooShort { announced, limit } => {
                let under = "is under the least allowed (the limit is";
                return write!(f, "frame of {announced} bytes {under} {limit})");
            }
            Self::Malformed(why) | Self::CannotCarry(why) => return f.write_str(why),
            Self::EndedInHeader { got, of } => ("header", got, of),
            Self::EndedInBody { got, of } => ("body", got, of),
        };
        write!(f, "the stream ended inside a {part}, after {got}")?;
        match of {
            Some(of) => write!(f, " of {of} bytes"),
            None => write!(f, " bytes"),
        }
    }
}

impl error::Error for FrameError {}

/// A loop that reads a socket speaks `io::Error`: a stream that ended too early keeps std's kind for that, every
/// other broken rule is `InvalidData`.
impl From<FrameError> for io::Error {
    fn from(error: FrameError) -> Self {
        let kind = match error {
            FrameError::EndedInHeader { .. } | FrameError::EndedInBody { .. } => {
                io::ErrorKind::UnexpectedEof
            }
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, error)
    }
}
