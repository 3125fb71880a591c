//! How long is the body? The numbered steps of RFC 9112, section 6.3.

use crate::error::HttpError;
use crate::head::{RequestHead, ResponseHead};

/// Where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyLength {
    /// There is none, or exactly so many bytes.
    Exactly(u64),
    /// With the last chunk.
    Chunked,
    /// With the stream: only of a response.
    UntilClose,
}

/// Of a request.
///
/// # Errors
/// A `Content-Length` or a `Transfer-Encoding` that is not right.
pub fn request_body(head: &RequestHead<'_>) -> Result<BodyLength, HttpError> {
    let _ = head;
    todo!("parser")
}

/// Of a response to a request with `method`.
///
/// # Errors
/// As [`request_body`].
pub fn response_body(head: &ResponseHead<'_>, method: &str) -> Result<BodyLength, HttpError> {
    let _ = (head, method);
    todo!("parser")
}
