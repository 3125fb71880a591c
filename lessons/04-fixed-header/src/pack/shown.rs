//! Values as Python prints them: `repr`, letter for letter, so that two terminals can be compared by eye.

use super::Value;

/// A tuple as `repr` shows it: `()`, `(7,)`, `(7, b'abc', 1.5)`.
pub fn tuple(values: &[Value]) -> String {
    let shown: Vec<String> = values.iter().map(one).collect();
    match shown.as_slice() {
        [alone] => format!("({alone},)"),
        all => format!("({})", all.join(", ")),
    }
}

fn one(value: &Value) -> String {
    match value {
        Value::Int(number) => number.to_string(),
        Value::Float(number) => float(*number),
        Value::Bytes(bytes) => byte_string(bytes),
        Value::Bool(truth) => (if *truth { "True" } else { "False" }).to_owned(),
    }
}

/// The shortest digits that mean this number and no other; a power of ten from 1e16 on and below 1e-4.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned(); // Python shows no sign here
    }
    if number.is_infinite() {
        return (if number > 0.0 { "inf" } else { "-inf" }).to_owned();
    }
    let shortest = shortest(number);
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if number == 0.0 || (-4..16).contains(&exponent) {
        return point_moved(digits, exponent);
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// `1.5e-7`: the fewest digits that mean this number, and of those the nearest ones.
fn shortest(number: f64) -> String {
    let shortest = format!("{number:e}");
    // Where two are equally near, Rust's shortest takes any and Python the even one, as Rust's exact digits do.
    let digits = shortest
        .split('e')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .count();
    let exact = format!("{number:.*e}", digits.saturating_sub(1));
    if exact.parse() == Ok(number) {
        exact
    } else {
        shortest
    }
}

/// `-1.25` and an exponent of -2 are `-0.0125`: with a point, and something on both sides of it.
fn point_moved(digits: &str, exponent: i32) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let mut digits = digits.replace('.', "");
    let before = match usize::try_from(exponent) {
        Ok(places) => places + 1,
        Err(_) => {
            digits.insert_str(0, &"0".repeat(exponent.unsigned_abs() as usize));
            1
        }
    };
    while digits.len() <= before {
        digits.push('0');
    }
    digits.insert(before, '.');
    format!("{sign}{digits}")
}

/// `b'...'`, with double quotes where only single ones are inside.
fn byte_string(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut text = format!("b{quote}");
    for &byte in bytes {
        match byte {
            b'\t' => text.push_str("\\t"),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' if char::from(byte) == quote => {
                text.push('\\');
                text.push(quote);
            }
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text.push(quote);
    text
}
