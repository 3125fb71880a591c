//! Exercise 03.1, a solution: collects five bytes, however many reads that takes.
//!
//! Messages have five bytes each. `count` asks how many came before it.
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let port = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    loop {
        let (stream, _) = listener.accept()?;
        let _ = serve(stream); // one client's end is not the server's
    }
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut messages = 0;
    let mut message = [0; 5];
    loop {
        match stream.read_exact(&mut message) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            other => other?,
        }
        if &message == b"count" {
            stream.write_all(format!("{messages}\n").as_bytes())?;
        } else {
            messages += 1;
        }
    }
}
