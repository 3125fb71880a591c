//! The rule of the fixed header: four bytes of length, then that many bytes of payload.
//!
//! The goal: judge the announced length from the header alone, before a byte of memory is taken for it, and find the
//! payload without copying it. This file knows no socket; `message_stream.rs` is the loop that feeds it.

use common::{Frame, FrameError, Framing};

/// Bytes of a header.
const HEADER: usize = 4;

/// The limit of every frame in this course: 1 MiB of payload.
const LIMIT: usize = 1_048_576;

/// Four bytes of length, then the payload.
///
/// ```text
///  0   1   2   3   4                     4 + n
/// +---+---+---+---+---------- ... ---------+
/// |   length n    |   payload, n bytes     |
/// +---+---+---+---+---------- ... ---------+
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedHeader {
    /// How the four bytes are a number.
    order: Order,
    /// How many bytes of payload are allowed: the fewest (an empty message is a message, on most wires) and the most.
    min: usize,
    limit: usize,
}

/// How four bytes are a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The course wire, and network order: 258 is `00 00 01 02`. Goes to 4,294,967,295.
    BigEndianUnsigned,
    /// The python wire, as `struct.pack('i', n)` gives it on a PC: 258 is `02 01 00 00`. Goes to 2,147,483,647, and a
    /// peer can send a negative number.
    LittleEndianSigned,
}

impl FixedHeader {
    /// The course wire: big-endian, unsigned, up to 1,048,576 bytes.
    pub fn course() -> Self {
        Self::new(Order::BigEndianUnsigned)
    }

    /// The python wire: little-endian, signed, up to 1,048,576 bytes.
    pub fn python() -> Self {
        Self::new(Order::LittleEndianSigned)
    }

    fn new(order: Order) -> Self {
        let (min, limit) = (0, LIMIT);
        Self { order, min, limit }
    }

    /// The same with another limit. What four bytes cannot say is over it too.
    #[must_use]
    pub fn with_limit(self, limit: usize) -> Self {
        let limit = limit.min(self.order.max());
        Self { limit, ..self }
    }

    /// The same with a least length: a JSON header, for example, has at least one byte.
    #[must_use]
    pub fn at_least(self, min: usize) -> Self {
        Self { min, ..self }
    }

    /// Is a payload of this many bytes allowed? Every length goes through here, ours and the peer's.
    #[inline]
    fn judge(&self, announced: i64) -> Result<usize, FrameError> {
        // A negative number has no usize, so it cannot slip through as a huge length.
        match usize::try_from(announced) {
            Ok(length) if (self.min..=self.limit).contains(&length) => Ok(length),
            _ => Err(self.refused(announced)),
        }
    }

    #[cold]
    fn refused(&self, announced: i64) -> FrameError {
        let limit = self.limit;
        match u64::try_from(announced) {
            Ok(announced) if announced > limit as u64 => FrameError::TooLong { announced, limit },
            _ => FrameError::TooShort { announced, limit },
        }
    }
}

impl Order {
    /// The number in these four bytes.
    #[inline]
    fn read(self, header: [u8; HEADER]) -> i64 {
        match self {
            Self::BigEndianUnsigned => u32::from_be_bytes(header).into(),
            Self::LittleEndianSigned => i32::from_le_bytes(header).into(),
        }
    }

    /// The four bytes for a length that was judged, so that it fits.
    #[inline]
    fn write(self, length: usize) -> [u8; HEADER] {
        match self {
            Self::BigEndianUnsigned => (length as u32).to_be_bytes(),
            Self::LittleEndianSigned => (length as i32).to_le_bytes(),
        }
    }

    /// The greatest length that four bytes can say in this order.
    fn max(self) -> usize {
        match self {
            Self::BigEndianUnsigned => u32::MAX as usize,
            Self::LittleEndianSigned => i32::MAX as usize,
        }
    }
}

impl Framing for FixedHeader {
    #[inline]
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        let length = self.judge(i64::try_from(message.len()).unwrap_or(i64::MAX))?;
        out.reserve(HEADER + length);
        out.extend_from_slice(&self.order.write(length));
        out.extend_from_slice(message);
        Ok(())
    }

    #[inline]
    // ANCHOR: decode
    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
        let Some(header) = input.first_chunk::<HEADER>() else {
            return Ok(None); // not yet a header
        };
        let end = HEADER + self.judge(self.order.read(*header))?;
        if input.len() < end {
            return Ok(None); // not yet a whole message
        }
        Ok(Some(Frame {
            payload: HEADER..end,
            consumed: end,
        }))
    }
    // ANCHOR_END: decode

    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        match rest.split_first_chunk::<HEADER>() {
            None => FrameError::EndedInHeader {
                got: rest.len(),
                of: Some(HEADER),
            },
            Some((header, body)) => FrameError::EndedInBody {
                got: body.len(),
                of: usize::try_from(self.order.read(*header)).ok(),
            },
        }
    }
}

#[cfg(test)]
mod tests;
