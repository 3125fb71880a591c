//! The plain echo server: reads bytes, writes them back in upper case, until the client closes.
//! Then the next client.
//!
//! ```console
//! server$ cargo run -p lesson01 --example echo_server
//! ```
//!
//! ```text
//! bind                     once: from now on clients can connect
//!   accept                 for each client: a socket for the conversation with it
//!     read, write_all      again and again, until `read` gives `Ok(0)`: the client has closed
//! ```
//!
//! An address may follow (`-- 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson01 -- server`) has: a limit on silence, so
//! that a silent client does not keep the others waiting for ever; going on when `accept` fails or
//! a signal interrupts a `read`; a trace. Neither serves two clients at once (lesson 06).
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

use std::env::args;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    // 127.0.0.1 is this machine: no other one can connect. Port 0 would mean: any free port.
    let addr = args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);

    // `incoming` calls `accept`, which waits for a client. Each one gets a socket of its own.
    for stream in listener.incoming() {
        // A client that breaks off ends its own conversation, not the server.
        if let Err(error) = serve(stream?) {
            eprintln!("client: {error}");
        }
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        // What has arrived by now, at least one byte: half a message, or two. TCP does not know
        // messages. An echo need not know them either, because it answers byte for byte.
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(()); // the end, and not an error. Python's `recv` gives b''
        }
        let bytes = &mut buffer[..count]; // the rest of the buffer still holds older bytes
        bytes.make_ascii_uppercase();
        // `write` may take only a part, and says how much. `write_all` goes on until all is taken.
        stream.write_all(bytes)?;
    }
}
