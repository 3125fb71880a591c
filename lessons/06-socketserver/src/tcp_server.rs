//! The sequential server: one client after the other, as `socketserver.TCPServer` and the servers of lessons 01 to 05.
//!
//! ```text
//! accept A ── handle A ............ ── accept B ── handle B ── ...
//!             (B and C wait in the kernel, connected and not served)
//! ```
//!
//! It needs no thread and no lock. A client that says nothing holds up everybody who comes after it.

use std::io;
use std::net::SocketAddr;

use crate::handler::Handler;
use crate::listening::{Counts, Listening};
use crate::promises::back_off::BackOff;
use crate::promises::stopper::Stopper;

/// One client after the other.
pub struct TcpServer(Listening);

impl TcpServer {
    /// Listens. Port 0 is any free one.
    ///
    /// # Errors
    /// The address is taken, is not one of this machine, or is kept for root.
    pub fn bind(addr: SocketAddr) -> io::Result<Self> {
        Listening::bind(addr, 1).map(Self)
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.0.local_addr()
    }

    /// What stops it, from another thread.
    pub fn stopper(&self) -> Stopper {
        self.0.stopper()
    }

    /// What it has seen so far.
    pub fn counts(&self) -> Counts {
        self.0.counts()
    }

    /// Serves until it is stopped.
    // ANCHOR: serve_forever
    pub fn serve_forever(&self, handler: &impl Handler) {
        let mut back_off = BackOff::default();
        while let Some(connection) = self.0.accept(&mut back_off, handler) {
            self.0.serve(&connection, handler);
        }
    }
    // ANCHOR_END: serve_forever
}
