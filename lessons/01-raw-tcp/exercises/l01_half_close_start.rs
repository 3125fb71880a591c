//! Exercise 01.2, the start: a client that sends all of its stdin and prints all that the server answers.
//!
//! Run it: `cargo run -p lesson01 --example l01_half_close_start -- 8080 < file`
//! Judge it: `cargo run -p check 01.2 cargo run -q -p lesson01 --example l01_half_close_start {port}`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    io::copy(&mut io::stdin(), &mut stream)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    io::stdout().write_all(&answer)
}
