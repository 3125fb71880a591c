//! A framing by its name on the command line.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cli::Wire;
use common::{Frame, FrameError, Framing};
use timeline::{Layout, Part};

use crate::delimiter::Delimiter;
use crate::fixed_header::FixedHeader;
use crate::fixed_size::FixedSize;
use crate::text_length::TextLength;

/// What divides the messages. Both ends must be told the same: nothing in the bytes says which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FramingChoice {
    /// A message ends with a line feed
    #[value(name = "marker")]
    Delimiter,
    /// The length in decimal digits, a line feed, the message
    Text,
    /// Every message is 64 bytes, filled up with zero bytes
    Size,
    /// Four bytes of length, then the message
    Header,
}

impl FramingChoice {
    /// All of them, in the order of the chapter.
    pub const ALL: [Self; 4] = [Self::Delimiter, Self::Text, Self::Size, Self::Header];

    /// The framing itself. Only the header differs between the wires.
    pub fn framing(self, wire: Wire) -> Box<dyn Framing> {
        match (self, wire) {
            (Self::Delimiter, _) => Box::new(Delimiter::default()),
            (Self::Text, _) => Box::new(TextLength::default()),
            (Self::Size, _) => Box::new(FixedSize::default()),
            (Self::Header, _) => Box::new(header(wire)),
        }
    }

    /// The names of its parts, for a drawing.
    pub fn layout(self, wire: Wire) -> Layout {
        match (self, wire) {
            (Self::Delimiter, _) => |first| parts(Delimiter::default(), first, Part::hex, "LF"),
            (Self::Text, _) => |first| parts(TextLength::default(), first, Part::hex, ""),
            (Self::Size, _) => |first| parts(FixedSize::default(), first, Part::hex, "padding"),
            (Self::Header, Wire::Course) => {
                |first| parts(FixedHeader::course(), first, Part::big_endian, "")
            }
            (Self::Header, Wire::Python) => {
                |first| parts(FixedHeader::python(), first, Part::little_endian_signed, "")
            }
        }
    }

    /// Its name in a table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Delimiter => "end marker",
            Self::Text => "length as text",
            Self::Size => "fixed size",
            Self::Header => "fixed header",
        }
    }
}

/// The fixed header of this wire.
pub(super) fn header(wire: Wire) -> FixedHeader {
    match wire {
        Wire::Course => FixedHeader::course(),
        Wire::Python => FixedHeader::python(),
    }
}

/// The parts of the frame that begins here: its length, the message, what is after it. Bytes that the framing refuses have
/// none (an unframed request of the python wire), nor have those that do not say yet how long their message is.
fn parts(
    framing: impl Framing,
    first: &[u8],
    length: fn(&'static str, usize) -> Part,
    after: &'static str,
) -> Vec<Part> {
    let (start, end, consumed) = match framing.decode(first) {
        Ok(Some(Frame { payload, consumed })) => (payload.start, payload.end, consumed),
        Ok(None) => match framing.ended_inside(first) {
            FrameError::EndedInBody { got, of: Some(of) } if got < first.len() => {
                let start = first.len() - got;
                (start, start + of, start + of)
            }
            _ => return Vec::new(),
        },
        Err(_) => return Vec::new(),
    };
    let parts = [
        length("length", start),
        Part::new("message", end - start),
        Part::hex(after, consumed - end),
    ];
    parts.into_iter().filter(|part| part.len > 0).collect()
}

/// Those of them that carry commands.
pub fn command_framing() -> impl TypedValueParser<Value = FramingChoice> {
    PossibleValuesParser::new(["text", "header"])
        .try_map(|name| FramingChoice::from_str(&name, false))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name and size of each part, joined by blanks.
    fn named(choice: FramingChoice, wire: Wire, first: &[u8]) -> String {
        let parts = choice.layout(wire)(first);
        let words = parts
            .iter()
            .map(|part| format!("{} {}", part.name, part.len));
        Vec::from_iter(words).join(" ")
    }

    #[test]
    fn each_framing_names_the_parts_of_one_message() {
        let (course, python) = (Wire::Course, Wire::Python);
        let padded = [&b"hi"[..], &[0; 62]].concat();
        for (choice, wire, first, parts) in [
            (
                FramingChoice::Delimiter,
                course,
                &b"hi\nyou\n"[..],
                "message 2 LF 1",
            ),
            (FramingChoice::Delimiter, course, b"\n", "LF 1"),
            (FramingChoice::Delimiter, course, b"hi", ""),
            (
                FramingChoice::Text,
                course,
                b"2\nhi3\n",
                "length 2 message 2",
            ),
            (
                FramingChoice::Text,
                course,
                b"300\nhi",
                "length 4 message 300",
            ),
            (FramingChoice::Text, course, b"300", ""),
            (FramingChoice::Text, course, b"x", ""),
            (FramingChoice::Size, course, &padded, "message 2 padding 62"),
            (FramingChoice::Size, course, &padded[..9], ""),
            (
                FramingChoice::Header,
                course,
                b"\0\0\0\x02hi",
                "length 4 message 2",
            ),
            (FramingChoice::Header, course, b"\0\0\0\0", "length 4"),
            (
                FramingChoice::Header,
                course,
                b"\0\0\x01\0hi",
                "length 4 message 256",
            ),
            (FramingChoice::Header, course, b"\0\0\x01", ""),
            (
                FramingChoice::Header,
                python,
                b"\x02\0\0\0hi",
                "length 4 message 2",
            ),
            (FramingChoice::Header, python, b"date", ""),
        ] {
            assert_eq!(named(choice, wire, first), parts, "{choice:?} {first:?}");
        }
    }
}
