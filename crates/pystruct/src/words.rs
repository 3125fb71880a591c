//! Values as somebody types them, for a format that says what each should be; and bytes in hex, both ways.

use crate::Value;
use crate::format::{Field, Format, Kind};

impl Format {
    /// The typed words as values, one for each item. Numbers are decimal or `0x...`; `c` and `s` take the word's own bytes.
    ///
    /// # Errors
    /// The word and a sentence, apart: a word that is no number where a number belongs. (How many there are is
    /// [`Format::pack`]'s business.)
    pub fn values_from<'a>(&self, words: &[&'a [u8]]) -> Result<Vec<Value>, (&'a [u8], String)> {
        let mut fields = self.fields().iter();
        let value = |&word: &&'a [u8]| match fields.next() {
            Some(field) => value(field, word).map_err(|why| (word, why.to_owned())),
            None => Ok(Value::Bytes(word.to_vec())), // one too many: counted later
        };
        words.iter().map(value).collect()
    }
}

fn value(field: &Field, word: &[u8]) -> Result<Value, &'static str> {
    let text = std::str::from_utf8(word).unwrap_or_default();
    match field.kind {
        Kind::Pad | Kind::Char | Kind::Bytes => Ok(Value::Bytes(word.to_vec())),
        Kind::Signed | Kind::Unsigned => integer(text)
            .map(Value::Int)
            .ok_or("required argument is not an integer"),
        Kind::Float => match float(text) {
            // `1e400` is infinity to Python; 1 and 400 zeros are not.
            Some(number) if number.is_infinite() && integer(text).is_some() => {
                Err("int too large to convert to float")
            }
            Some(number) => Ok(Value::Float(number)),
            None => Err("required argument is not a float"),
        },
        Kind::Bool => match text {
            "True" | "true" => Ok(Value::Bool(true)),
            "False" | "false" => Ok(Value::Bool(false)),
            _ => float(text)
                .map(|number| Value::Bool(number != 0.0))
                .ok_or("neither True nor False nor a number"),
        },
    }
}

/// A decimal or hex integer. One that has too many digits for 128 bits becomes the largest: it fits no letter either way.
fn integer(text: &str) -> Option<i128> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let hex = unsigned.strip_prefix("0x");
    let (digits, base) = match hex.or_else(|| unsigned.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None => (unsigned, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    let number = i128::from_str_radix(digits, base).unwrap_or(i128::MAX);
    Some(if text.starts_with('-') {
        -number
    } else {
        number
    })
}

/// Rust reads what Python's `float` reads, and in a format even a hex integer is a number.
fn float(text: &str) -> Option<f64> {
    let number = text.parse().ok();
    number.or_else(|| integer(text).map(|number| number as f64))
}

/// Bytes in hex: two digits each, blanks between bytes or not.
///
/// # Errors
/// A sentence with what is no byte.
pub fn hex(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    for word in text.split_ascii_whitespace() {
        for pair in word.as_bytes().chunks(2) {
            bytes.push(byte(pair).ok_or_else(|| format!("{word}: a byte is two hex digits"))?);
        }
    }
    Ok(bytes)
}

fn byte(pair: &[u8]) -> Option<u8> {
    let &[high, low] = pair else { return None };
    let digit = |digit| char::from(digit).to_digit(16);
    Some((16 * digit(high)? + digit(low)?) as u8)
}

/// Bytes as lower-case hex with blanks between them.
pub fn to_hex(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}
