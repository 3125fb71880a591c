//! Exercise 02.3, a solution: the number says where a text belongs, whether it came before, and what never came.
//!
//! It can name a gap; it cannot fill it. And of datagrams lost at the very end it knows nothing: the empty datagram would
//! have to say how many there were. Somebody must ask for the missing ones again: that is lesson 09.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let socket = UdpSocket::bind(("127.0.0.1", port))?;
    writeln!(io::stdout(), "listening on {}", socket.local_addr()?)?;
    let mut texts = BTreeMap::new();
    let mut room = vec![0; 65_536];
    loop {
        let (size, _) = socket.recv_from(&mut room)?;
        let datagram = room.get(..size).unwrap_or_default();
        if datagram.is_empty() {
            break;
        }
        // Shorter than its number: noise.
        let Some((number, text)) = datagram.split_first_chunk::<4>() else {
            continue;
        };
        // The first one with a number counts; a copy changes nothing.
        texts
            .entry(u32::from_be_bytes(*number))
            .or_insert_with(|| text.to_vec());
    }
    report(&texts)
}

/// Gaps are ranges: one datagram with the number 4,000,000,000 must not make us write a line of that many numbers.
fn report(texts: &BTreeMap<u32, Vec<u8>>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let mut missing = String::new();
    let mut next: u64 = 0;
    for (&number, text) in texts {
        let number = u64::from(number);
        match number - next {
            0 => {}
            1 => missing.push_str(&format!(" {next}")),
            _ => missing.push_str(&format!(" {next}-{}", number - 1)),
        }
        next = number + 1;
        writeln!(out, "{}", String::from_utf8_lossy(text))?;
    }
    writeln!(
        out,
        "missing:{}",
        if missing.is_empty() {
            " none"
        } else {
            &missing
        }
    )
}
