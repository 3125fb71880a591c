//! Exercise 00.3, the start: frames in hex come in, one a line; who sends how many bytes to whom goes out:
//! `192.168.1.10:36974 > 192.168.1.20:8080 6`, or `other` for what is no TCP over IPv4.
//!
//! Try it: `cargo run -p lesson00 --example l00_frame_start < frames.txt`
//! Judge it: `cargo run -p check 00.3 cargo run -q -p lesson00 --example l00_frame_start`
#![forbid(unsafe_code)]

use std::io::{self, Write};

fn main() -> io::Result<()> {
    for line in io::stdin().lines() {
        let answer = who(&bytes(&line?)).unwrap_or_else(|| "other".to_owned());
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}

fn who(frame: &[u8]) -> Option<String> {
    let number = |at: usize| Some(u16::from_be_bytes([*frame.get(at)?, *frame.get(at + 1)?]));
    let address = |at: usize| {
        Some(format!(
            "{}.{}.{}.{}",
            frame.get(at)?,
            frame.get(at + 1)?,
            frame.get(at + 2)?,
            frame.get(at + 3)?
        ))
    };
    if number(12)? != 0x0800 {
        return None;
    }
    // 14 bytes of Ethernet, 20 of IPv4, 32 of TCP, and the rest is ours. Always?
    let (from, to) = (address(26)?, address(30)?);
    let payload = frame.len().checked_sub(14 + 20 + 32)?;
    Some(format!(
        "{from}:{} > {to}:{} {payload}",
        number(34)?,
        number(36)?
    ))
}

/// The bytes of a line of hex digits; nothing if it is no hex.
fn bytes(line: &str) -> Vec<u8> {
    let digits: Option<Vec<u32>> = line.trim().chars().map(|c| c.to_digit(16)).collect();
    let pairs = digits.unwrap_or_default();
    pairs
        .chunks_exact(2)
        .filter_map(|pair| u8::try_from(pair.iter().fold(0, |sum, digit| sum * 16 + digit)).ok())
        .collect()
}
