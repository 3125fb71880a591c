//! Exercise 05.1, the start: a server that shouts. It compiles, and three of the chapter's mistakes are in it.
//!
//! Run it: `cargo run -p lesson05 --example l05_shout_start -- 8080`
//! Judge it: `cargo run -p check 05.1 cargo run -q -p lesson05 --example l05_shout_start {port}`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

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
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer)?;
        if count < 4 {
            return Ok(());
        }
        let header: Value = serde_json::from_slice(buffer.get(4..count).unwrap_or_default())?;
        let size = header.get("size").and_then(Value::as_u64).unwrap_or(0);

        let count = stream.read(&mut buffer)?;
        let text =
            String::from_utf8_lossy(buffer.get(..count).unwrap_or_default()).to_ascii_uppercase();

        let header = json!({"ok": true, "size": size}).to_string();
        let length = u32::try_from(header.len()).map_err(io::Error::other)?;
        stream.write_all(&length.to_be_bytes())?;
        stream.write_all(header.as_bytes())?;
        stream.write_all(text.as_bytes())?;
    }
}
