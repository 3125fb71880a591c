//! A fixed number of threads that all accept. No queue, no lock: the kernel has a queue already, and wakes one of them for
//! each client.
//!
//! ```text
//! thread  1   accept A ── handle A ....................... accept E
//! thread  2   accept B ── handle B ... accept D ── handle D ...
//! ...
//! thread 16   accept C ── handle C .........
//! ```
//!
//! No thread is started for a client, and no more memory is used for a thousand than for sixteen. But it serves only as
//! many at once as it has threads: sixteen that are silent hold up the seventeenth.

use std::io;
use std::net::SocketAddr;

use crate::handler::{Handler, Notice};
use crate::promises::connections::Counts;
use crate::promises::stopper::Stopper;
use crate::sys::thread;
use crate::tcp_server::TcpServer;

/// A fixed number of threads.
pub struct PoolServer {
    server: TcpServer,
    threads: usize,
}

impl PoolServer {
    /// Listens, and will serve with so many threads, the caller's own among them. Port 0 is any free one.
    ///
    /// # Errors
    /// The address is taken, is not one of this machine, or is kept for root.
    pub fn bind(addr: SocketAddr, threads: usize) -> io::Result<Self> {
        let server = TcpServer::bind(addr)?;
        Ok(Self { server, threads })
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
        let serve = || {
            self.server.serve_forever(handler);
            self.stopper().wake(); // the stop has woken one: each wakes the next
        };
        thread::scope(|scope| {
            for started in 1..self.threads {
                if thread::Builder::new().spawn_scoped(scope, serve).is_err() {
                    handler.on_notice(&Notice::FewThreads(started));
                    break;
                }
            }
            serve(); // ours is one of them, so there is always one
        });
    }
    // ANCHOR_END: serve_forever
}
