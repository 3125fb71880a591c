//! Exercise 02.3, the start: a receiver of numbered datagrams: 4 bytes number (big-endian), then text. An empty datagram
//! ends the series, and the texts are printed. It trusts UDP to bring them all, once, and in order.
//!
//! Run it: `cargo run -p lesson02 --example l02_gaps_start -- 8080`
//! Judge it: `cargo run -p check 02.3 cargo run -q -p lesson02 --example l02_gaps_start {port}`
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let socket = UdpSocket::bind(("127.0.0.1", port))?;
    writeln!(io::stdout(), "listening on {}", socket.local_addr()?)?;
    let mut room = [0; 1024];
    loop {
        let (size, _) = socket.recv_from(&mut room)?;
        if size == 0 {
            return writeln!(io::stdout(), "missing: none");
        }
        let text = String::from_utf8_lossy(room.get(4..size).unwrap_or_default());
        writeln!(io::stdout(), "{text}")?;
    }
}
