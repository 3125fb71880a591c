//! Names the parts of one message under each framing, so that a drawing can show them apart.
//!
//! A layout sees the first bytes only. Bytes that the framing refuses have no parts: an unframed request of the python
//! wire.

use common::{Frame, Framing};
use timeline::Part;

use crate::end_marker::EndMarker;
use crate::fixed_header::FixedHeader;
use crate::fixed_size::FixedSize;
use crate::text_length::TextLength;

/// `message`, `LF`.
pub fn marker_layout(first: &[u8]) -> Vec<Part> {
    whole_frame(&EndMarker::default(), first, |payload, rest| {
        [Part::new("message", payload), Part::hex("LF", rest)]
    })
}

/// `length` (its line feed included), `message`.
pub fn text_layout(first: &[u8]) -> Vec<Part> {
    whole_frame(&TextLength::default(), first, |payload, rest| {
        [Part::hex("length", rest), Part::new("message", payload)]
    })
}

/// `message`, `padding`.
pub fn size_layout(first: &[u8]) -> Vec<Part> {
    whole_frame(&FixedSize::default(), first, |payload, rest| {
        [Part::new("message", payload), Part::hex("padding", rest)]
    })
}

/// `length` in four bytes, `message`, on the course wire.
pub fn course_layout(first: &[u8]) -> Vec<Part> {
    let length = Part::big_endian("length", 4);
    after_length(&FixedHeader::course(), first, length, u32::from_be_bytes)
}

/// The same on the python wire.
pub fn python_layout(first: &[u8]) -> Vec<Part> {
    let length = Part::little_endian_signed("length", 4);
    after_length(&FixedHeader::python(), first, length, u32::from_le_bytes)
}

/// No parts: bytes whose end only the conversation knows.
pub fn no_layout(_first: &[u8]) -> Vec<Part> {
    Vec::new()
}

/// The two parts of a frame that is here whole, from the sizes of its payload and of what the framing added. Empty parts
/// are left out.
fn whole_frame(
    framing: &dyn Framing,
    first: &[u8],
    parts: impl Fn(usize, usize) -> [Part; 2],
) -> Vec<Part> {
    let Ok(Some(Frame { payload, consumed })) = framing.decode(first) else {
        return Vec::new();
    };
    let parts = parts(payload.len(), consumed.saturating_sub(payload.len()));
    parts.into_iter().filter(|part| part.len > 0).collect()
}

/// Here the length says how long the message is before it has come.
fn after_length(
    framing: &dyn Framing,
    first: &[u8],
    length: Part,
    order: fn([u8; 4]) -> u32,
) -> Vec<Part> {
    match (first.first_chunk(), framing.decode(first)) {
        (Some(four), Ok(_)) => vec![length, Part::new("message", order(*four) as usize)],
        _ => Vec::new(),
    }
}
