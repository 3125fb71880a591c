//! Exercise 06.4, the start: an echo that first tells each client how many are here. Something leaks. Find it.
//!
//! Run it: `cargo run -p lesson06 --example l06_leak_start -- 8080`
//! Judge it: `cargo run -p check 06.4 cargo run -q -p lesson06 --example l06_leak_start -- {port}`
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Mutex, PoisonError};

use lesson06::ThreadingTcpServer;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let here = Mutex::new(Vec::<TcpStream>::new());
    let server = ThreadingTcpServer::bind(([127, 0, 0, 1], port).into(), 64)?;
    server.serve_forever(&|mut stream: &TcpStream, _: SocketAddr| {
        let count = {
            let mut here = here.lock().unwrap_or_else(PoisonError::into_inner);
            here.push(stream.try_clone()?);
            here.len()
        };
        stream.write_all(format!("{count} here\n").as_bytes())?;
        io::copy(&mut &*stream, &mut &*stream).map(drop)
    });
    Ok(())
}
