//! Exercise 07.4, one solution: a length is believed only where there is one, and where it is one.
//!
//! Judge it: `cargo run -p check 07.4 cargo run -q -p lesson07 --example l07_smuggled_solution`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let (mut bytes, mut out) = (Vec::new(), io::stdout().lock());
    io::stdin().read_to_end(&mut bytes)?;
    let mut text = String::from_utf8_lossy(&bytes).into_owned(); // the examples are ASCII
    while let Some((head, rest)) = text.split_once("\r\n\r\n") {
        let Some((line, body)) = request(head) else {
            return writeln!(out, "refused");
        };
        let Some(end) = end_of_body(rest, body) else {
            return writeln!(out, "refused");
        };
        writeln!(out, "{line}")?;
        text = rest.get(end..).unwrap_or_default().to_owned();
    }
    Ok(())
}

enum Body {
    Length(usize),
    Chunked,
}

/// `METHOD TARGET`, and where the body ends. None: it can be read in two ways.
fn request(head: &str) -> Option<(String, Body)> {
    let mut lines = head.split("\r\n");
    let words = Vec::from_iter(lines.next()?.split(' '));
    let [method, target, _] = words[..] else {
        return None;
    };
    let (mut lengths, mut codings) = (Vec::new(), Vec::new());
    for line in lines {
        let (name, value) = line.split_once(':')?;
        if name.ends_with([' ', '\t'])
            || name.starts_with([' ', '\t'])
            || line.contains(['\r', '\n'])
        {
            return None; // some servers cut the blank away, and some do not know this field
        }
        let value = value.trim_matches([' ', '\t']).to_owned();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => lengths.push(value),
            "transfer-encoding" => codings.push(value.to_ascii_lowercase()),
            _ => {}
        }
    }
    let body = match (&lengths[..], &codings[..]) {
        ([], []) => Body::Length(0),
        ([], [coding]) if coding == "chunked" => Body::Chunked,
        ([length], []) if length.bytes().all(|b| b.is_ascii_digit()) => {
            Body::Length(length.parse().ok()?)
        }
        _ => return None, // two of them, or both
    };
    Some((format!("{method} {target}"), body))
}

/// None: the chunks are wrong, or the body is cut off.
fn end_of_body(rest: &str, body: Body) -> Option<usize> {
    let mut at = 0;
    match body {
        Body::Length(length) => (length <= rest.len()).then_some(length),
        Body::Chunked => loop {
            let (line, _) = rest.get(at..)?.split_once("\r\n")?;
            let size = usize::from_str_radix(line.split(';').next()?, 16).ok()?;
            at = at.checked_add(line.len() + 2)?.checked_add(size)?;
            if !rest.get(at..)?.starts_with("\r\n") {
                return None; // longer than it says; or trailers, which no example has
            }
            at += 2;
            if size == 0 {
                return Some(at);
            }
        },
    }
}
