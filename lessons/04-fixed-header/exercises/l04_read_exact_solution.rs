//! Exercise 04.2, a solution: `read_exact` by hand. Each `read` is given the room that is left, and three answers are told apart:
//! some bytes, the end, and a signal that came in between (which means nothing: ask again).
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind, Read, Write};
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

/// Fills `out`; `false` when the stream ended before its first byte.
fn read_ten(stream: &mut impl Read, out: &mut [u8; 10]) -> io::Result<bool> {
    let mut got = 0;
    while let Some(room) = out.get_mut(got..).filter(|room| !room.is_empty()) {
        match stream.read(room) {
            Ok(0) if got == 0 => return Ok(false),
            Ok(0) => {
                let text = format!("the stream ended after {got} of 10 bytes");
                return Err(io::Error::new(ErrorKind::UnexpectedEof, text));
            }
            Ok(count) => got += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
