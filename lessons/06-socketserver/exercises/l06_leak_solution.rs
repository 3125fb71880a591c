//! Exercise 06.4, a solution: an echo that first tells each client how many are here.
//!
//! The list of the start kept a second descriptor of each client for ever. So the count only grew, the descriptors ran out, and a
//! client that had half-closed never saw the end: a connection is closed when the *last* of its descriptors is. To count nobody
//! needs a stream. What is counted in is counted out by `Drop`, however the handler ends.
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

use lesson06::ThreadingTcpServer;

struct Here<'a>(&'a AtomicUsize);

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let here = AtomicUsize::new(0);
    let server = ThreadingTcpServer::bind(([127, 0, 0, 1], port).into(), 64)?;
    server.serve_forever(&|mut stream: &TcpStream, _: SocketAddr| {
        let count = here.fetch_add(1, Ordering::SeqCst) + 1;
        let _here = Here(&here);
        stream.write_all(format!("{count} here\n").as_bytes())?;
        io::copy(&mut &*stream, &mut &*stream).map(drop)
    });
    Ok(())
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
