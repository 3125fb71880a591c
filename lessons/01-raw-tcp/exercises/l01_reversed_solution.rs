//! Exercise 01.1, a solution: a server that answers each line with the line reversed.
//!
//! What the start forgets: a read may bring half a line, or three; a character may have several bytes; `?` in the loop
//! of `main` lets one client's reset end the server; and a client that has said its last line, even without a line end,
//! is still listening.
#![forbid(unsafe_code)]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Whoever sends more without a line end is not sending lines.
const LONGEST: u64 = 1024 * 1024;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    loop {
        // A client's error ends that client: the next one is served.
        let ending = listener.accept().and_then(|(stream, _)| serve(&stream));
        if let Err(error) = ending {
            let _ = writeln!(io::stderr(), "client: {error}");
        }
    }
}

fn serve(mut stream: &TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        // `read_until` reads on until the line end is there, and keeps what lies behind it for the next time.
        if lines.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let ended = line.pop_if(|last| *last == b'\n').is_some();
        let mut reversed: String = String::from_utf8_lossy(&line).chars().rev().collect();
        if ended {
            reversed.push('\n');
        }
        stream.write_all(reversed.as_bytes())?;
    }
}
