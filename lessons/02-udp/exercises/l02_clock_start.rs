//! Exercise 02.1, the start: asks a time server and prints the answer. If the datagram is lost, it waits for ever; and it
//! believes whoever answers first.
//!
//! Run it: `cargo run -p lesson02 --example l02_clock_start -- 9000`
//! Judge it: `cargo run -p check 02.1 cargo run -q -p lesson02 --example l02_clock_start {port}`
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(9000);
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.send_to(b"", ("127.0.0.1", port))?;

    let mut room = [0; 1024];
    let (size, _) = socket.recv_from(&mut room)?;
    let answer = String::from_utf8_lossy(room.get(..size).unwrap_or_default());
    writeln!(io::stdout(), "{answer}")
}
