//! A framing by its name on the command line.

use cli::Wire;
use common::Framing;
use timeline::Layout;

use super::layout::{course_layout, marker_layout, python_layout, size_layout, text_layout};
use crate::delimiter::Delimiter;
use crate::fixed_header::FixedHeader;
use crate::fixed_size::FixedSize;
use crate::text_length::TextLength;

/// What divides the messages. Both ends must be told the same: nothing in the bytes says which it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
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
            (Self::Header, Wire::Course) => Box::new(FixedHeader::course()),
            (Self::Header, Wire::Python) => Box::new(FixedHeader::python()),
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

/// How commands are framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum CommandFraming {
    /// The length in decimal digits
    Text,
    /// The length in four bytes
    Header,
}

impl CommandFraming {
    /// The same framing among all.
    pub fn choice(self) -> Choice {
        match self {
            Self::Text => Choice::Text,
            Self::Header => Choice::Header,
        }
    }

    /// The names of its parts. A length in text without an end has none that bytes alone could show.
    pub fn layout(self, wire: Wire) -> Option<Layout> {
        match (wire, self) {
            (Wire::Python, Self::Text) => None,
            _ => Some(self.choice().layout(wire)),
        }
    }
}
