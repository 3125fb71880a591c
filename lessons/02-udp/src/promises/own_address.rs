//! Promise: a server does not answer a datagram that comes from its own address.
//!
//! The source of a datagram is a claim, and whoever forges it can name the server itself: the answer arrives as the
//! next question, and is answered, and so on, at the speed of the processor. One datagram was enough for 750,000
//! rounds in 3 s. What this does not see is another server that answers everything: two of them, and one forged
//! datagram, go on as well (that is how the echo and chargen services of the 1980s ended).
//!
//! Price: one comparison of ports; only where they are equal, and we listen on 0.0.0.0, a socket is bound for a moment.

use std::io;
use std::net::{SocketAddr, UdpSocket};

/// Whether `source` is the address of `socket` itself.
///
/// # Errors
/// Those of `getsockname(2)`.
pub fn is_own(socket: &UdpSocket, source: SocketAddr) -> io::Result<bool> {
    let own = socket.local_addr()?;
    if source.port() != own.port() {
        return Ok(false);
    }
    if !own.ip().is_unspecified() {
        return Ok(source.ip().to_canonical() == own.ip().to_canonical());
    }
    // 0.0.0.0 stands for every address of this machine, and only those can be bound.
    let mut any_port = source;
    any_port.set_port(0);
    Ok(UdpSocket::bind(any_port).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_address_is_known_by_every_name_of_this_machine_and_no_other() {
        let one = UdpSocket::bind("127.0.0.1:0").unwrap();
        let every = UdpSocket::bind("0.0.0.0:0").unwrap();
        let port = |socket: &UdpSocket| socket.local_addr().unwrap().port();
        // 192.0.2.1 is for documentation (RFC 5737): no address of ours.
        for (socket, ip, own) in [
            (&one, "127.0.0.1", true),
            (&one, "192.0.2.1", false),
            (&every, "127.0.0.1", true),
            (&every, "192.0.2.1", false),
        ] {
            let ip = ip.parse().unwrap();
            let source = SocketAddr::new(ip, port(socket));
            assert_eq!(is_own(socket, source).unwrap(), own, "{source}");
            let other_port = SocketAddr::new(ip, port(socket) ^ 1);
            assert!(!is_own(socket, other_port).unwrap(), "{other_port}");
        }
    }
}
