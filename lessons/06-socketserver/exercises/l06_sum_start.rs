//! Exercise 06.2, the start: a server that adds up. Each line is a number; the answer is the sum of all that all clients have
//! sent. A line that is no number is a mistake of the client's, and the handler panics: that connection ends, and no other.
//!
//! Run it: `cargo run -p lesson06 --example l06_sum_start -- 8080`
//! Judge it: `cargo run -p check 06.2 cargo run -q -p lesson06 --example l06_sum_start {port}`
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "the panic is the subject")]

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Mutex;

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
        let line = line?;
        let mut sum = sum.lock().unwrap();
        *sum += 1; // one is added beforehand, and taken away again
        let number: u64 = line.parse().unwrap();
        *sum = *sum - 1 + number;
        writeln!(stream, "{sum}")?;
    }
    Ok(())
}
