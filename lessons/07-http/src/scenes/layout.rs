//! Names the parts of one message, so that a timeline can show them apart.
//!
//! A layout sees the first 256 bytes only. A head that is longer, or a body in chunks, is shown without names.

use timeline::Part;

use crate::body::{BodyLength, request_body, response_body};
use crate::head::{Limits, parse_request, parse_response};

/// `first line`, a `field` for each, `empty line`, `body`.
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
    let mut parts = vec![Part::new("first line", line)];
    let fields = first
        .get(line..end - 2)?
        .split_inclusive(|&byte| byte == b'\n');
    parts.extend(fields.map(|field| Part::new("field", field.len())));
    parts.push(Part::new("empty line", 2));
    match body {
        Ok(BodyLength::Exactly(body)) => parts.push(Part::new("body", usize::try_from(body).ok()?)),
        Ok(_) => return None,
        Err(_) => {} // refused: nobody knows how long it is
    }
    Some(parts)
}
