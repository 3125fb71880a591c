//! The sequential server: one client after the other, as `socketserver.TCPServer` and the servers of lessons 01 to 05. The other two
//! are made of its parts: the way in (`accept`), and what becomes of one connection (`serve`).
//!
//! ```text
//! accept A ── handle A ............ ── accept B ── handle B ── ...
//!             (B and C wait in the kernel, connected and not served)
//! ```
//!
//! It needs no thread. A client that says nothing holds up everybody who comes after it.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::Arc;

use crate::handler::{Handler, Notice};
use crate::promises::back_off::BackOff;
use crate::promises::backlog::listen;
use crate::promises::connections::{Connection, Connections, Counts};
use crate::promises::panics::caught;
use crate::promises::stopper::Stopper;
use crate::sys::TcpListener;

/// One client after the other.
pub struct TcpServer {
    listener: Arc<TcpListener>,
    addr: SocketAddr,
    pub(crate) connections: Arc<Connections>,
}

impl TcpServer {
    /// Listens. Port 0 is any free one.
    ///
    /// # Errors
    /// The address is taken, is not one of this machine, or is kept for root.
    pub fn bind(addr: SocketAddr) -> io::Result<Self> {
        let listener = Arc::new(listen(addr)?);
        Ok(Self {
            addr: listener.local_addr()?,
            listener,
            connections: Arc::default(),
        })
    }

    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// What stops it, from another thread.
    pub fn stopper(&self) -> Stopper {
        Stopper::of_tcp(&self.connections, self.addr, &self.listener)
    }

    /// What it has seen so far.
    pub fn counts(&self) -> Counts {
        self.connections.counts()
    }

    /// Serves until it is stopped.
    // ANCHOR: serve_forever
    pub fn serve_forever(&self, handler: &impl Handler) {
        let mut back_off = BackOff::default();
        while let Some(connection) = self.accept(&mut back_off, handler) {
            self.serve(&connection, handler);
        }
    }
    // ANCHOR_END: serve_forever

    /// The next connection; `None` when the server is to stop.
    // ANCHOR: accept
    pub(crate) fn accept(
        &self,
        back_off: &mut BackOff,
        handler: &impl Handler,
    ) -> Option<Connection> {
        while !self.connections.is_stopping() {
            match self.listener.accept() {
                Ok((stream, peer)) => {
                    back_off.reset();
                    // None if this was the stopper's call, which woke us.
                    return self.connections.enter(stream, peer);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    handler.on_notice(&Notice::Failing(error));
                    back_off.wait(&self.connections);
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
        let ended = caught(|| handler.handle(stream, peer));
        if ended.is_err() {
            self.connections.count_panic();
        }
        if let Err(error) = ended.unwrap_or_else(Err) {
            self.fail(peer, &error, handler);
        }
    }
    // ANCHOR_END: serve

    /// Counts a connection that ended with an error, and says so.
    pub(crate) fn fail(&self, peer: SocketAddr, error: &io::Error, handler: &impl Handler) {
        self.connections.count_failure();
        let _ = caught(|| handler.on_error(peer, error));
    }
}
