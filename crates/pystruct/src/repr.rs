//! Values as Python prints them: `repr`, letter for letter, so that two terminals can be compared by eye.

use crate::Value;

/// A tuple as `repr` shows it: `()`, `(7,)`, `(7, b'abc', 1.5)`.
pub fn tuple(values: &[Value]) -> String {
    let shown: Vec<String> = values.iter().map(repr).collect();
    match shown.as_slice() {
        [alone] => format!("({alone},)"),
        all => format!("({})", all.join(", ")),
    }
}

fn repr(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => float(*number),
        Value::Bytes(bytes) => byte_string(bytes),
        Value::Bool(truth) => (if *truth { "True" } else { "False" }).to_owned(),
    }
}

/// The fewest digits that mean this number and no other; a power of ten from 1e16 on and below 1e-4.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned(); // Python shows no sign here
    }
    // Rust's `{:?}` has the same two borders and the fewest digits too. But where two spellings are equally near, it takes
    // either and Python the even one, as Rust does when asked for so many decimals.
    let mut text = format!("{number:?}");
    let digits = text.split('e').next().unwrap_or_default();
    let decimals = digits.split('.').nth(1).map_or(0, str::len);
    let even = if text.contains('e') {
        format!("{number:.decimals$e}")
    } else {
        format!("{number:.decimals$}")
    };
    if even.parse() == Ok(number) {
        text = even;
    }
    // `1e16` is `1e+16` in Python, and `1e-5` is `1e-05`.
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let sign = if exponent.starts_with('-') { '-' } else { '+' };
            format!("{digits}e{sign}{:0>2}", exponent.trim_start_matches('-'))
        }
        None => text,
    }
}

/// `b'...'`, with double quotes where only single ones are inside.
fn byte_string(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut text = format!("b{quote}");
    for byte in bytes {
        match char::from(*byte) {
            other @ ('\'' | '"') if other != quote => text.push(other),
            _ => text += &byte.escape_ascii().to_string(),
        }
    }
    text.push(quote);
    text
}
