//! The plain UDP echo server: each datagram goes back to its sender in upper case.
//!
//! ```console
//! server$ cargo run -p lesson02 --example udp_echo_server
//! client$ cargo run -p lesson02 --example udp_echo_client
//! ```
//!
//! Compare it with lesson 01's: no `listen`, no `accept`, no second socket, no loop for each
//! client, no end. One receive is one whole datagram, and it brings the address of its sender
//! along.
//!
//! An address may follow (`-- 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson02 -- server`) has: refusing a datagram
//! with the server's own address as its sender, which would answer itself for ever;
//! going on after an error of `recv_from`; a trace. What neither has: a way to know whether an
//! answer arrived.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

use std::env::args;
use std::io;
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let addr = args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let socket = UdpSocket::bind(addr)?;
    println!("listening on {}", socket.local_addr()?);

    // The longest datagram there is. Into a smaller buffer a longer one is cut, and its rest is
    // lost.
    let mut buffer = [0; 65_507];
    loop {
        // 0 bytes are a datagram too, and not an end: there is none.
        let (count, sender) = socket.recv_from(&mut buffer)?;
        let datagram = &mut buffer[..count];
        datagram.make_ascii_uppercase();
        // All of it or nothing: there is no short write, and so no `send_all`. And no promise that
        // it arrives.
        if let Err(error) = socket.send_to(datagram, sender) {
            eprintln!("{sender}: {error}");
        }
    }
}
