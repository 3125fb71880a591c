//! Text becomes bytes before it is sent, and there is more than one way (编码).
//!
//! ```text
//!        粘            包
//! UTF-8  e7 b2 98      e5 8c 85     3 bytes for most Chinese characters, 1 for ASCII
//! GBK    d5 b3         b0 fc        2 bytes, 1 for ASCII; what Chinese Windows programs write
//! ```
//!
//! Nothing in the bytes says which way was taken. Both ends have to agree, or the reader sees garbage (乱码).

use cli::escaped_line;
use encoding_rs::GBK;

use crate::bases::hex_bytes;

/// The bytes of `text` in GBK; `None` if a character has none there.
pub fn gbk(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, lost) = GBK.encode(text);
    (!lost).then(|| bytes.into_owned())
}

/// The bytes of a text in both encodings, and what a reader sees who takes one for the other.
pub fn encodings(text: &str) -> String {
    let (bytes, characters) = (text.as_bytes(), text.chars().count());
    let mut out = format!("{}: {characters} characters\n\n", escaped_line(bytes));
    let each = by_character(text, |c| Some(c.as_bytes().to_vec()));
    out += &format!("UTF-8  {} bytes  {each}\n", bytes.len());
    let (whole, each) = (gbk(text), by_character(text, gbk));
    out += &match &whole {
        Some(bytes) => format!("GBK    {} bytes  {each}\n\n", bytes.len()),
        None => format!("GBK    cannot say it: {each}\n\n"),
    };
    // ANCHOR: mistaken
    let (as_gbk, _) = GBK.decode_without_bom_handling(bytes);
    let as_gbk = escaped_line(as_gbk.as_bytes());
    out += &format!("UTF-8 bytes taken for GBK   {as_gbk}\n");
    if let Some(bytes) = &whole {
        let as_utf8 = String::from_utf8_lossy(bytes);
        let as_utf8 = escaped_line(as_utf8.as_bytes());
        out += &format!("GBK bytes taken for UTF-8   {as_utf8}\n");
    }
    // ANCHOR_END: mistaken
    out
}

/// The bytes of each character, bars between: `e7 b2 98 | e5 8c 85`.
fn by_character(text: &str, encode: impl Fn(&str) -> Option<Vec<u8>>) -> String {
    let characters = text.chars().map(|c| match encode(&c.to_string()) {
        Some(bytes) => hex_bytes(&bytes),
        None => format!("no {}", escaped_line(c.to_string().as_bytes())),
    });
    characters.collect::<Vec<_>>().join(" | ")
}
#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        encodings(text)
    }

    #[test]
    fn the_same_text_is_six_bytes_or_four() {
        let told = told("粘包");
        assert!(told.starts_with("粘包: 2 characters\n"), "{told}");
        assert!(
            told.contains("UTF-8  6 bytes  e7 b2 98 | e5 8c 85\n"),
            "{told}"
        );
        assert!(told.contains("GBK    4 bytes  d5 b3 | b0 fc\n"), "{told}");
    }

    #[test]
    fn one_taken_for_the_other_is_garbage() {
        let told = told("粘包");
        assert!(told.contains("taken for GBK   绮樺寘\n"), "{told}");
        assert!(
            told.contains("taken for UTF-8   ճ\u{fffd}\u{fffd}\n"),
            "{told}"
        );
    }

    #[test]
    fn ascii_is_the_same_in_both() {
        let told = told("hi");
        assert!(
            told.contains("UTF-8  2 bytes  68 | 69\nGBK    2 bytes  68 | 69\n"),
            "{told}"
        );
    }

    #[test]
    fn what_gbk_cannot_say_is_named() {
        let told = told("a👩");
        assert!(
            told.contains("GBK    cannot say it: 61 | no 👩\n"),
            "{told}"
        );
        assert!(!told.contains("GBK bytes taken"), "{told}");
    }

    #[test]
    fn a_byte_order_mark_does_not_turn_the_mistake_into_the_truth() {
        assert!(
            told("\u{feff}粘").contains("taken for GBK   锘跨矘"),
            "{}",
            told("\u{feff}粘")
        );
    }

    #[test]
    fn control_characters_are_escaped() {
        assert!(!told("\u{1b}[2J").contains('\u{1b}'));
    }
}
