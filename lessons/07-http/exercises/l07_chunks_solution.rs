//! Exercise 07.3, one solution. (RFC 9112, section 7.1.)
//!
//! ```text
//! chunk    = size in hex [;extensions] CRLF, so many bytes, CRLF
//! the last = 0 [;extensions] CRLF, trailers, CRLF
//! ```
//!
//! Judge it: `cargo run -p check 07.3 cargo run -q -p lesson07 --example l07_chunks_solution`
#![forbid(unsafe_code)]

use std::io::{self, BufRead, ErrorKind, Read};

fn main() -> io::Result<()> {
    let (mut input, mut out) = (io::stdin().lock(), io::stdout().lock());
    loop {
        let first = line(&mut input)?;
        let digits = first.split(';').next().unwrap_or_default();
        // `from_str_radix` would take a sign.
        let size = u64::from_str_radix(digits, 16);
        let size = size
            .ok()
            .filter(|_| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let size = size.ok_or_else(|| io::Error::other(format!("no size: {digits:?}")))?;
        if size == 0 {
            while !line(&mut input)?.is_empty() {} // trailers
            return Ok(());
        }
        if io::copy(&mut input.by_ref().take(size), &mut out)? < size {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if !line(&mut input)?.is_empty() {
            return Err(io::Error::other("a chunk that is longer than it says"));
        }
    }
}

/// One line without its CRLF.
fn line(input: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    input.take(4096).read_line(&mut line)?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(io::Error::other(format!("a line without CRLF: {line:?}"))),
    }
}
