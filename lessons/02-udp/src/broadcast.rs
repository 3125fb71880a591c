//! One to many: a broadcast, and multicast beside it.
//!
//! ```text
//!  255.255.255.255   everybody on this network; every machine must look at it; needs SO_BROADCAST
//!  192.168.1.255     the same for one network that is named
//!  127.255.255.255   everybody on this machine: what is left without a network
//!  239.255.2.2       a group (RFC 2365: for private use, near by): only those who joined; needs no permission
//! ```
//!
//! The permission is asked for because a wrong address could flood a network by accident: the kernel refuses a
//! broadcast on a socket without it.
//!
//! A broadcast does not reach a socket that is bound to 127.0.0.1: its destination is another address. 0.0.0.0 takes
//! whatever has the right port.

use std::io;
use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};

use socket2::{Domain, Protocol, SockRef, Socket, Type};

use crate::datagram::{Datagrams, again};

/// Our group: 239.255.0.0/16 stays on the local network.
pub const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 2, 2);

/// Everybody on this machine.
pub const LOOPBACK: Ipv4Addr = Ipv4Addr::new(127, 255, 255, 255);

/// Where a broadcast goes: a host of zeros means the whole network, and loopback has a broadcast address of its own.
pub fn everybody_at(ip: Ipv4Addr) -> Ipv4Addr {
    match ip {
        ip if ip.is_unspecified() => Ipv4Addr::BROADCAST,
        ip if ip.is_loopback() => LOOPBACK,
        ip => ip,
    }
}

/// Sends to our group through `interface`: loopback's, or 0.0.0.0 for the one that the routes name.
///
/// # Errors
/// That interface takes no multicast.
pub fn send_to_group(
    socket: &impl Datagrams,
    message: &[u8],
    port: u16,
    interface: Ipv4Addr,
) -> io::Result<usize> {
    SockRef::from(socket.socket()).set_multicast_if_v4(&interface)?;
    again(|| socket.send_to(message, SocketAddrV4::new(GROUP, port).into()))
}

/// Binds a port that several listeners of one machine share: each of them gets every broadcast.
///
/// # Errors
/// Those of `bind(2)`.
pub fn shared_port(addr: SocketAddrV4) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_reuse_address(true)?;
    // BSD and macOS have a second option for this; on Linux it would spread the datagrams over the sockets instead.
    #[cfg(all(
        unix,
        not(target_os = "linux"),
        not(target_os = "solaris"),
        not(target_os = "illumos")
    ))]
    socket.set_reuse_port(true)?;
    // Linux gives a socket the datagrams of groups that somebody *else* on this machine has joined.
    #[cfg(target_os = "linux")]
    socket.set_multicast_all_v4(false)?;
    socket.bind(&addr.into())?;
    Ok(socket.into())
}
