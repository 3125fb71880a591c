//! The smallest client: writes what a server answers, head and all, as it comes.
//!
//! ```console
//! server$ cargo run -p lesson07 -- server
//! client$ cargo run -p lesson07 --example http_get /hello.txt
//! ```
//!
//! An address may follow (`/hello.txt 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson07 -- get`) has: it asks the server to
//! close, and takes the end of the stream for the end of the answer. So it cannot tell a whole
//! answer from one that was cut off, and needs a new connection for each. It does not look at what
//! it gets: it follows no redirect and unpacks no chunks. It may wait for ever.
#![forbid(unsafe_code)]

use std::env::args;
use std::io::{self, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let path = args().nth(1).unwrap_or("/".to_owned());
    let host = args().nth(2).unwrap_or("127.0.0.1:8080".to_owned());

    let mut stream = TcpStream::connect(&host)?;
    // The empty line is the end of the head. Without it the server waits for us, and we for it.
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    io::copy(&mut stream, &mut io::stdout().lock())?;
    Ok(())
}
