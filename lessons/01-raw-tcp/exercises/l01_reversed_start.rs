//! Exercise 01.1, the start: a server that answers each line with the line reversed. `abc` becomes `cba`, 你好 becomes 好你.
//!
//! Run it: `cargo run -p lesson01 --example l01_reversed_start -- 8080`
//! Judge it: `cargo run -p check 01.1 cargo run -q -p lesson01 --example l01_reversed_start {port}`
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
        serve(stream?)?;
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut room = [0; 1024];
    loop {
        let count = stream.read(&mut room)?;
        if count == 0 {
            return Ok(());
        }
        let line = room.get_mut(..count).unwrap_or_default();
        if line.last() == Some(&b'\n') {
            line.get_mut(..count - 1).unwrap_or_default().reverse();
        }
        stream.write_all(line)?;
    }
}
