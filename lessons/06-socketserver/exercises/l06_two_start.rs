//! Exercise 06.3, the start: lesson 01's echo, for two clients of each address at once. A third one gets the line `full` and the end.
//!
//! Run it: `cargo run -p lesson06 --example l06_two_start -- 8080`
//! Judge it: `cargo run -p check 06.3 cargo run -q -p lesson06 --example l06_two_start {port}`
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::{Mutex, PoisonError};

use lesson06::ThreadingTcpServer;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let clients = Mutex::new(BTreeMap::<IpAddr, usize>::new());
    let server = ThreadingTcpServer::bind(([127, 0, 0, 1], port).into(), 64)?;
    server.serve_forever(&|mut stream: &TcpStream, peer: SocketAddr| {
        let count = |change: fn(usize) -> usize| {
            let mut clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
            let count = clients.entry(peer.ip()).or_default();
            *count = change(*count);
            *count
        };
        if count(|count| count + 1) > 2 {
            return stream.write_all(b"full\n");
        }
        io::copy(&mut &*stream, &mut &*stream)?;
        count(|count| count - 1);
        Ok(())
    });
    Ok(())
}
