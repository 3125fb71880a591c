//! The plain UDP echo client: sends each line as one datagram and prints the one that comes back.
//! `q` quits.
//!
//! ```console
//! server$ cargo run -p lesson02 --example udp_echo_server
//! client$ cargo run -p lesson02 --example udp_echo_client
//! ```
//!
//! An address may follow (`-- 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson02 -- client`) has: a socket for IPv6;
//! lines that are not UTF-8; one absolute deadline for each answer, and status 1 at the end if one
//! was missing. What neither has: a number in the datagram. Here an answer that comes too late is
//! taken for the answer to the next line; the real one takes a new socket instead.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

use std::env::args;
use std::io;
use std::net::UdpSocket;
use std::time::Duration;

fn main() -> io::Result<()> {
    let addr = args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let socket = UdpSocket::bind("0.0.0.0:0")?; // a client has a port too: any free one
    // Nothing is sent by this. The kernel only remembers the address, and drops datagrams from any
    // other: a stranger cannot answer for the server.
    socket.connect(addr)?;
    // A datagram may get lost, either way. Without this we would wait for it for ever.
    socket.set_read_timeout(Some(Duration::from_secs(2)))?;

    let mut buffer = [0; 65_507];
    for line in io::stdin().lines() {
        let line = line?;
        if line == "q" {
            break;
        }
        // An empty line is an empty datagram, and it is sent. One receive is one whole datagram.
        let sent = socket.send(line.as_bytes());
        match sent.and_then(|_| socket.recv(&mut buffer)) {
            Ok(count) => println!("{}", String::from_utf8_lossy(&buffer[..count])),
            Err(error) => eprintln!("no answer: {error}"),
        }
    }
    Ok(()) // the server does not notice that we leave: there was no connection
}
