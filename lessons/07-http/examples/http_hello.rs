//! A web server that a browser believes: one whole answer, by hand, to whatever came.
//!
//! ```console
//! server$ cargo run -p lesson07 --example http_hello
//! client$ cargo run -p lesson07 --example http_get
//! ```
//!
//! An address may follow (`-- 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson07 -- server`) has: everything that this
//! lesson is about. It takes one read for one request, so a request in two pieces is answered too
//! early. It looks at nothing in it: every path, every method gets the same page. It knows no body,
//! keeps no connection open, and waits for a silent client as long as that one likes.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout, clippy::indexing_slicing)]

use std::env::args;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let addr = args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    loop {
        let (stream, peer) = listener.accept()?;
        if let Err(error) = answer(stream) {
            println!("{peer}: {error}");
        }
    }
}

fn answer(mut stream: TcpStream) -> io::Result<()> {
    let mut request = [0; 4096];
    let count = stream.read(&mut request)?; // a piece of a request, or one, or two
    print!("{}", String::from_utf8_lossy(&request[..count]));

    let body = "<h1>hello</h1>\n";
    let length = body.len(); // bytes, not characters
    let head = format!(
        "HTTP/1.1 200 OK\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    // One write: of two small ones the second may wait for an answer to the first (lesson 03).
    stream.write_all(format!("{head}{body}").as_bytes())
}
