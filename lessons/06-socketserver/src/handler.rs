//! What somebody writes who uses a server of this lesson: what happens on one connection. Nothing else.
//!
//! ```text
//! Python                                    here
//! class Echo(BaseRequestHandler):           struct Echo;
//!     def handle(self):                     impl Handler for Echo {
//!         self.request, self.client_address     fn handle(&self, stream: &TcpStream, peer: SocketAddr) -> ...
//! ```
//!
//! Python makes an object for each connection. Here one handler serves them all, from many threads at once: it is shared
//! (`&self`, `Sync`), and whatever its connections have in common stands behind a lock that the compiler insists on.

use std::io;
use std::net::SocketAddr;

use crate::sys::TcpStream;

/// What happens on a connection. A closure `|stream, peer| { ... }` is one, too.
pub trait Handler: Sync {
    /// One connection, from its first byte to its end. It closes when this returns, however it does.
    ///
    /// # Errors
    /// Whatever ended the connection before its time. It ends this connection and nothing else.
    fn handle(&self, stream: &TcpStream, peer: SocketAddr) -> io::Result<()>;

    /// A connection has ended with an error, or could not be served. (A panic of `handle` is one of kind `Other`.)
    fn on_error(&self, peer: SocketAddr, error: &io::Error) {
        let _ = (peer, error);
    }

    /// The server itself has something to say. It may say the same every few milliseconds.
    fn on_notice(&self, notice: &Notice) {
        let _ = notice;
    }
}

impl<F: Fn(&TcpStream, SocketAddr) -> io::Result<()> + Sync> Handler for F {
    fn handle(&self, stream: &TcpStream, peer: SocketAddr) -> io::Result<()> {
        self(stream, peer)
    }
}

/// What happens on a datagram. A closure `|message, source| { ... }` is one, too.
pub trait DatagramHandler {
    /// The answer to one datagram, if it gets one.
    fn handle(&self, message: &[u8], source: SocketAddr) -> Option<Vec<u8>>;

    /// An answer could not be sent, or `handle` panicked.
    fn on_error(&self, source: SocketAddr, error: &io::Error) {
        let _ = (source, error);
    }

    /// The server itself has something to say.
    fn on_notice(&self, notice: &Notice) {
        let _ = notice;
    }
}

impl<F: Fn(&[u8], SocketAddr) -> Option<Vec<u8>>> DatagramHandler for F {
    fn handle(&self, message: &[u8], source: SocketAddr) -> Option<Vec<u8>> {
        self(message, source)
    }
}

/// What a server says of itself.
#[derive(Debug)]
pub enum Notice {
    /// `accept` (of a datagram server: `receive`) has failed, and is tried again after a pause.
    Failing(io::Error),
    /// So many clients are being served, and no more: the next one waits.
    Full(usize),
    /// The system gave fewer threads than the pool wanted: so many serve.
    FewThreads(usize),
}
