//! Exercise 04.2, the start: ten bytes are one question. Write `read_ten` with `read` alone.
//!
//! Run it: `cargo run -p lesson04 --example l04_read_exact_start -- 8080`
//! Judge it: `cargo run -p check 04.2 cargo run -q -p lesson04 --example l04_read_exact_start {port}`
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
    let mut question = [0; 10];
    while read_ten(&mut stream, &mut question)? {
        stream.write_all(&question.to_ascii_uppercase())?;
    }
    Ok(())
}

/// Fills `out`; `false` when the stream ended before its first byte. An end in the middle is an error that says how
/// many bytes had come.
fn read_ten(stream: &mut impl Read, out: &mut [u8; 10]) -> io::Result<bool> {
    Ok(stream.read(out)? > 0)
}
