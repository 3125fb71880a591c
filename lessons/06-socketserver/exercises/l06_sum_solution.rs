//! Exercise 06.2, a solution: a server that adds up, and that a panic costs one connection.
//!
//! Two things. What may panic happens before the lock is taken, so that what it protects is never half done. And a lock that is
//! poisoned all the same is taken: the sum is right at every moment, so there is nothing to distrust.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "the panic is the subject")]

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Mutex, PoisonError};

use lesson06::ThreadingTcpServer;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let sum = Mutex::new(0);
    let server = ThreadingTcpServer::bind(([127, 0, 0, 1], port).into(), 64)?;
    server.serve_forever(&|stream: &TcpStream, _: SocketAddr| add_up(stream, &sum));
    Ok(())
}

fn add_up(mut stream: &TcpStream, sum: &Mutex<u64>) -> io::Result<()> {
    for line in BufReader::new(stream).lines() {
        let number: u64 = line?.parse().unwrap();
        let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
        *sum = sum.wrapping_add(number); // `+` may panic as well, in a debug build
        let answer = format!("{sum}\n");
        drop(sum); // nobody waits for our client to read
        stream.write_all(answer.as_bytes())?;
    }
    Ok(())
}
