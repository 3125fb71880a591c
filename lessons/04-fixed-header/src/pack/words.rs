//! Values as somebody types them, for a format that says what each should be; and bytes in hex, both ways.

use super::Value;
use super::format::{Field, Format, Kind};

impl Format {
    /// The typed words as values, one for each item. Numbers are decimal or `0x...`; `c` and `s` take the word's own bytes.
    ///
    /// # Errors
    /// The word and a sentence, apart: a word that is no number where a number belongs. (How many there are is
    /// [`Format::pack`]'s business.)
    pub fn values_from<'a>(&self, words: &[&'a [u8]]) -> Result<Vec<Value>, (&'a [u8], String)> {
        let mut fields = self.fields().iter();
        let value = |&word: &&'a [u8]| match fields.next() {
            Some(field) => value(field, word).map_err(|why| (word, why)),
            None => Ok(Value::Bytes(word.to_vec())), // one too many: counted later
        };
        words.iter().map(value).collect()
    }
}

fn value(field: &Field, word: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(word).unwrap_or_default();
    match field.kind {
        Kind::Pad | Kind::Char | Kind::Bytes => Ok(Value::Bytes(word.to_vec())),
        Kind::Signed | Kind::Unsigned => integer(text)
            .map(Value::Int)
            .ok_or_else(|| "required argument is not an integer".to_owned()),
        Kind::Float => match float(text) {
            Some(number) if number.is_infinite() && integer(text).is_some() => {
                Err("int too large to convert to float".to_owned()) // `1e400` is infinity to Python, 1 and 400 zeros are not
            }
            Some(number) => Ok(Value::Float(number)),
            None => Err("required argument is not a float".to_owned()),
        },
        Kind::Bool => match text {
            "True" | "true" => Ok(Value::Bool(true)),
            "False" | "false" => Ok(Value::Bool(false)),
            _ => match float(text) {
                Some(number) => Ok(Value::Bool(number != 0.0)),
                None => Err("neither True nor False nor a number".to_owned()),
            },
        },
    }
}

/// A decimal or hex integer. One that has too many digits for 128 bits becomes the largest: it fits no letter either way.
fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, base) = match digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        Some(hex) => (hex, 16),
        None => (digits, 10),
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    let number = i128::from_str_radix(digits, base).unwrap_or(i128::MAX);
    Some(if negative { -number } else { number })
}

/// Whether this word is a number in any spelling that `pack` takes.
pub fn is_number(text: &str) -> bool {
    float(text).is_some()
}

/// Rust reads what Python's `float` reads, and in a format even a hex integer is a number.
fn float(text: &str) -> Option<f64> {
    text.parse()
        .ok()
        .or_else(|| integer(text).map(|number| number as f64))
}

/// Bytes in hex: two digits each, blanks between bytes or not.
///
/// # Errors
/// A sentence with what is no byte.
pub fn hex(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    for word in text.split_ascii_whitespace() {
        if !word.len().is_multiple_of(2) {
            return Err(format!("{word}: a byte is two hex digits"));
        }
        for pair in word.as_bytes().chunks(2) {
            let digits = std::str::from_utf8(pair).unwrap_or_default();
            // `from_str_radix` would take "+f".
            let byte = u8::from_str_radix(digits, 16)
                .ok()
                .filter(|_| !digits.starts_with('+'));
            bytes.push(byte.ok_or_else(|| format!("{word}: a byte is two hex digits"))?);
        }
    }
    Ok(bytes)
}

/// Bytes as lower-case hex with blanks between them.
pub fn to_hex(bytes: &[u8]) -> String {
    let bytes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}
