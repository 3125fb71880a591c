//! The names of the parts of a message: where the length ends and the header begins.

/// Names the parts of one event, from its first bytes (at most 256) and its size.
///
/// It is called when a drawing is made, never while bytes move. Parts that reach beyond the end, or that leave some
/// bytes over, are drawn as such.
pub type Layout = fn(first_bytes: &[u8], total: usize) -> Vec<Part>;

/// One named part of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// What it is: `length`, `JSON header`, `body`.
    pub name: &'static str,
    /// Its size in bytes.
    pub len: usize,
    /// How its bytes are shown.
    pub shown: Shown,
}

/// How the bytes of a part are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As text where they are text, in hex where not.
    Auto,
    /// In hex, whatever they are: a digest.
    Hex,
    /// In hex and as the number they are, most significant byte first.
    BigEndian,
    /// In hex and as the number they are, least significant byte first, with a sign (`struct.pack('i', n)`).
    LittleEndianSigned,
}

impl Part {
    /// Shown as text where it is text, in hex where not.
    #[must_use]
    pub fn new(name: &'static str, len: usize) -> Self {
        Self {
            name,
            len,
            shown: Shown::Auto,
        }
    }

    /// Shown in hex.
    #[must_use]
    pub fn hex(name: &'static str, len: usize) -> Self {
        Self {
            name,
            len,
            shown: Shown::Hex,
        }
    }

    /// A number, most significant byte first: `00 00 00 1f = 31`.
    #[must_use]
    pub fn big_endian(name: &'static str, len: usize) -> Self {
        Self {
            name,
            len,
            shown: Shown::BigEndian,
        }
    }

    /// A number with a sign, least significant byte first: `1f 00 00 00 = 31`.
    #[must_use]
    pub fn little_endian_signed(name: &'static str, len: usize) -> Self {
        Self {
            name,
            len,
            shown: Shown::LittleEndianSigned,
        }
    }
}
