//! A frame as a table: each field with its place, its bytes and what they say.
//!
//! ```text
//! TCP, 32 bytes: from program to program
//!   34  e3 12        from port     58130
//!   36  1f 90        to port       8080
//! ```

use std::io::{self, Write};

use common::plain_line;

use crate::bases::hex_bytes;
use crate::frame::{Field, Frame, Packet};

/// Bytes in a line of the table.
const IN_A_LINE: usize = 6;
/// Payload that is shown; a longer one is only counted.
const SHOWN: usize = 48;

/// Writes a frame header by header. `bytes` are the whole frame, from which `frame` was parsed.
///
/// # Errors
/// Those of `out`.
pub fn anatomy(out: &mut impl Write, frame: &Frame<'_>, bytes: &[u8]) -> io::Result<()> {
    writeln!(
        out,
        "a frame of {} bytes, {} of them ours",
        bytes.len(),
        ours(frame).len()
    )?;
    let mut table = Table { out, bytes, at: 0 };
    for layer in frame.layers() {
        let len: usize = layer.fields.iter().map(|field| field.len).sum();
        writeln!(table.out, "\n{}, {len} bytes: {}", layer.name, layer.job)?;
        for field in &layer.fields {
            table.row(field)?;
        }
    }
    let payload = frame.payload();
    if !payload.is_empty() {
        let name = if ours(frame).is_empty() {
            "the rest"
        } else {
            "our bytes"
        };
        writeln!(table.out, "\n{name}, {} bytes", payload.len())?;
        table.row(&Field {
            len: payload.len().min(SHOWN),
            name: "",
            meaning: shown(payload),
        })?;
        table.at += payload.len().saturating_sub(SHOWN);
    }
    if !frame.padding.is_empty() {
        writeln!(
            table.out,
            "\npadding, {} bytes: nobody's, they only fill the frame",
            frame.padding.len()
        )?;
    }
    Ok(())
}

/// What a program wrote: the payload of TCP or UDP.
pub(crate) fn ours<'a>(frame: &Frame<'a>) -> &'a [u8] {
    use crate::frame::Transport::{Tcp, Udp};
    match &frame.packet {
        Packet::Ip(_, Tcp(_, payload) | Udp(_, payload)) => payload,
        _ => &[],
    }
}

/// A payload as harmless text, cut where the table ends.
pub(crate) fn shown(payload: &[u8]) -> String {
    let first = payload.get(..SHOWN).unwrap_or(payload);
    let text = plain_line(first);
    match payload.len() - first.len() {
        0 => text,
        more => format!("{text} ... {more} more bytes"),
    }
}

struct Table<'a, W> {
    out: &'a mut W,
    bytes: &'a [u8],
    /// Where the next field begins.
    at: usize,
}

impl<W: Write> Table<'_, W> {
    /// `  36  1f 90        to port       8080`; a long field goes on in the next line.
    fn row(&mut self, field: &Field) -> io::Result<()> {
        let bytes = self
            .bytes
            .get(self.at..self.at + field.len)
            .unwrap_or_default();
        let (mut name, mut meaning) = (field.name, field.meaning.as_str());
        for line in bytes.chunks(IN_A_LINE) {
            let text = format!("{:4}  {:17}  {name:15} {meaning}", self.at, hex_bytes(line));
            writeln!(self.out, "{}", text.trim_end())?;
            self.at += line.len();
            (name, meaning) = ("", "");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture;

    fn told(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        anatomy(&mut out, &Frame::parse(bytes).unwrap(), bytes).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_byte_of_every_captured_frame_is_in_the_table_once() {
        for bytes in capture::frames(capture::HELLO).unwrap() {
            let told = told(&bytes);
            let hex: String = told
                .lines()
                .filter(|line| line.starts_with("  "))
                .map(|line| line[6..line.len().min(23)].replace(' ', ""))
                .collect();
            let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, expected, "{told}");
        }
    }

    #[test]
    fn a_long_payload_is_cut_and_counted() {
        let long = [b'x'; 100];
        assert_eq!(
            shown(&long),
            format!("{} ... 52 more bytes", "x".repeat(48))
        );
        assert_eq!(shown(b"a\x1b[2J"), r"a\u{1b}[2J");
    }

    #[test]
    fn what_follows_an_unknown_type_is_not_called_ours() {
        let mut bytes = [0_u8; 20];
        bytes[12..14].copy_from_slice(&[0x88, 0xcc]);
        let told = told(&bytes);
        assert!(
            told.starts_with("a frame of 20 bytes, 0 of them ours\n"),
            "{told}"
        );
        assert!(told.contains("\nthe rest, 6 bytes\n"), "{told}");
    }
}
