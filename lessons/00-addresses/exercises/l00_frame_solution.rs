//! Exercise 00.3, a solution: every length is read from the header that knows it, none is assumed.
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
    let packet = frame.get(14..)?;
    if number(frame, 12)? != 0x0800 || packet.first()? >> 4 != 4 || *packet.get(9)? != 6 {
        return None; // not IPv4, or not TCP
    }
    // The packet says how long it is: what follows it only fills the frame.
    let packet = packet.get(..number(packet, 2)?.into())?;
    let segment = packet.get(header_len(*packet.first()?)..)?;
    let payload = segment.get(header_len(segment.get(12)? >> 4)..)?;
    let (from, to) = (address(packet, 12)?, address(packet, 16)?);
    Some(format!(
        "{from}:{} > {to}:{} {}",
        number(segment, 0)?,
        number(segment, 2)?,
        payload.len()
    ))
}

/// The low 4 bits count words of 4 bytes.
fn header_len(byte: u8) -> usize {
    usize::from(byte & 0xf) * 4
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]))
}

fn address(bytes: &[u8], at: usize) -> Option<std::net::Ipv4Addr> {
    let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(four.into())
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
