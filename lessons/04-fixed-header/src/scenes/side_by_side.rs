//! Five framings, one message: what each makes of the same bytes, part by part, and what it costs.
//!
//! ```text
//! end marker       [68 65 6c 6c 6f] [0a]
//!                  message          LF             6 bytes, 1 of them for the framing
//! ```

use cli::Wire;
use common::Framing;
use pystruct::to_hex;
use timeline::Part;

use super::FramingChoice;

/// A part longer than this is shown by its beginning.
const SHOWN: usize = 16;

/// The same message under each framing, in hex, in brackets, with the names of the parts below.
pub(super) fn side_by_side(message: &[u8]) -> String {
    let course = FramingChoice::ALL.map(|choice| (choice, Wire::Course, choice.title()));
    let python = (FramingChoice::Header, Wire::Python, "struct.pack('i')");
    let mut text = format!("{} bytes: {}\n", message.len(), hex(message));
    for (choice, wire, title) in course.into_iter().chain([python]) {
        let mut bytes = Vec::new();
        let (above, below) = match choice.framing(wire).encode(message, &mut bytes) {
            Ok(()) => brackets(&bytes, &choice.layout(wire)(&bytes)),
            Err(why) => ("cannot be sent".to_owned(), why.to_string()),
        };
        text += &format!("\n{title:<17} {above}\n{:<17} {below}\n", "");
        if !bytes.is_empty() {
            let (all, more) = (bytes.len(), bytes.len() - message.len());
            text += &format!("{:<17} {all} bytes, {more} of them for the framing\n", "");
        }
    }
    text
}

/// The parts in brackets, and their names, each under its bracket.
fn brackets(bytes: &[u8], parts: &[Part]) -> (String, String) {
    let (mut above, mut below, mut at) = (Vec::new(), Vec::new(), 0);
    for part in parts.iter().filter(|part| part.len > 0) {
        let bracket = format!(
            "[{}]",
            hex(bytes.get(at..at + part.len).unwrap_or_default())
        );
        let width = bracket.chars().count().max(part.name.len());
        above.push(format!("{bracket:<width$}"));
        below.push(format!("{:<width$}", part.name));
        at += part.len;
    }
    (
        above.join(" ").trim_end().to_owned(),
        below.join(" ").trim_end().to_owned(),
    )
}

fn hex(bytes: &[u8]) -> String {
    match bytes.get(..SHOWN) {
        Some(first) if bytes.len() > SHOWN => {
            format!("{} ... {} in all", to_hex(first), bytes.len())
        }
        _ => to_hex(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_framing_shows_all_its_bytes_under_their_names() {
        let text = side_by_side(b"hi");
        for line in [
            "2 bytes: 68 69",
            "end marker        [68 69] [0a]",
            "                  message LF",
            "length as text    [32 0a] [68 69]",
            "                  length  message",
            "fixed size        [68 69] [00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ... 62 in all]",
            "                  64 bytes, 62 of them for the framing",
            "fixed header      [00 00 00 02] [68 69]",
            "struct.pack('i')  [02 00 00 00] [68 69]",
            "                  6 bytes, 4 of them for the framing",
        ] {
            assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
        }
    }

    #[test]
    fn what_a_framing_cannot_carry_is_told() {
        let text = side_by_side(b"two\nlines\0");
        assert_eq!(text.matches("cannot be sent\n").count(), 2, "{text}");
        assert!(text.contains("a message with a line feed in it"), "{text}");
        let long = side_by_side(&[b'x'; 300]);
        assert!(
            long.contains("[33 30 30 0a]") && long.contains("300 in all"),
            "{long}"
        );
        assert!(side_by_side(b"").contains("fixed header      [00 00 00 00]\n"));
    }
}
