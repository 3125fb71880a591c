//! Exercise 02.2, the start: a chat with one friend. Each line of stdin is a message, each answer a line of stdout.
//! Anybody who finds the port can put words into the friend's mouth, and paint on your terminal.
//!
//! Run it: `cargo run -p lesson02 --example l02_strangers_start -- 8081`
//! Judge it: `cargo run -p check 02.2 cargo run -q -p lesson02 --example l02_strangers_start {port}`
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8081);
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let mut room = [0; 1024];
    for line in io::stdin().lines() {
        socket.send_to(line?.as_bytes(), ("127.0.0.1", port))?;
        let (size, _) = socket.recv_from(&mut room)?;
        let answer = String::from_utf8_lossy(room.get(..size).unwrap_or_default());
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}
