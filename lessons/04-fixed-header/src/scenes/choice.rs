//! A framing by its name on the command line.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cli::Wire;
use common::Framing;
use timeline::Layout;

use super::layout::{course_layout, marker_layout, python_layout, size_layout, text_layout};
use crate::delimiter::Delimiter;
use crate::fixed_header::FixedHeader;
use crate::fixed_size::FixedSize;
use crate::text_length::TextLength;

/// What divides the messages. Both ends must be told the same: nothing in the bytes says which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Choice {
    /// A message ends with a line feed
    Marker,
    /// The length in decimal digits, a line feed, the message
    Text,
    /// Every message is 64 bytes, filled up with zero bytes
    Size,
    /// Four bytes of length, then the message
    Header,
}

impl Choice {
    /// All of them, in the order of the chapter.
    pub const ALL: [Self; 4] = [Self::Marker, Self::Text, Self::Size, Self::Header];

    /// The framing itself. Only the header differs between the wires.
    pub fn framing(self, wire: Wire) -> Box<dyn Framing> {
        match (self, wire) {
            (Self::Marker, _) => Box::new(Delimiter::default()),
            (Self::Text, _) => Box::new(TextLength::default()),
            (Self::Size, _) => Box::new(FixedSize::default()),
            (Self::Header, _) => Box::new(header(wire)),
        }
    }

    /// The names of its parts, for a drawing.
    pub fn layout(self, wire: Wire) -> Layout {
        match (self, wire) {
            (Self::Marker, _) => marker_layout,
            (Self::Text, _) => text_layout,
            (Self::Size, _) => size_layout,
            (Self::Header, Wire::Course) => course_layout,
            (Self::Header, Wire::Python) => python_layout,
        }
    }

    /// Its name in a table.
    pub fn title(self) -> &'static str {
        match self {
            Self::Marker => "end marker",
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

/// Those of them that carry commands.
pub fn command_framing() -> impl TypedValueParser<Value = Choice> {
    PossibleValuesParser::new(["text", "header"]).try_map(|name| Choice::from_str(&name, false))
}
