//! Promise: a message that does not fit a datagram is refused with its size and the limit, before anything is sent.
//!
//! Price: one comparison. Without it the kernel refuses too, and says `message too long` and no number.

use std::io::{self, ErrorKind};

use crate::datagram::LARGEST;

/// Refuses a message over [`LARGEST`].
///
/// # Errors
/// `InvalidInput`: one sentence with both numbers.
pub fn check(message: &[u8]) -> io::Result<()> {
    let size = message.len();
    if size <= LARGEST {
        return Ok(());
    }
    let why = format!("datagram of {size} bytes is over the limit of {LARGEST}");
    Err(io::Error::new(ErrorKind::InvalidInput, why))
}
