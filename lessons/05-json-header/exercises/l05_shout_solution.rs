//! Exercise 05.1, a solution: a server that shouts.
//!
//! What the start has wrong: one `read` is not one header, what came behind the header is not the body of this message
//! alone, and text is not bytes (half a Chinese character became U+FFFD, three bytes long).
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

/// Limits come before memory.
const HEADER_LIMIT: usize = 65_536;
const BODY_LIMIT: u64 = 1_048_576;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    for stream in listener.incoming() {
        if let Err(error) = serve(stream?) {
            let _ = writeln!(io::stderr(), "client: {error}");
        }
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    while let Some(header) = read_header(&mut stream)? {
        let header: Value = serde_json::from_slice(&header)?;
        let size = header
            .get("size")
            .and_then(Value::as_u64)
            .filter(|&size| size <= BODY_LIMIT);
        let size = size
            .ok_or_else(|| io::Error::new(ErrorKind::InvalidData, "no size, or over the limit"))?;
        let mut body = vec![0; usize::try_from(size).map_err(io::Error::other)?];
        stream.read_exact(&mut body)?;
        body.make_ascii_uppercase();

        let header = json!({"ok": true, "size": size}).to_string();
        let length = u32::try_from(header.len()).map_err(io::Error::other)?;
        // One write: length, header and body leave together.
        stream.write_all(&[&length.to_be_bytes(), header.as_bytes(), &body].concat())?;
    }
    Ok(())
}

/// The next header; `None` when the client is done.
fn read_header(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    // The end of the stream is welcome before the first byte of a header, and nowhere else.
    let (first, rest) = length.split_at_mut(1);
    if stream.read(first)? == 0 {
        return Ok(None);
    }
    stream.read_exact(rest)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > HEADER_LIMIT {
        let text = format!("header of {length} bytes is over the limit of {HEADER_LIMIT}");
        return Err(io::Error::new(ErrorKind::InvalidData, text));
    }
    let mut header = vec![0; length];
    stream.read_exact(&mut header)?;
    Ok(Some(header))
}
