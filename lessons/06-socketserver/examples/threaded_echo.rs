//! The plain threaded server: lesson 01's echo, with a thread for each client.
//!
//! ```console
//! server$ cargo run -p lesson06 --example threaded_echo
//! client$ cargo run -p lesson06 -- client --wire python
//! ```
//!
//! ```text
//! accept A, accept B, accept C, ...       the first thread does nothing else
//!   └ echo A ......................       A's thread, and A may sleep in it
//!             └ echo B ....               B's
//! ```
//!
//! What it lacks, and the real one (`cargo run -p lesson06 -- server`) has: a limit on clients, so
//! that a thousand silent ones are not a thousand threads without end; a limit on silence; a pause
//! when `accept` fails; an end, other than being killed. Its messages are what one read gives:
//! lesson 03.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

use std::env::args;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let addr = args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);

    for stream in listener.incoming() {
        let stream = stream?;
        // `move || ...` is a closure, a function without a name; it takes the stream along. The
        // new thread runs it while we accept the next client. (`thread::spawn` is shorter, and
        // would panic where the system has no more threads.)
        let started = thread::Builder::new().spawn(move || {
            if let Err(error) = echo(stream) {
                eprintln!("client: {error}"); // this client's thread ends, and no other
            }
        });
        if let Err(error) = started {
            eprintln!("no thread: {error}");
        }
    }
    Ok(())
}

fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let count = stream.read(&mut buffer)?; // this thread waits here, and only this one
        if count == 0 {
            return Ok(());
        }
        buffer[..count].make_ascii_uppercase();
        stream.write_all(&buffer[..count])?;
    }
}
