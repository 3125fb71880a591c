//! The smallest client: `http_get 127.0.0.1:8080 /hello.txt` writes what a server answers, head and all, as it comes.
//!
//! What it lacks: it asks the server to close and takes the end of the stream for the end of the answer. So it cannot tell
//! a whole answer from one that was cut off, and needs a new connection for each. It follows no redirect and unpacks no
//! chunks, for it does not look at what it gets. It may wait for ever.

#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let host = arguments.next().unwrap_or("127.0.0.1:8080".into());
    let path = arguments.next().unwrap_or("/".into());

    let mut stream = TcpStream::connect(&host)?;
    // The empty line is the end of the head. Without it the server waits for more, and we for the server.
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    io::copy(&mut stream, &mut io::stdout().lock())?;
    Ok(())
}
