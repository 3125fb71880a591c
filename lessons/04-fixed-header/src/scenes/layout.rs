//! Names the parts of what one write sent, or one read brought, under each framing, so that a drawing can show them apart.
//!
//! A layout sees the first bytes only. It follows whole frames as far as it can and leaves the rest unnamed: an unframed
//! request of the python wire has no parts.

use common::Framing;
use timeline::Part;

use crate::delimiter::Delimiter;
use crate::fixed_header::FixedHeader;
use crate::fixed_size::FixedSize;
use crate::text_length::TextLength;

/// `message`, `LF`.
pub(super) fn marker_layout(first: &[u8], total: usize) -> Vec<Part> {
    each_frame(&Delimiter::default(), first, total, Part::hex, "LF")
}

/// `length` (its line feed included), `message`.
pub(super) fn text_layout(first: &[u8], total: usize) -> Vec<Part> {
    each_frame(&TextLength::default(), first, total, Part::hex, "")
}

/// `message`, `padding`.
pub(super) fn size_layout(first: &[u8], total: usize) -> Vec<Part> {
    each_frame(&FixedSize::default(), first, total, Part::hex, "padding")
}

/// `length` in four bytes, `message`, on the course wire.
pub(super) fn course_layout(first: &[u8], total: usize) -> Vec<Part> {
    each_frame(&FixedHeader::course(), first, total, Part::big_endian, "")
}

/// The same on the python wire.
pub(super) fn python_layout(first: &[u8], total: usize) -> Vec<Part> {
    let length = Part::little_endian_signed;
    each_frame(&FixedHeader::python(), first, total, length, "")
}

/// The parts of each whole frame: what is before its message, the message, what is after it. Empty parts are left out.
fn each_frame(
    framing: &dyn Framing,
    first: &[u8],
    total: usize,
    length: fn(&'static str, usize) -> Part,
    after: &'static str,
) -> Vec<Part> {
    let mut all = Vec::new();
    let mut rest = first.get(..total.min(first.len())).unwrap_or_default();
    while let Ok(Some(frame)) = framing.decode(rest) {
        let (start, end) = (frame.payload.start, frame.payload.end);
        let parts = [
            length("length", start),
            Part::new("message", end - start),
            Part::hex(after, frame.consumed - end),
        ];
        all.extend(parts.into_iter().filter(|part| part.len > 0));
        rest = rest.get(frame.consumed..).unwrap_or_default();
    }
    all
}
