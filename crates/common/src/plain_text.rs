//! Text from others, made harmless before a terminal sees it.
//!
//! A terminal obeys control characters: `ESC ] 0 ;` renames the window, `ESC [ 2 J` clears the screen, a lone CR lets
//! one line paint over another. Bidirectional controls let `exe.gnp` read as `png.exe`. So whatever a peer sent is
//! shown with those characters spelled out as `\u{1b}`. Everything else passes: Chinese, combining marks, joined emoji.
//! The backslash is left alone, so what is shown cannot be turned back for certain; it is for eyes.
//!
//! Bytes that are no UTF-8 are shown as U+FFFD.

use std::io::{self, Write};

/// One line: line breaks of any kind are spelled out too.
pub fn plain_line(bytes: &[u8]) -> String {
    spell_out(&String::from_utf8_lossy(bytes), |c| {
        is_control(c) || is_line_break(c)
    })
}

/// One line and a short one: what an error or a log shows of a word, a command or an entry that may be megabytes long.
/// The first 60 characters, then `...`; nothing at all is shown as `''`.
pub fn short_line(bytes: &[u8]) -> String {
    const LONGEST: usize = 60;
    if bytes.is_empty() {
        return "''".to_owned();
    }
    // A character has at most four bytes: more than these are never shown.
    let text = String::from_utf8_lossy(bytes.get(..4 * (LONGEST + 1)).unwrap_or(bytes));
    let mut short: String = text.chars().take(LONGEST).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push_str("...");
    }
    plain_line(short.as_bytes())
}

/// Several lines: LF and TAB pass.
pub fn plain_block(bytes: &[u8]) -> String {
    spell_out(&String::from_utf8_lossy(bytes), |c| {
        is_control(c) && c != '\n' && c != '\t'
    })
}

fn spell_out(text: &str, harmful: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if harmful(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// C0, DEL and C1 (`char::is_control` is exactly those), and the bidirectional controls of Unicode's UAX #9.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Line breaks that are no control characters: LINE SEPARATOR and PARAGRAPH SEPARATOR.
fn is_line_break(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// [`plain_block`] for text that arrives in pieces: a character cut in two by a read is shown whole.
#[derive(Debug)]
pub struct PlainWriter<W> {
    inner: W,
    /// The beginning of a UTF-8 character whose rest has not come: at most 3 bytes.
    cut: Vec<u8>,
}

impl<W: Write> PlainWriter<W> {
    /// Writes harmless text to `inner`.
    pub fn new(inner: W) -> Self {
        Self {
            inner,
            cut: Vec::new(),
        }
    }

    /// Shows what is left of a character that never became whole.
    ///
    /// # Errors
    /// Those of the inner writer.
    pub fn finish(mut self) -> io::Result<W> {
        let rest = std::mem::take(&mut self.cut);
        self.inner.write_all(plain_block(&rest).as_bytes())?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for PlainWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = std::mem::take(&mut self.cut);
        text.extend_from_slice(bytes);
        let whole = text.len() - unfinished_tail(&text);
        self.cut = text.split_off(whole);
        self.inner.write_all(plain_block(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// How many bytes at the end are the beginning of a character (0 to 3).
fn unfinished_tail(bytes: &[u8]) -> usize {
    for back in 1..=bytes.len().min(3) {
        let tail = bytes.get(bytes.len() - back..).unwrap_or_default();
        if let Err(error) = std::str::from_utf8(tail) {
            // No error length: the bytes are a right beginning that ended too early.
            if error.valid_up_to() == 0 && error.error_len().is_none() {
                return back;
            }
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_line_is_cut_between_characters_and_never_empty() {
        assert_eq!(short_line(b""), "''");
        assert_eq!(short_line(b"ls -l\x1b"), "ls -l\\u{1b}");
        assert_eq!(short_line(&[b'x'; 60]), "x".repeat(60));
        assert_eq!(short_line(&[b'x'; 61]), "x".repeat(60) + "...");
        assert_eq!(
            short_line("粘".repeat(1_000_000).as_bytes()),
            "粘".repeat(60) + "..."
        );
        assert_eq!(short_line("😀".repeat(60).as_bytes()), "😀".repeat(60));
    }

    #[test]
    fn a_terminal_is_told_nothing_by_a_peer() {
        assert_eq!(plain_line(b"\x1b]0;mine\x07"), r"\u{1b}]0;mine\u{7}");
        assert_eq!(
            plain_line("a\u{202e}b\u{9b}c\u{7f}".as_bytes()),
            r"a\u{202e}b\u{9b}c\u{7f}"
        );
        assert_eq!(
            plain_line("1\n2\r3\t4\u{85}5\u{2028}6".as_bytes()),
            r"1\u{a}2\u{d}3\u{9}4\u{85}5\u{2028}6"
        );
    }

    #[test]
    fn in_several_lines_line_feed_and_tab_pass() {
        assert_eq!(
            plain_block("1\n2\t3\r4\u{2028}5".as_bytes()),
            "1\n2\t3\\u{d}4\u{2028}5"
        );
    }

    #[test]
    fn what_people_write_passes_unchanged() {
        for text in ["粘包", "e\u{301}", "👩\u{200d}💻", r"C:\u{1b}", "naïve"] {
            assert_eq!(plain_line(text.as_bytes()), text);
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_such() {
        assert_eq!(plain_line(b"a\xff\xe4\xbd"), "a\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_character_cut_anywhere_is_shown_whole() {
        let text = "粘\u{1b}👩x\u{ff}é".as_bytes();
        let text = [text, b"\xff\xe4", "好".as_bytes(), b"\xe4\xbd"].concat();
        for cut in 0..=text.len() {
            let mut out = PlainWriter::new(Vec::new());
            out.write_all(&text[..cut]).unwrap();
            out.write_all(&text[cut..]).unwrap();
            let shown = String::from_utf8(out.finish().unwrap()).unwrap();
            assert_eq!(shown, plain_block(&text), "cut at {cut}");
        }
    }
}
