//! How bytes are shown: as text where they are text, in hex where not; always harmless, always within some columns.

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

/// The beginning of `total` bytes, as much of it as fits into `room` columns.
pub(crate) fn show(first: &[u8], total: u64, shown: Shown, room: usize) -> String {
    if total == 0 {
        return String::new();
    }
    let number = match shown {
        Shown::Auto => match as_text(first, total) {
            Some(text) => return quoted(text, (text.len() as u64) < total, room),
            None => None,
        },
        Shown::Hex => None,
        Shown::BigEndian => number(first, total, |bytes| bytes.iter().rev().copied().collect(), false),
        Shown::LittleEndianSigned => number(first, total, <[u8]>::to_vec, true),
    };
    let means = number.map_or_else(String::new, |number| format!(" = {}", grouped(number)));
    hex(first, total, room.saturating_sub(width(&means))) + &means
}

/// `1048576` as `1,048,576`.
pub(crate) fn grouped(number: i128) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = if number < 0 { "-".to_owned() } else { String::new() };
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Text from a program or a peer with control characters spelled out.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(spelled).collect()
}

/// Cuts harmless text to `room` columns.
pub(crate) fn fitted(text: &str, room: usize) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        used += columns(c);
        if used + 1 > room {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

/// Text, when the bytes are UTF-8 and most of it can be printed. A character cut by the end of what was kept is left out.
fn as_text(first: &[u8], total: u64) -> Option<&str> {
    let text = match std::str::from_utf8(first) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() && (first.len() as u64) < total => {
            std::str::from_utf8(first.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    let strange = text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')).count();
    (strange * 2 < text.chars().count()).then_some(text)
}

fn quoted(text: &str, more: bool, room: usize) -> String {
    let whole: String = plain(text);
    if !more && width(&whole) + 2 <= room {
        return format!("“{whole}”");
    }
    // Two quotes, a blank and the dots that say: there is more.
    let room = room.saturating_sub(4);
    let mut out = String::new();
    for c in text.chars() {
        let piece = spelled(c);
        if width(&out) + width(&piece) > room {
            break;
        }
        out.push_str(&piece);
    }
    format!("“{out}” …")
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

fn hex(first: &[u8], total: u64, room: usize) -> String {
    // Each byte takes three columns, the last two; the dots two more.
    let all = (room + 1) / 3;
    let count = if (first.len() as u64) == total && first.len() <= all {
        first.len()
    } else {
        (room.saturating_sub(1) / 3).max(1).min(first.len())
    };
    let mut out: Vec<String> = first.iter().take(count).map(|byte| format!("{byte:02x}")).collect();
    if (count as u64) < total {
        out.push("…".to_owned());
    }
    out.join(" ")
}

/// The number that up to 8 whole bytes are; `order` puts the least significant first.
fn number(bytes: &[u8], total: u64, order: impl Fn(&[u8]) -> Vec<u8>, signed: bool) -> Option<i128> {
    if bytes.len() as u64 != total || bytes.is_empty() || bytes.len() > 8 {
        return None;
    }
    let little = order(bytes);
    let mut value = little.iter().rev().fold(0_i128, |value, byte| (value << 8) | i128::from(*byte));
    if signed && little.last().is_some_and(|byte| *byte >= 0x80) {
        value -= 1_i128 << (8 * little.len());
    }
    Some(value)
}
