//! Exercise 07.2, the start: answers each `POST` with the body that came. Clients spell field names as they like, and this
//! one understands one spelling.
//!
//! Run it: `cargo run -p lesson07 --example l07_case_start -- 8080`
//! Judge it: `cargo run -p check 07.2 cargo run -q -p lesson07 --example l07_case_start -- {port}`
#![forbid(unsafe_code)]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok());
    let listener = TcpListener::bind(("127.0.0.1", port.unwrap_or(8080)))?;
    for stream in listener.incoming() {
        if let Err(error) = answer(&stream?) {
            let _ = writeln!(io::stderr(), "client: {error}");
        }
    }
    Ok(())
}

fn answer(mut stream: &TcpStream) -> io::Result<()> {
    let mut input = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if input.by_ref().take(8192).read_line(&mut line)? == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = Vec::new();
    input.take(length).read_to_end(&mut body)?;
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body].concat())
}
