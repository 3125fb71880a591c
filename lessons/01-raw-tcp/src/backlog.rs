//! `backlog`: how many clients can connect while nobody accepts.
//!
//! `connect` does not wait for `accept`. The kernel of the server's machine shakes hands (SYN, SYN+ACK, ACK) and puts the
//! finished connection into the listener's accept queue; `accept` takes it from there. Before that, while the ACK is
//! missing, it is half-open, in the SYN queue. On Linux since 4.3 `listen(n)` bounds both, each on its own.
//!
//! ```text
//! SYN ──▶ SYN queue (半连接队列) ──ACK──▶ accept queue (全连接队列) ──accept──▶ your program
//!         n + 1 half-open                 n + 1 finished             n: listen(n), at most somaxconn
//! ```

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

/// On loopback a connect that is answered at all is answered within microseconds.
const NO_ANSWER: Duration = Duration::from_millis(400);

/// Stops counting here: some systems keep more than they were asked to.
const ENOUGH: usize = 600;

/// What became of the connects.
#[derive(Debug)]
pub struct Queue {
    /// So many were connected.
    pub connected: usize,
    /// What the next one got.
    pub next: io::Result<TcpStream>,
}

/// Listens with `listen(n)`, never accepts, and connects until a connect fails.
///
/// # Errors
/// The listener cannot be made.
// ANCHOR: measure
pub fn measure(addr: SocketAddr, n: i32) -> io::Result<Queue> {
    let listener = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    if cfg!(unix) {
        listener.set_reuse_address(true)?;
    }
    listener.bind(&addr.into())?;
    listener.listen(n)?;
    let addr = listener.local_addr()?.as_socket();
    let addr = addr.ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut waiting = Vec::new(); // kept open, so that each of them is still a client
    let next = loop {
        match TcpStream::connect_timeout(&addr, NO_ANSWER) {
            Ok(stream) if waiting.len() < ENOUGH => waiting.push(stream),
            next => break next,
        }
    };
    let connected = waiting.len();
    Ok(Queue { connected, next })
}
// ANCHOR_END: measure

/// The system's own limit, which `listen(n)` cannot exceed. `None` where it cannot be read.
pub fn somaxconn() -> Option<usize> {
    let text = fs::read_to_string("/proc/sys/net/core/somaxconn").ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_keeps_one_more_than_it_was_asked_to() {
        let limit = somaxconn().unwrap_or(usize::MAX);
        for n in [0, 1, 5] {
            let queue = measure("127.0.0.1:0".parse().unwrap(), n).unwrap();
            let expected = limit.min(n as usize) + 1;
            assert_eq!(queue.connected, expected, "listen({n})");
            assert_eq!(queue.next.unwrap_err().kind(), io::ErrorKind::TimedOut);
        }
    }
}
