//! Exercise 04.4, a solution: judge the number before anything is done with it, and let memory grow with what comes.
//!
//! The limit alone would do against 2 GiB. But a thousand clients that announce 1 MiB each and send nothing would still take
//! 1 GiB: `take` and `read_to_end` grow the message as its bytes arrive.
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

/// The most that a message may have.
const LIMIT: u32 = 1_048_576;

fn serve(mut stream: TcpStream) -> io::Result<()> {
    loop {
        let mut header = [0; 4];
        let (first, rest) = header.split_at_mut(1);
        if stream.read(first)? == 0 {
            return Ok(());
        }
        stream.read_exact(rest)?;
        let length = u32::from_be_bytes(header);
        if length > LIMIT {
            return Err(io::Error::other(format!(
                "{length} bytes are over the limit of {LIMIT}"
            )));
        }
        let mut message = Vec::new();
        let got = (&mut stream)
            .take(length.into())
            .read_to_end(&mut message)?;
        if got < length as usize {
            return Err(io::Error::other(format!(
                "ended after {got} of {length} bytes"
            )));
        }
        stream.write_all(&[&header[..], &message.to_ascii_uppercase()].concat())?;
    }
}
