//! Exercise 04.4, the start: a server that shouts, and believes every length. Four bytes are enough to end it for everybody.
//!
//! Run it: `cargo run -p lesson04 --example l04_announcement_start -- 8080`
//! Judge it: `cargo run -p check 04.4 cargo run -q -p lesson04 --example l04_announcement_start {port}`
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
    loop {
        let mut header = [0; 4];
        // The end of the stream is welcome before the first byte of a header, and nowhere else.
        let (first, rest) = header.split_at_mut(1);
        if stream.read(first)? == 0 {
            return Ok(());
        }
        stream.read_exact(rest)?;
        let length = i32::from_be_bytes(header);
        let mut message = vec![0; length as usize];
        stream.read_exact(&mut message)?;
        stream.write_all(&[&header[..], &message.to_ascii_uppercase()].concat())?;
    }
}
