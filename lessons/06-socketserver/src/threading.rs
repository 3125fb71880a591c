//! A thread for each client, as `socketserver.ThreadingTCPServer`, but not without end.
//!
//! ```text
//! accept A, accept B, accept C, ...        this thread
//!   └ handle A ............................... A's thread
//!             └ handle B ....                  B's
//!                       └ handle C ......      C's
//! ```
//!
//! The threads live in a scope: they may borrow the handler, and `serve_forever` returns when the last of them has ended.
//! None can be forgotten.

use std::io;
use std::net::SocketAddr;

use crate::handler::Handler;
use crate::promises::back_off::BackOff;
use crate::promises::connections::Counts;
use crate::promises::max_clients::wait_for_a_place;
use crate::promises::stopper::Stopper;
use crate::sys::thread;
use crate::tcp_server::TcpServer;

/// Address space that each thread gets for its stack. std's 2 MiB are only reserved, not used, but where a limit is set
/// (`ulimit -v`) a thousand of them would not fit.
const STACK: usize = 256 * 1024;

/// A thread for each client, up to a limit.
pub struct ThreadingTcpServer {
    server: TcpServer,
    max_clients: usize,
    stack: usize,
}

impl ThreadingTcpServer {
    /// Listens, for up to `max_clients` at once. Port 0 is any free one.
    ///
    /// # Errors
    /// The address is taken, is not one of this machine, or is kept for root.
    pub fn bind(addr: SocketAddr, max_clients: usize) -> io::Result<Self> {
        let server = TcpServer::bind(addr)?;
        Ok(Self {
            server,
            max_clients,
            stack: STACK,
        })
    }

    /// The same with larger stacks, for a handler that needs more: a stack that overflows ends the program.
    #[must_use]
    pub fn with_stack(self, stack: usize) -> Self {
        Self { stack, ..self }
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// What stops it, from another thread.
    pub fn stopper(&self) -> Stopper {
        self.server.stopper()
    }

    /// What it has seen so far.
    pub fn counts(&self) -> Counts {
        self.server.counts()
    }

    /// Serves until it is stopped and every handler has returned.
    // ANCHOR: serve_forever
    pub fn serve_forever(&self, handler: &impl Handler) {
        let (server, mut back_off) = (&self.server, BackOff::default());
        thread::scope(|scope| {
            loop {
                wait_for_a_place(&server.connections, self.max_clients, handler);
                let Some(connection) = server.accept(&mut back_off, handler) else {
                    return; // the scope waits for the threads that still run
                };
                let peer = connection.peer;
                let thread = thread::Builder::new().stack_size(self.stack);
                let spawned =
                    thread.spawn_scoped(scope, move || server.serve(&connection, handler));
                if let Err(error) = spawned {
                    // The connection went into the closure and is closed with it. The others go on.
                    let why = format!("no thread can be had: {error}");
                    server.fail(peer, &io::Error::new(error.kind(), why), handler);
                }
            }
        });
    }
    // ANCHOR_END: serve_forever
}
