//! One of many: hears broadcasts on a port that it shares with others on this machine, and joins a group if asked to.
//!
//! A broadcast does not reach a socket that is bound to 127.0.0.1: its destination is another address. 0.0.0.0 takes
//! whatever has the right port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use common::{Fault, bind_fault, log, why};
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use timeline::Outputs;

use crate::broadcast::GROUP;
use crate::datagram::ROOM;
use crate::serve::show_next;

/// Binds a port that several listeners of one machine share: each of them gets every broadcast.
///
/// # Errors
/// One line that names the address, and the next step where there is one.
pub(crate) fn shared_port(addr: SocketAddr) -> Result<UdpSocket, Fault> {
    let SocketAddr::V4(v4) = addr else {
        return Err(Fault::Usage(format!(
            "{addr}: IPv6 has no broadcast; listen on 0.0.0.0:{}",
            addr.port()
        )));
    };
    let bound = || -> io::Result<UdpSocket> {
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
    };
    let socket = bound().map_err(|error| bind_fault(addr, &error))?;
    if !v4.ip().is_unspecified() {
        log(format_args!(
            "{addr}: a broadcast does not reach a socket bound to one address; 0.0.0.0 takes all"
        ));
    }
    Ok(socket)
}

/// Joins the group, on loopback and on the network.
///
/// # Errors
/// Neither takes multicast.
pub(crate) fn join(socket: &UdpSocket) -> Result<(), Fault> {
    let mut joined = false;
    for (interface, name) in [
        (Ipv4Addr::LOCALHOST, "loopback"),
        (Ipv4Addr::UNSPECIFIED, "the network"),
    ] {
        match SockRef::from(socket).join_multicast_v4(&GROUP, &interface) {
            Ok(()) => {
                log(format_args!("{GROUP}: joined on {name}"));
                joined = true;
            }
            Err(error) => log(format_args!(
                "{GROUP}: not joined on {name}: {}",
                why(&error)
            )),
        }
    }
    if joined {
        Ok(())
    } else {
        Err(Fault::failed(GROUP, "no interface here takes multicast"))
    }
}

/// Shows what arrives, for ever.
pub(crate) fn listen(socket: &UdpSocket, outputs: &Outputs) -> ! {
    let mut room = vec![0; ROOM];
    loop {
        show_next(socket, outputs, &mut room, |_| {});
    }
}
