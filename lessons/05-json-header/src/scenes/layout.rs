//! Names the parts of what one write sent, or one read brought, so that a timeline can show them apart.
//!
//! A layout sees the first bytes only. It follows headers and bodies as far as it can and leaves the rest unnamed.

use timeline::Part;

use crate::json_header::Header;
use crate::request::DIGEST;

/// `length`, `header`, `body`, `md5`, on the course wire.
pub(super) fn course_layout(first: &[u8], total: usize) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut at = 0;
    while at < total {
        let Some((length, header)) = header_at(first, at, u32::from_be_bytes) else {
            break;
        };
        parts.push(Part::big_endian("length", 4));
        parts.push(Part::new("header", length));
        at += 4 + length;
        let body = header
            .size("size")
            .ok()
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or(0);
        if body > 0 {
            parts.push(Part::new("body", body.min(total.saturating_sub(at))));
            at += body;
        }
        // After a file comes its digest: in a `put` request and in the answer to a `get`.
        if (header.text("op") == Ok("put") || header.is_true("ok") && header.has("name"))
            && at < total
        {
            parts.push(Part::hex("md5", DIGEST.min(total - at)));
            at += DIGEST;
        }
    }
    parts
}

/// `length`, `header`, `body`, on the python wire. What begins without a length is an unframed request.
pub(super) fn python_layout(first: &[u8], total: usize) -> Vec<Part> {
    let Some((length, _)) = header_at(first, 0, u32::from_le_bytes) else {
        return Vec::new();
    };
    let mut parts = vec![
        Part::little_endian_signed("length", 4),
        Part::new("header", length),
    ];
    let body = total.saturating_sub(4 + length);
    if body > 0 {
        parts.push(Part::new("body", body));
    }
    parts
}

/// The length at `at` and the header after it, if both are there and right.
fn header_at(first: &[u8], at: usize, order: fn([u8; 4]) -> u32) -> Option<(usize, Header)> {
    let rest = first.get(at..)?;
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(order(*length)).ok()?;
    let header = Header::parse(rest.get(..length)?).ok()?;
    Some((length, header))
}
