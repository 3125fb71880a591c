//! The promise: a server stops when it is asked to, and what runs may finish for 2 s.
//!
//! ```text
//! stop ─┬─ the flag ────────▶ nobody is accepted any more
//!       ├─ a call to ourselves ─▶ wakes the thread that waits in `accept`
//!       └─ waits until all have ended, 2 s at most; then shuts down the connections that still run
//! ```
//!
//! A thread cannot be ended from outside, and one that waits in `read` does not see a flag. But `shutdown` of its socket
//! from another thread ends its read: it gets the end of the stream, and returns.
//!
//! The price: a table of all open connections behind a lock. It shares each stream (`Arc`), one descriptor each;
//! `try_clone` would make a second one of every client.

use std::collections::BTreeMap;
use std::net::{
    IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket,
};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use socket2::SockRef;

/// How long what runs may go on.
pub const GRACE: Duration = Duration::from_secs(2);

/// How long the call to ourselves may take. It is answered by the kernel, at once or, when its queue is full, not at all.
const WAKE: Duration = Duration::from_millis(100);

/// Stops a server, from another thread than the one that serves.
#[derive(Clone)]
pub struct Stopper {
    open: Arc<Open>,
    addr: SocketAddr,
    wake: Wake,
}

/// What waits, and has to be woken.
#[derive(Clone)]
enum Wake {
    /// So many threads in `accept`. A stopper that outlives its server must not keep its port: the reference is weak.
    Tcp(Weak<TcpListener>, usize),
    /// One thread in `recvfrom`.
    Udp,
}

impl Stopper {
    pub(crate) fn of_tcp(
        open: Arc<Open>,
        addr: SocketAddr,
        listener: &Arc<TcpListener>,
        acceptors: usize,
    ) -> Self {
        let wake = Wake::Tcp(Arc::downgrade(listener), acceptors);
        Self { open, addr, wake }
    }

    pub(crate) fn of_udp(open: Arc<Open>, addr: SocketAddr) -> Self {
        let wake = Wake::Udp;
        Self { open, addr, wake }
    }

    /// Lets nobody in any more, and returns when all connections have ended or, after the grace time of 2 s, been shut
    /// down. Their handlers then return, and so does `serve_forever`.
    ///
    /// Called from a handler it takes the whole grace time: that connection runs as long as the handler does.
    // ANCHOR: stop
    pub fn stop(&self) {
        self.open.stop();
        self.wake();
        self.open.shut_down_after(GRACE);
    }
    // ANCHOR_END: stop

    /// Whether it was asked to stop: a handler that works for long may look.
    pub fn is_stopping(&self) -> bool {
        self.open.is_stopping()
    }

    /// Makes the calls return in which the server's threads wait. Each wakes once, sees the flag, and does not wait again.
    fn wake(&self) {
        let addr = reachable(self.addr);
        match &self.wake {
            Wake::Tcp(listener, acceptors) => {
                let Some(listener) = listener.upgrade() else {
                    return; // the server is gone already
                };
                let called = |_| TcpStream::connect_timeout(&addr, WAKE).is_ok();
                if !(0..*acceptors).all(called) {
                    // No descriptor for a call, or no place in the queue. On Linux this wakes them as well.
                    let _ = SockRef::from(&*listener).shutdown(Shutdown::Both);
                }
            }
            Wake::Udp => {
                let any = SocketAddr::new(unspecified(addr), 0);
                let _ = UdpSocket::bind(any).and_then(|socket| socket.send_to(&[], addr));
            }
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

/// The open connections of a server, and whether it is to stop. Both change under one lock, so that no connection can come
/// in after the last look at the table.
#[derive(Default)]
pub(crate) struct Open {
    table: Mutex<Table>,
    /// A connection has left, or the server is to stop.
    changed: Condvar,
    /// Written under the lock; read without it where nothing depends on the table.
    stopping: AtomicBool,
}

#[derive(Default)]
struct Table {
    streams: BTreeMap<u64, Arc<TcpStream>>,
    /// The number of the next connection: as many have been accepted.
    next: u64,
}

impl Open {
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Enters a new connection; `None`, and it is closed, when the server is to stop.
    pub(crate) fn enter(
        self: &Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
    ) -> Option<Connection> {
        let mut table = self.lock();
        if self.is_stopping() {
            return None;
        }
        let (number, stream) = (table.next, Arc::new(stream));
        table.next += 1;
        table.streams.insert(number, Arc::clone(&stream));
        Some(Connection {
            stream,
            peer,
            number,
            open: Arc::clone(self),
        })
    }

    pub(crate) fn stop(&self) {
        let table = self.lock();
        self.stopping.store(true, Ordering::SeqCst);
        drop(table);
        self.changed.notify_all();
    }

    /// How many are open now.
    pub(crate) fn count(&self) -> usize {
        self.lock().streams.len()
    }

    /// How many have come so far.
    pub(crate) fn accepted(&self) -> u64 {
        self.lock().next
    }

    /// Waits while this holds for the number of connections, and until the server is to stop.
    pub(crate) fn wait_while(&self, holds: impl Fn(usize) -> bool) {
        let waits = |table: &mut Table| holds(table.streams.len()) && !self.is_stopping();
        let waited = self.changed.wait_while(self.lock(), waits);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }

    /// Waits so long, or until the server is to stop.
    pub(crate) fn pause(&self, pause: Duration) {
        let (table, waits) = (self.lock(), |_: &mut Table| !self.is_stopping());
        drop(self.changed.wait_timeout_while(table, pause, waits));
    }

    /// Waits until all have ended, `grace` at most; then ends the reads and writes of those that have not.
    fn shut_down_after(&self, grace: Duration) {
        let (table, some) = (self.lock(), |table: &mut Table| !table.streams.is_empty());
        let waited = self.changed.wait_timeout_while(table, grace, some);
        let (table, _) = waited.unwrap_or_else(PoisonError::into_inner);
        for stream in table.streams.values() {
            let _ = stream.shutdown(Shutdown::Both); // what was written before still arrives
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that is in the table as long as it lives.
pub(crate) struct Connection {
    stream: Arc<TcpStream>,
    pub(crate) peer: SocketAddr,
    number: u64,
    open: Arc<Open>,
}

impl Connection {
    pub(crate) fn stream(&self) -> &TcpStream {
        &self.stream
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.open.lock().streams.remove(&self.number);
        self.open.changed.notify_all();
    }
}
