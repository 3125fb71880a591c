//! Exercise 03.1, start: counts what it reads. It compiles, answers, and is wrong.
//!
//! Messages have five bytes each. `count` asks how many came before it.
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
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
    let mut buffer = [0; 1024];
    loop {
        let got = stream.read(&mut buffer)?;
        match buffer.get(..got).unwrap_or_default() {
            b"" => return Ok(()),
            b"count" => stream.write_all(format!("{messages}\n").as_bytes())?,
            _ => messages += 1, // is it one?
        }
    }
}
