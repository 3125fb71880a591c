//! Text from others, before a terminal sees it.
//!
//! A terminal obeys control characters: `ESC ] 0 ;` renames the window, `ESC [ 2 J` clears the screen, a lone CR lets
//! one line paint over another. Bidirectional controls let `exe.gnp` read as `png.exe`. So whatever a peer sent is
//! shown with those characters spelled out as `\u{1b}`. Everything else passes: Chinese, combining marks, joined emoji.
//! The backslash is left alone, so what is shown cannot be turned back for certain; it is for eyes.
//!
//! Bytes that are not UTF-8 are shown as U+FFFD.

/// The longest text of a peer in a log line or an error, in characters.
const MAX_CHARACTERS: usize = 200;

/// One line: line breaks of any kind are spelled out too.
pub fn escaped_line(bytes: &[u8]) -> String {
    escaped(bytes, |c| {
        is_control(c) || matches!(c, '\u{2028}' | '\u{2029}')
    })
}

/// Several lines: LF and TAB pass.
pub fn escaped_block(bytes: &[u8]) -> String {
    escaped(bytes, |c| is_control(c) && c != '\n' && c != '\t')
}

/// One line and a short one: what an error or a log shows of a word, a command or an entry that may be megabytes long.
/// The first 200 characters, then `...`; nothing at all is shown as `''`.
pub fn shortened(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "''".to_owned();
    }
    // A character has at most four bytes: more than these are never shown.
    let text = String::from_utf8_lossy(bytes.get(..4 * (MAX_CHARACTERS + 1)).unwrap_or(bytes));
    let mut short: String = text.chars().take(MAX_CHARACTERS).collect();
    if text.chars().nth(MAX_CHARACTERS).is_some() {
        short.push_str("...");
    }
    escaped_line(short.as_bytes())
}

fn escaped(bytes: &[u8], dangerous: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(bytes.len());
    for c in String::from_utf8_lossy(bytes).chars() {
        if dangerous(c) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_line_is_cut_between_characters_and_never_empty() {
        assert_eq!(shortened(b""), "''");
        assert_eq!(shortened(b"ls -l\x1b"), "ls -l\\u{1b}");
        assert_eq!(shortened(&[b'x'; 200]), "x".repeat(200));
        assert_eq!(shortened(&[b'x'; 201]), "x".repeat(200) + "...");
        let long = "粘".repeat(1_000_000);
        assert_eq!(shortened(long.as_bytes()), "粘".repeat(200) + "...");
        assert_eq!(shortened("😀".repeat(200).as_bytes()), "😀".repeat(200));
    }

    #[test]
    fn a_terminal_hears_nothing_from_a_peer() {
        assert_eq!(escaped_line(b"\x1b]0;mine\x07"), r"\u{1b}]0;mine\u{7}");
        assert_eq!(
            escaped_line("a\u{202e}b\u{9b}c\u{7f}".as_bytes()),
            r"a\u{202e}b\u{9b}c\u{7f}"
        );
        assert_eq!(
            escaped_line("1\n2\r3\t4\u{85}5\u{2028}6".as_bytes()),
            r"1\u{a}2\u{d}3\u{9}4\u{85}5\u{2028}6"
        );
    }

    #[test]
    fn in_several_lines_line_feed_and_tab_pass() {
        assert_eq!(
            escaped_block("1\n2\t3\r4\u{2028}5".as_bytes()),
            "1\n2\t3\\u{d}4\u{2028}5"
        );
    }

    #[test]
    fn what_people_write_passes_unchanged() {
        for text in ["粘包", "e\u{301}", "👩\u{200d}💻", r"C:\u{1b}", "naïve"] {
            assert_eq!(escaped_line(text.as_bytes()), text);
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_shown_as_such() {
        assert_eq!(escaped_line(b"a\xff\xe4\xbd"), "a\u{fffd}\u{fffd}");
    }
}
