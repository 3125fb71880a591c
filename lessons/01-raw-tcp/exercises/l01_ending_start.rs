//! Exercise 01.3, the start: a client that says how a connection ended, and how much had come: `end after 5`,
//! `reset after 0`, `silent after 3` (2 seconds without a byte), or `refused`.
//!
//! Run it: `cargo run -p lesson01 --example l01_ending_start -- 8080`
//! Judge it: `cargo run -p check 01.3 cargo run -q -p lesson01 --example l01_ending_start {port}`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    let mut all = Vec::new();
    match stream.read_to_end(&mut all) {
        Ok(count) => writeln!(io::stdout(), "end after {count}"),
        Err(_) => writeln!(io::stdout(), "reset after {}", all.len()),
    }
}
