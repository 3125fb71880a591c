//! Names the parts of one message, so that a timeline can show them apart.
//!
//! A layout sees the first 256 bytes only. A head that is longer, or a body in chunks, is shown without names.

use timeline::Part;

use crate::body::{BodyLength, request_body, response_body};
use crate::head::{Limits, parse_request, parse_response};

/// `first line`, `fields`, `empty line`, `body`.
pub(super) fn layout(first: &[u8]) -> Vec<Part> {
    parts(first).unwrap_or_default()
}

fn parts(first: &[u8]) -> Option<Vec<Part>> {
    let line = memchr::memmem::find(first, b"\r\n")? + 2;
    let end = memchr::memmem::find(first, b"\r\n\r\n")? + 4;
    let (head, limits) = (first.get(..end)?, Limits::default());
    let body = match first.starts_with(b"HTTP/") {
        true => response_body(&parse_response(head, &limits).ok()?, "GET", u64::MAX),
        false => request_body(&parse_request(head, &limits).ok()?, u64::MAX),
    };
    let BodyLength::Exactly(body) = body.ok()? else {
        return None;
    };
    Some(vec![
        Part::new("first line", line),
        Part::new("fields", end - line - 2),
        Part::new("empty line", 2),
        Part::new("body", usize::try_from(body).ok()?),
    ])
}
