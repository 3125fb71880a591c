//! A command inside a line of ours, an `error:` line or a server's log: its beginning is enough to know it by.
//!
//! An entry may have 16 MiB. And a log that repeats it whole fills the pipe that nobody empties (64 KiB on Linux) with a
//! few lines; then the next line waits for a reader, and with it every client.

use common::plain_line;

/// Characters that are shown.
const LONGEST: usize = 60;

/// The beginning of these bytes on one line, harmless for a terminal; never nothing.
pub(crate) fn short(bytes: &[u8]) -> String {
    // A character has at most four bytes (RFC 3629): what is behind so many is not even looked at.
    let looked_at = bytes.get(..(LONGEST + 1) * 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(looked_at);
    let shown = match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", plain_line(text.get(..end).unwrap_or_default().as_bytes())),
        None => plain_line(looked_at),
    };
    if shown.is_empty() { "''".to_owned() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_characters_are_whole_and_more_are_their_beginning() {
        for letter in ["x", "包", "👩"] {
            assert_eq!(short(letter.repeat(60).as_bytes()), letter.repeat(60));
            assert_eq!(short(letter.repeat(61).as_bytes()), letter.repeat(60) + "...");
            assert_eq!(short(letter.repeat(1 << 20).as_bytes()), letter.repeat(60) + "...");
        }
        assert_eq!(short(&[0xff; 300]), "\u{fffd}".repeat(60) + "...");
    }

    #[test]
    fn nothing_is_shown_as_quotes_and_no_line_becomes_two() {
        assert_eq!(short(b""), "''");
        assert_eq!(short(b"a\nb\x1b"), r"a\u{a}b\u{1b}");
    }
}
