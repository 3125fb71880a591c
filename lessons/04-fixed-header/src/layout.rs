//! Names the parts of what one write sent, or one read brought, under each framing, so that a drawing can show them apart.
//!
//! A layout sees the first bytes only. It follows whole frames as far as it can and leaves the rest unnamed: an unframed
//! request of the python wire has no parts.

use common::{Frame, Framing};
use timeline::Part;

use crate::end_marker::EndMarker;
use crate::fixed_header::FixedHeader;
use crate::fixed_size::FixedSize;
use crate::text_length::TextLength;

/// `message`, `LF`.
pub fn marker_layout(first: &[u8], total: usize) -> Vec<Part> {
    let parts = |frame: &[u8], payload: usize| {
        [
            Part::new("message", payload),
            Part::hex("LF", frame.len() - payload),
        ]
    };
    each_frame(&EndMarker::default(), first, total, parts)
}

/// `length` (its line feed included), `message`.
pub fn text_layout(first: &[u8], total: usize) -> Vec<Part> {
    let parts = |frame: &[u8], payload: usize| {
        [
            Part::hex("length", frame.len() - payload),
            Part::new("message", payload),
        ]
    };
    each_frame(&TextLength::default(), first, total, parts)
}

/// `message`, `padding`.
pub fn size_layout(first: &[u8], total: usize) -> Vec<Part> {
    let parts = |frame: &[u8], payload: usize| {
        [
            Part::new("message", payload),
            Part::hex("padding", frame.len() - payload),
        ]
    };
    each_frame(&FixedSize::default(), first, total, parts)
}

/// `length` in four bytes, `message`, on the course wire.
pub fn course_layout(first: &[u8], total: usize) -> Vec<Part> {
    let parts =
        |_: &[u8], payload: usize| [Part::big_endian("length", 4), Part::new("message", payload)];
    each_frame(&FixedHeader::course(), first, total, parts)
}

/// The same on the python wire.
pub fn python_layout(first: &[u8], total: usize) -> Vec<Part> {
    let parts = |_: &[u8], payload: usize| {
        [
            Part::little_endian_signed("length", 4),
            Part::new("message", payload),
        ]
    };
    each_frame(&FixedHeader::python(), first, total, parts)
}

/// No parts: bytes whose end only the conversation knows.
pub fn no_layout(_first: &[u8], _total: usize) -> Vec<Part> {
    Vec::new()
}

/// The parts of each whole frame, from the frame and the size of its payload. Empty parts are left out.
fn each_frame(
    framing: &dyn Framing,
    first: &[u8],
    total: usize,
    parts: impl Fn(&[u8], usize) -> [Part; 2],
) -> Vec<Part> {
    let mut all = Vec::new();
    let mut rest = first.get(..total.min(first.len())).unwrap_or_default();
    while let Ok(Some(Frame { payload, consumed })) = framing.decode(rest) {
        let Some((frame, behind)) = rest.split_at_checked(consumed) else {
            break;
        };
        if frame.is_empty() {
            break; // no right framing gives one; a wrong one would be drawn for ever
        }
        all.extend(
            parts(frame, payload.len())
                .into_iter()
                .filter(|part| part.len > 0),
        );
        rest = behind;
    }
    all
}
