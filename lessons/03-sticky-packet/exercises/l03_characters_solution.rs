//! Exercise 03.2, a solution: first the whole line, as bytes; then the characters in it.
//!
//! Each line of UTF-8 text is answered by the number of its characters.
#![forbid(unsafe_code)]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// A line longer than this ends the connection: a peer must not fill our memory.
const LONGEST: u64 = 1 << 20;

fn main() -> io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    loop {
        let (stream, _) = listener.accept()?;
        let _ = serve(&stream); // one client's end is not the server's
    }
}

fn serve(mut stream: &TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = Vec::new();
        // A line feed is never a part of another character in UTF-8, so bytes may be searched for it.
        (&mut reader).take(LONGEST).read_until(b'\n', &mut line)?;
        let Some(text) = line.strip_suffix(b"\n") else {
            return Ok(()); // the end, perhaps inside a line
        };
        let characters = String::from_utf8_lossy(text).chars().count();
        stream.write_all(format!("{characters}\n").as_bytes())?;
    }
}
