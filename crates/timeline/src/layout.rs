//! The names of the parts of a message: where the length ends and the header begins.

/// Names the parts of **one** message from its first bytes (at most 256; fewer while it still arrives).
///
/// It is called when a drawing is made, never while bytes move. The drawing carries the parts over the later calls of the
/// same message: a body written in a second call is still that message's body. What comes after all the parts begins
/// the next message. No parts: these bytes cannot be named, and the next call begins anew.
pub type Layout = fn(first_bytes: &[u8]) -> Vec<Part>;

/// One named part of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// What it is: `length`, `JSON header`, `body`.
    pub name: &'static str,
    /// Its size in bytes.
    pub len: usize,
    /// How its bytes are shown.
    pub(crate) shown: Shown,
}

/// How the bytes of a part are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
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
        let shown = Shown::Auto;
        Self { name, len, shown }
    }

    /// Shown in hex.
    #[must_use]
    pub fn hex(name: &'static str, len: usize) -> Self {
        let shown = Shown::Hex;
        Self { name, len, shown }
    }

    /// A number, most significant byte first: `00 00 00 1f = 31`.
    #[must_use]
    pub fn big_endian(name: &'static str, len: usize) -> Self {
        let shown = Shown::BigEndian;
        Self { name, len, shown }
    }

    /// A number with a sign, least significant byte first: `1f 00 00 00 = 31`.
    #[must_use]
    pub fn little_endian_signed(name: &'static str, len: usize) -> Self {
        let shown = Shown::LittleEndianSigned;
        Self { name, len, shown }
    }
}
