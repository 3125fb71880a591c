//! A web server that a browser believes: one whole answer, written by hand, to whatever came.
//!
//! What it lacks: it takes one read for one request, so a request in two pieces is answered too early and a long one is cut.
//! It looks at nothing in it: every path, every method gets the same page. It knows no body, keeps no connection open, and
//! serves one client after the other, for as long as that one likes to be silent. The lesson is about those.

#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout, clippy::indexing_slicing)]

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let listener = TcpListener::bind(std::env::args().nth(1).unwrap_or("127.0.0.1:8080".into()))?;
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
    let length = body.len(); // bytes, not characters: without it the browser waits for the end of the stream
    let head = format!(
        "HTTP/1.1 200 OK\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {length}\r\n\
         Connection: close\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes()) // one write: two would wait for each other (lesson 03)
}
