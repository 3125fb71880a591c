//! Exercise 02.2, a solution: `connect` lets the friend in and nobody else, and control characters are shown as `?`.
//!
//! The kernel drops the strangers' datagrams before we see them, so there is no address to compare. A message from the
//! friend is one line, whatever is in it: a line feed in it would look like a second message.
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8081);
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(("127.0.0.1", port))?;
    let mut room = vec![0; 65_536];
    for line in io::stdin().lines() {
        socket.send(line?.as_bytes())?;
        let size = socket.recv(&mut room)?;
        let answer = String::from_utf8_lossy(room.get(..size).unwrap_or_default());
        writeln!(io::stdout(), "{}", answer.replace(char::is_control, "?"))?;
    }
    Ok(())
}
