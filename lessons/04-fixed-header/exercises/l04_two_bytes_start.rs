//! Exercise 04.3, the start: a decoder for messages behind two bytes of length, most significant byte first.
//!
//! Run it: `cargo run -p lesson04 --example l04_two_bytes_start < some-bytes`
//! Judge it: `cargo run -p check 04.3 cargo run -q -p lesson04 --example l04_two_bytes_start`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};

/// The most that a message may have.
const LIMIT: usize = 1000;

fn main() -> io::Result<()> {
    let mut input = Vec::new();
    io::stdin().lock().read_to_end(&mut input)?;
    let mut rest = input.as_slice();
    let mut out = io::stdout().lock();
    while let Some((message, behind)) = decode(rest) {
        writeln!(out, "{}", message.escape_ascii())?;
        rest = behind;
    }
    // What remains says how the stream ended: `end`, `header: 1 of 2 bytes`, `body: 3 of 5 bytes`,
    // or `refused: 1001 bytes, the limit is 1000`.
    writeln!(out, "end")
}

/// The first message, and what stands behind it; `None`: not yet.
fn decode(input: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::from(*input.get(1)?).min(LIMIT);
    Some((input.get(2..2 + length)?, input.get(2 + length..)?))
}
