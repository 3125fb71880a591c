//! Promise: a datagram counts only from the address asked.
//!
//! Price: one call, and one socket for each address. `connect` on a datagram socket sends nothing. It tells our kernel
//! whom we talk to, and from then on the kernel drops datagrams from any other address, and reports a refusal.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// A socket on a free port that hears `peer` and nobody else.
///
/// # Errors
/// Those of `socket(2)`, `bind(2)` and `connect(2)`: there is no way to that address, for instance.
pub fn hearing_only(peer: SocketAddr) -> io::Result<UdpSocket> {
    let socket = match peer {
        SocketAddr::V4(_) => UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?,
        SocketAddr::V6(_) => UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?,
    };
    connect(&socket, peer)?;
    Ok(socket)
}

fn connect(socket: &UdpSocket, peer: SocketAddr) -> io::Result<()> {
    socket.connect(peer)?;
    // Nobody listens, and the free port happened to be the one asked: our question would be its own answer. The kernel's
    // word for the peer is compared, because it takes 0.0.0.0 for 127.0.0.1.
    if socket.local_addr()? == socket.peer_addr()? {
        return Err(ErrorKind::ConnectionRefused.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_would_ask_itself_is_refused() {
        for name in ["127.0.0.1", "0.0.0.0", "127.0.0.2"] {
            let socket = UdpSocket::bind((name, 0)).unwrap();
            let mut own = socket.local_addr().unwrap();
            let error = connect(&socket, own).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{name}");
            own.set_port(own.port() ^ 1);
            assert!(connect(&socket, own).is_ok(), "{name}");
        }
    }
}
