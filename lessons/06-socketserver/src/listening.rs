//! What the three TCP servers share: the way in (`accept`) and what becomes of one connection (`serve`).
//!
//! ```text
//! bind ──▶ queue of the kernel ──▶ accept ──▶ a Connection ──▶ handle ──▶ closed
//!          (1,024 wait here)         │        (in the table of those that are open)
//!                                    └─ told to stop? failing? full? see promises/
//! ```

use std::any::Any;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use socket2::{Domain, Socket, Type};

use crate::handler::{Handler, Notice};
use crate::promises::back_off::BackOff;
use crate::promises::stopper::{Connection, Open, Stopper};

/// How many connections may wait in the kernel until they are accepted. std asks for 128; with that, of 1,000 clients
/// that came at once the last waited 6 s, because TCP repeats a SYN that found no place only after 1, 2 and 4 s. (The
/// system has a limit of its own: on Linux `net.core.somaxconn`.)
const BACKLOG: i32 = 1024;

/// A listener, and the connections that came through it.
pub(crate) struct Listening {
    listener: Arc<TcpListener>,
    addr: SocketAddr,
    /// How many threads call `accept` at once.
    acceptors: usize,
    pub(crate) open: Arc<Open>,
    failed: AtomicU64,
    panicked: AtomicU64,
}

impl Listening {
    pub(crate) fn bind(addr: SocketAddr, acceptors: usize) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
        #[cfg(unix)] // elsewhere it means something else: two servers on one port
        socket.set_reuse_address(true)?;
        socket.bind(&addr.into())?;
        socket.listen(BACKLOG)?;
        let listener = TcpListener::from(socket);
        Ok(Self {
            addr: listener.local_addr()?,
            listener: Arc::new(listener),
            acceptors,
            open: Arc::default(),
            failed: AtomicU64::new(0),
            panicked: AtomicU64::new(0),
        })
    }

    pub(crate) fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn stopper(&self) -> Stopper {
        let open = Arc::clone(&self.open);
        Stopper::of_tcp(open, self.addr, &self.listener, self.acceptors)
    }

    /// The next connection; `None` when the server is to stop.
    // ANCHOR: accept
    pub(crate) fn accept(
        &self,
        back_off: &mut BackOff,
        handler: &impl Handler,
    ) -> Option<Connection> {
        while !self.open.is_stopping() {
            match self.listener.accept() {
                Ok((stream, peer)) => {
                    back_off.reset();
                    // None if this was the stopper's call, which woke us.
                    return self.open.enter(stream, peer);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    handler.on_notice(&Notice::Failing(error));
                    back_off.wait(&self.open);
                }
            }
        }
        None
    }
    // ANCHOR_END: accept

    /// One connection, to its end. Whatever happens to it happens to nobody else.
    // ANCHOR: serve
    pub(crate) fn serve(&self, connection: &Connection, handler: &impl Handler) {
        let (stream, peer) = (connection.stream(), connection.peer);
        // Whoever holds a lock when it panics leaves the lock poisoned: so the other connections
        // hear of it.
        let served = catch_unwind(AssertUnwindSafe(|| handler.handle(stream, peer)));
        let result = served.unwrap_or_else(|panic| {
            self.panicked.fetch_add(1, Ordering::Relaxed);
            Err(panic_error(&*panic))
        });
        if let Err(error) = result {
            self.fail(peer, &error, handler);
        }
    }
    // ANCHOR_END: serve

    /// Counts a connection that ended with an error, and says so.
    pub(crate) fn fail(&self, peer: SocketAddr, error: &io::Error, handler: &impl Handler) {
        self.failed.fetch_add(1, Ordering::Relaxed);
        let _ = catch_unwind(AssertUnwindSafe(|| handler.on_error(peer, error)));
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            accepted: self.open.accepted(),
            failed: self.failed.load(Ordering::Relaxed),
            panicked: self.panicked.load(Ordering::Relaxed),
        }
    }
}

/// What a handler panicked with, as an error.
pub(crate) fn panic_error(panic: &(dyn Any + Send)) -> io::Error {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or(panic.downcast_ref::<&str>().copied());
    io::Error::other(format!("the handler panicked: {}", text.unwrap_or("?")))
}

/// What a server has seen so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Connections.
    pub accepted: u64,
    /// Those of them that ended with an error, panics included, or could not be served.
    pub failed: u64,
    /// Those of them whose handler panicked.
    pub panicked: u64,
}

#[cfg(test)]
mod tests;
