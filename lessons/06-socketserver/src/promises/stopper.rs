//! The promise: a server stops when it is asked to, and what runs may finish for 2 s.
//!
//! ```text
//! stop ─┬─ the flag ────────▶ nobody is accepted any more
//!       ├─ a call to ourselves ─▶ wakes the thread that waits in `accept`
//!       └─ waits until all have ended, 2 s at most; shuts down the connections that still run; waits for their last lines
//! ```
//!
//! A thread cannot be ended from outside, and one that waits in `read` does not see a flag. But `shutdown` of its socket
//! from another thread ends its read: it gets the end of the stream, and returns.
//!
//! The price: a connection to ourselves, and the table of all connections (`connections.rs`).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, UdpSocket};
use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::promises::connections::Connections;
use crate::sys::{SockRef, TcpListener, TcpStream};

/// How long what runs may go on.
pub const GRACE: Duration = Duration::from_secs(2);

/// How long those who were shut down may take to return, and to say so in the log, before the program exits.
const LAST_LINES: Duration = Duration::from_millis(250);

/// How long the call to ourselves may take. It is answered by the kernel, at once or, when its queue is full, not at all.
const WAKE: Duration = Duration::from_millis(100);

/// Stops a server, from another thread than the one that serves.
#[derive(Clone)]
pub struct Stopper {
    connections: Arc<Connections>,
    addr: SocketAddr,
    /// What threads of a TCP server wait on. A stopper that outlives its server must not keep its port: the reference is weak.
    listener: Option<Weak<TcpListener>>,
}

impl Stopper {
    pub(crate) fn of_tcp(
        connections: &Arc<Connections>,
        addr: SocketAddr,
        listener: &Arc<TcpListener>,
    ) -> Self {
        Self {
            connections: Arc::clone(connections),
            addr,
            listener: Some(Arc::downgrade(listener)),
        }
    }

    pub(crate) fn of_udp(connections: &Arc<Connections>, addr: SocketAddr) -> Self {
        Self {
            connections: Arc::clone(connections),
            addr,
            listener: None,
        }
    }

    /// Lets nobody in any more, and returns when all connections have ended or, after the grace time of 2 s, been shut
    /// down. Their handlers then return, and so does `serve_forever`.
    ///
    /// Called from a handler it takes the whole grace time: that connection runs as long as the handler does.
    // ANCHOR: stop
    pub fn stop(&self) {
        self.connections.stop();
        self.wake();
        self.connections.wait_for_the_end(GRACE);
        self.connections.shut_down();
        self.connections.wait_for_the_end(LAST_LINES);
    }
    // ANCHOR_END: stop

    /// Whether it was asked to stop: a handler that works for long may look.
    pub fn is_stopping(&self) -> bool {
        self.connections.is_stopping()
    }

    /// Makes the call return in which a thread of the server waits. It sees the flag, and does not wait again.
    pub(crate) fn wake(&self) {
        let addr = reachable(self.addr);
        let Some(listener) = &self.listener else {
            let any = SocketAddr::new(unspecified(addr), 0);
            let _ = UdpSocket::bind(any).and_then(|socket| socket.send_to(&[], addr));
            return;
        };
        let Some(listener) = listener.upgrade() else {
            return; // the server is gone already
        };
        if TcpStream::connect_timeout(&addr, WAKE).is_err() {
            // No descriptor for a call, or no place in the queue. On Linux this wakes them as well.
            let _ = SockRef::from(&listener).shutdown(Shutdown::Both);
        }
    }
}

/// A server that listens everywhere (`0.0.0.0`) is called at loopback.
fn reachable(addr: SocketAddr) -> SocketAddr {
    let ip = match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, addr.port())
}

fn unspecified(addr: SocketAddr) -> IpAddr {
    match addr {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}
