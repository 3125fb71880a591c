//! How bytes and words are shown: escaped, and within some columns.
//!
//! Bytes stand as text where they are text, in hex where not. What does not fit is cut, and dots say so.

use crate::layout::Shown;

/// How many columns a terminal gives this text: Chinese takes two a character, combining marks none.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> usize {
    match u32::from(c) {
        // Combining marks, joiners and variation selectors sit on the character before them.
        0x300..=0x36f | 0x200b..=0x200d | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        // Unicode's East Asian Width, classes W and F, coarsely.
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// `total` bytes, of which the `first` are known: on as many lines as `lines` allows (1 or 2), `columns` wide, if that shows
/// them all, otherwise their beginning on one line.
pub(crate) fn show(
    first: &[u8],
    total: u64,
    shown: Shown,
    columns: usize,
    lines: usize,
) -> Vec<String> {
    let is_whole = first.len() as u64 == total;
    if shown == Shown::Auto
        && let Some(text) = as_text(first, is_whole)
    {
        return quoted(text, (text.len() as u64) < total, columns, lines);
    }
    // A digest as `md5sum` prints it, where only that fits.
    let (apart, together) = ((first.len() * 3).saturating_sub(1), first.len() * 2);
    if shown == Shown::Hex && is_whole && (together..apart).contains(&columns) {
        return vec![hex(first, total, columns, "")];
    }
    let number = number(first, shown).filter(|_| is_whole);
    let means = number.map_or_else(String::new, |number| format!(" = {}", grouped(number)));
    vec![hex(first, total, columns.saturating_sub(width(&means)), " ") + &means]
}

/// Words on lines that are `columns` wide; a third line that is too long is cut.
pub(crate) fn wrapped(words: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_inclusive(' ') {
        let last = lines.last().map_or(0, |line| width(line));
        if last > 0 && last + width(word.trim_end()) > columns && lines.len() < 3 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines
        .iter()
        .map(|line| fitted(line.trim_end(), columns))
        .collect()
}

/// `1048576` as `1,048,576`.
pub(crate) fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let sign = if number < 0 { "-" } else { "" };
    let digits = number.unsigned_abs().to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    format!("{sign}{}", groups.join(","))
}

/// Text from a program or a peer with control characters and bidirectional controls spelled out.
pub(crate) fn escaped(text: &str) -> String {
    text.chars().map(spelled).collect()
}

/// Escaped text, cut to `columns` columns.
pub(crate) fn fitted(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let pieces: Vec<String> = text.chars().map(String::from).collect();
    beginning(&pieces, columns.saturating_sub(1)).concat() + "…"
}

/// As many pieces as fit into so many columns.
fn beginning(pieces: &[String], columns: usize) -> &[String] {
    let mut used = 0;
    let fits = |piece: &&String| {
        used += width(piece);
        used <= columns
    };
    let count = pieces.iter().take_while(fits).count();
    pieces.get(..count).unwrap_or_default()
}

/// Text, when the bytes are UTF-8 and most of it can be printed. A character cut by the end of what is known is left out.
fn as_text(first: &[u8], is_whole: bool) -> Option<&str> {
    let text = match std::str::from_utf8(first) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && !is_whole => {
            std::str::from_utf8(first.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    let strange = text
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        .count();
    (strange * 2 < text.chars().count()).then_some(text)
}

fn quoted(text: &str, more: bool, columns: usize, lines: usize) -> Vec<String> {
    let pieces: Vec<String> = text.chars().map(spelled).collect();
    let closed_fits = |pieces: &[String]| !more && width(&pieces.concat()) + 2 <= columns;
    if closed_fits(&pieces) {
        return vec![format!("“{}”", pieces.concat())];
    }
    // On two lines, broken after a comma or a blank where that wastes little; the second stands below the first's text.
    let most = beginning(&pieces, columns.saturating_sub(1)).len();
    let is_good =
        |upto: &usize| matches!(pieces.get(*upto - 1).map(String::as_str), Some("," | " "));
    let cut = (most * 2 / 3 + 1..=most)
        .rev()
        .find(is_good)
        .unwrap_or(most);
    let (line, rest) = pieces.split_at_checked(cut).unwrap_or_default();
    if lines > 1 && closed_fits(rest) {
        return vec![
            format!("“{}", line.concat()),
            format!(" {}”", rest.concat()),
        ];
    }
    // Two quotes, a blank and the dots that say: there is more.
    let begin = beginning(&pieces, columns.saturating_sub(4)).concat();
    vec![format!("“{begin}” …")]
}

/// Control characters and bidirectional controls spelled out, everything else as it is.
fn spelled(c: char) -> String {
    let harmful = c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    match c {
        '\n' | '\r' | '\t' | '\0' => c.escape_debug().collect(),
        _ if harmful => c.escape_unicode().collect(),
        _ => c.to_string(),
    }
}

/// As many bytes as fit; dots say that there are more.
fn hex(first: &[u8], total: u64, columns: usize, between: &str) -> String {
    let fit = |columns: usize| (columns + between.len()) / (2 + between.len());
    let count = if first.len() as u64 == total && first.len() <= fit(columns) {
        first.len()
    } else {
        fit(columns.saturating_sub(2)).max(1).min(first.len())
    };
    let bytes = first.iter().take(count).map(|byte| format!("{byte:02x}"));
    let dots = ((count as u64) < total).then(|| "…".to_owned());
    bytes.chain(dots).collect::<Vec<_>>().join(between)
}

/// The number that 1 to 8 bytes are.
fn number(bytes: &[u8], shown: Shown) -> Option<i128> {
    let append = |value: i128, byte: &u8| (value << 8) | i128::from(*byte);
    match shown {
        _ if bytes.len() > 8 => None,
        Shown::Auto | Shown::Hex => None,
        Shown::BigEndian => Some(bytes.iter().fold(0, append)),
        Shown::LittleEndianSigned => {
            let is_negative = bytes.last()? >= &0x80;
            let sign = i128::from(is_negative) << (8 * bytes.len());
            Some(bytes.iter().rev().fold(0, append) - sign)
        }
    }
}

#[cfg(test)]
mod tests;
