//! Exercise 03.2, start: decodes what each read gave. It compiles, answers, and is wrong.
//!
//! Each line of UTF-8 text is answered by the number of its characters.
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
    let mut characters = 0;
    let mut buffer = [0; 1024];
    loop {
        let got = stream.read(&mut buffer)?;
        if got == 0 {
            return Ok(());
        }
        for character in String::from_utf8_lossy(buffer.get(..got).unwrap_or_default()).chars() {
            if character == '\n' {
                stream.write_all(format!("{characters}\n").as_bytes())?;
                characters = 0;
            } else {
                characters += 1; // half a character is one too?
            }
        }
    }
}
