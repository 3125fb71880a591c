//! Exercise 04.1d, the start: a server that shouts, with one mistake in `receive`. Find it.
//!
//! Run it: `cargo run -p lesson04 --example l04_receiver_d_start -- 8080`
//! Judge it: `cargo run -p check 04.1 cargo run -q -p lesson04 --example l04_receiver_d_start {port}`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

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
    while let Some(message) = receive(&mut stream)? {
        let length = u32::try_from(message.len()).map_err(io::Error::other)?;
        stream.write_all(&[&length.to_be_bytes()[..], &message.to_ascii_uppercase()].concat())?;
    }
    Ok(())
}

/// The most that a message may have.
const LIMIT: usize = 1_048_576;

/// The next message; `None` when the client is done.
fn receive(stream: &mut TcpStream) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; 4];
    // The end of the stream is welcome before the first byte of a header, and nowhere else.
    let (first, rest) = header.split_at_mut(1);
    if stream.read(first)? == 0 {
        return Ok(None);
    }
    stream.read_exact(rest)?;
    let length = u32::from_be_bytes(header) as usize;
    if length == 0 {
        return Ok(None);
    }
    if length > LIMIT {
        return Err(io::Error::other(format!(
            "{length} bytes are over the limit of {LIMIT}"
        )));
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message)?;
    Ok(Some(message))
}
