//! A command line cut into words.
//!
//! Blanks separate words; single and double quotes keep blanks inside a word. Nothing else means anything: no `$HOME`,
//! no `*`, no `;`, no backslash. What a shell would expand stays as it was typed, which is what makes this safe.
//!
//! ```text
//! echo 'a  b'"c d" $HOME   ->   echo | a  bc d | $HOME
//! ```
//!
//! It works on bytes, because a file name need not be UTF-8. It knows no program and no list.

/// More words than any honest command has. Each costs an allocation, so a line of 1 MiB could cost fifty times that.
const MAX_WORDS: usize = 4_096;

/// Cuts `line` into its words. A blank line has none.
///
/// # Errors
/// An unclosed quote, a zero byte (which no system can pass to a program), more than 4,096 words.
pub(crate) fn split(line: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut words: Vec<Vec<u8>> = Vec::new();
    // The word being read. `Some` of nothing is a word too: that is what '' means.
    let mut word: Option<Vec<u8>> = None;
    let mut open: Option<(u8, usize)> = None;
    for (at, &byte) in line.iter().enumerate() {
        match (byte, open) {
            (0, _) => return Err(format!("a zero byte at byte {at}")),
            (_, Some((quote, _))) if byte == quote => open = None,
            (_, Some(_)) => word.get_or_insert_default().push(byte),
            (b'\'' | b'"', None) => {
                open = Some((byte, at));
                word.get_or_insert_default();
            }
            (b' ' | b'\t' | b'\r' | b'\n', None) => words.extend(word.take()),
            (_, None) => word.get_or_insert_default().push(byte),
        }
        if words.len() + usize::from(word.is_some()) > MAX_WORDS {
            return Err(format!("more words than the limit of {MAX_WORDS}"));
        }
    }
    if let Some((quote, at)) = open {
        let quote = char::from(quote);
        return Err(format!("the quote {quote} at byte {at} is never closed"));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        split(line.as_bytes())
            .unwrap()
            .into_iter()
            .map(|word| String::from_utf8(word).unwrap())
            .collect()
    }

    #[test]
    fn blanks_of_any_kind_and_number_separate_words() {
        assert_eq!(words("  ls \t -l\r\n a "), ["ls", "-l", "a"]);
        assert!(words(" \t\r\n").is_empty());
        assert!(words("").is_empty());
    }

    #[test]
    fn quotes_keep_blanks_and_the_other_quote() {
        assert_eq!(
            words(r#"echo 'a  b' "c d" "it's" '"'"#),
            ["echo", "a  b", "c d", "it's", "\""]
        );
    }

    #[test]
    fn quoted_and_plain_parts_that_touch_are_one_word() {
        assert_eq!(words(r#"a'b c'"d e"f g"#), ["ab cd ef", "g"]);
    }

    #[test]
    fn an_empty_quote_is_an_empty_word() {
        assert_eq!(words(r#"echo '' "" x''"#), ["echo", "", "", "x"]);
    }

    #[test]
    fn nothing_is_expanded_and_a_backslash_is_a_backslash() {
        assert_eq!(
            words(r#"echo $HOME ~ * `id` a;b\ c "\""#),
            ["echo", "$HOME", "~", "*", "`id`", "a;b\\", "c", "\\"]
        );
    }

    #[test]
    fn bytes_that_are_no_utf8_stay_as_they_are() {
        assert_eq!(
            split(b"ls \xff\xfe' \x80'").unwrap(),
            [b"ls".to_vec(), b"\xff\xfe \x80".to_vec()]
        );
    }

    #[test]
    fn an_unclosed_quote_says_which_and_where() {
        assert_eq!(
            split(b"echo 'a").unwrap_err(),
            "the quote ' at byte 5 is never closed"
        );
        assert_eq!(
            split(b"a\"b'c'").unwrap_err(),
            "the quote \" at byte 1 is never closed"
        );
        assert_eq!(
            split(b"\"").unwrap_err(),
            "the quote \" at byte 0 is never closed"
        );
    }

    #[test]
    fn a_zero_byte_is_refused_inside_and_outside_of_quotes() {
        assert_eq!(split(b"a\0").unwrap_err(), "a zero byte at byte 1");
        assert_eq!(split(b"'\0'").unwrap_err(), "a zero byte at byte 1");
    }

    #[test]
    fn the_limit_of_words_is_exact() {
        assert_eq!(split("a ".repeat(4_096).as_bytes()).unwrap().len(), 4_096);
        assert_eq!(
            split("a ".repeat(4_097).as_bytes()).unwrap_err(),
            "more words than the limit of 4096"
        );
        assert_eq!(
            split(["a"; 4_096].join(" ").as_bytes()).unwrap().len(),
            4_096
        );
        assert_eq!(
            split(["a"; 4_097].join(" ").as_bytes()).unwrap_err(),
            "more words than the limit of 4096"
        );
    }
}
