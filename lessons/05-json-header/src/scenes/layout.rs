//! Names the parts of one message, so that a timeline can show them apart.
//!
//! A layout sees the first bytes only: with the length it knows the header's size, with the header the body's.

use timeline::Part;

use crate::json_header::{HEADER_LIMIT, Header};
use crate::request::DIGEST;

/// `length`, `header`, `body`, `md5`, on the course wire.
pub(super) fn course_layout(first: &[u8]) -> Vec<Part> {
    let length = Part::big_endian("length", 4);
    parts(first, length, u32::from_be_bytes, |header| {
        let body = size(header, "size");
        // After a file stands its digest: in a `put` request and in the answer to a `get`.
        let file = header.text("op") == Ok("put") || header.is_true("ok") && header.has("name");
        let digest = if file { DIGEST } else { 0 };
        vec![Part::new("body", body), Part::hex("md5", digest)]
    })
}

/// `length`, `header`, `body`, on the python wire. What begins without a length is an unframed request.
pub(super) fn python_layout(first: &[u8]) -> Vec<Part> {
    let length = Part::little_endian_signed("length", 4);
    parts(first, length, u32::from_le_bytes, |header| {
        vec![Part::new(
            "body",
            size(header, "lenth").max(size(header, "data_size")),
        )]
    })
}

/// Length and header, and what stands after them as soon as the header is here. No parts: this is no message of ours.
fn parts(
    first: &[u8],
    length: Part,
    order: fn([u8; 4]) -> u32,
    after: fn(&Header) -> Vec<Part>,
) -> Vec<Part> {
    let Some((four, rest)) = first.split_first_chunk() else {
        return Vec::new();
    };
    let header = order(*four) as usize;
    if header > HEADER_LIMIT {
        return Vec::new();
    }
    let mut parts = vec![length, Part::new("header", header)];
    match rest.get(..header).map(Header::parse) {
        None => {} // not yet
        Some(Ok(header)) => parts.extend(after(&header)),
        Some(Err(_)) => return Vec::new(),
    }
    parts
}

fn size(header: &Header, key: &str) -> usize {
    let size = header.size(key).unwrap_or(0);
    usize::try_from(size).unwrap_or(0)
}
