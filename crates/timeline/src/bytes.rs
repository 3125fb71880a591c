//! How bytes and words are shown: harmless, and within some columns.
//!
//! Bytes stand as text where they are text, in hex where not. What does not fit is cut, and dots say so.

use crate::layout::Shown;

/// How many columns a terminal gives this text: Chinese takes two a character, combining marks none.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(c: char) -> usize {
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

/// `total` bytes, of which the `first` are known: on as many lines of `room` columns as `lines` allows if that shows them
/// all, otherwise their beginning on one line.
pub(crate) fn show(
    first: &[u8],
    total: u64,
    shown: Shown,
    room: usize,
    lines: usize,
) -> Vec<String> {
    let number = match shown {
        Shown::Auto => match as_text(first, total) {
            Some(text) => return quoted(text, (text.len() as u64) < total, room, lines),
            None => None,
        },
        // Where only that fits: a digest as `md5sum` prints it.
        Shown::Hex
            if first.len() as u64 == total
                && (first.len() * 2..(first.len() * 3).saturating_sub(1)).contains(&room) =>
        {
            return vec![hex(first, total, room, "")];
        }
        Shown::Hex => None,
        Shown::BigEndian => number(
            first,
            total,
            |bytes| bytes.iter().rev().copied().collect(),
            false,
        ),
        Shown::LittleEndianSigned => number(first, total, <[u8]>::to_vec, true),
    };
    let means = number.map_or_else(String::new, |number| format!(" = {}", grouped(number)));
    vec![hex(first, total, room.saturating_sub(width(&means)), " ") + &means]
}

/// Words on lines of `room` columns; a third line that is too long is cut.
pub(crate) fn wrapped(words: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_inclusive(' ') {
        let last = lines.last().map_or(0, |line| width(line));
        if last > 0 && last + width(word.trim_end()) > room && lines.len() < 3 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines
        .iter()
        .map(|line| fitted(line.trim_end(), room))
        .collect()
}

/// `1048576` as `1,048,576`.
pub(crate) fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut out = if number < 0 {
        "-".to_owned()
    } else {
        String::new()
    };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Text from a program or a peer with control characters and bidirectional controls spelled out.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(spelled).collect()
}

/// Harmless text, cut to `room` columns.
pub(crate) fn fitted(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        if width(&out) + columns(c) + 1 > room {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Text, when the bytes are UTF-8 and most of it can be printed. A character cut by the end of what is known is left out.
fn as_text(first: &[u8], total: u64) -> Option<&str> {
    let text = match std::str::from_utf8(first) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && (first.len() as u64) < total => {
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

fn quoted(text: &str, more: bool, room: usize, lines: usize) -> Vec<String> {
    let pieces: Vec<String> = text.chars().map(spelled).collect();
    if !more && let Some(whole) = on_lines(&pieces, room, lines) {
        return whole;
    }
    // Two quotes, a blank and the dots that say: there is more.
    let mut out = String::new();
    for piece in &pieces {
        if width(&out) + width(piece) + 4 > room {
            break;
        }
        out.push_str(piece);
    }
    vec![format!("“{out}” …")]
}

/// Quoted text broken into at most `lines` lines, behind a comma or a blank where that wastes little; `None`: too long.
fn on_lines(pieces: &[String], room: usize, lines: usize) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut rest = pieces;
    while out.len() < lines {
        // A line begins with the quote, or is indented to stand below the text of the first.
        let start = if out.is_empty() { "“" } else { " " };
        let fits = |upto: &usize| width(&rest.get(..*upto).unwrap_or_default().concat()) < room;
        let most = (0..=rest.len()).take_while(fits).last()?;
        if most == rest.len() && width(&rest.concat()) + 2 <= room {
            out.push(format!("{start}{}”", rest.concat()));
            return Some(out);
        }
        let good =
            |upto: &usize| matches!(rest.get(*upto - 1).map(String::as_str), Some("," | " "));
        let cut = (most * 2 / 3 + 1..=most).rev().find(good).unwrap_or(most);
        let (line, behind) = rest.split_at_checked(cut.max(1))?;
        out.push(format!("{start}{}", line.concat()));
        rest = behind;
    }
    None
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
fn hex(first: &[u8], total: u64, room: usize, between: &str) -> String {
    let wide = 2 + between.len();
    let fit = |columns: usize| (columns + between.len()) / wide;
    let whole = first.len() as u64 == total && first.len() <= fit(room);
    let count = if whole {
        first.len()
    } else {
        fit(room.saturating_sub(2)).max(1).min(first.len())
    };
    let mut out: Vec<String> = first
        .iter()
        .take(count)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    if (count as u64) < total {
        out.push("…".to_owned());
    }
    out.join(between)
}

/// The number that up to 8 whole bytes are; `order` puts the least significant first.
fn number(
    bytes: &[u8],
    total: u64,
    order: impl Fn(&[u8]) -> Vec<u8>,
    signed: bool,
) -> Option<i128> {
    if bytes.len() as u64 != total || bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    let little = order(bytes);
    let mut value = little
        .iter()
        .rev()
        .fold(0_i128, |value, byte| (value << 8) | i128::from(*byte));
    if signed && little.last().is_some_and(|byte| *byte >= 0x80) {
        value -= 1_i128 << (8 * little.len());
    }
    Some(value)
}

#[cfg(test)]
mod tests;
