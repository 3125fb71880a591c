//! One to many: a broadcast, and the same message to a multicast group beside it.
//!
//! ```text
//!  255.255.255.255   everybody on this network; every machine must look at it; needs SO_BROADCAST
//!  192.168.1.255     the same for one network that is named
//!  127.255.255.255   everybody on this machine: what is left without a network
//!  239.255.2.2       a group (RFC 2365: for private use, near by): only those who joined; needs no permission
//! ```
//!
//! The permission is asked for because a wrong address could flood a network by accident: the kernel refuses the first
//! attempt, and this program shows it.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};

use common::{Address, Entries, Fault, log, why};
use socket2::SockRef;
use timeline::{DatagramTap, Recorder};

use crate::clients::told_now;
use crate::datagram::too_large;
use crate::serve::again;

/// Our group: 239.255.0.0/16 stays on the local network.
pub(crate) const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 2, 2);
/// Everybody on this machine.
const LOOPBACK: Ipv4Addr = Ipv4Addr::new(127, 255, 255, 255);
/// What is sent when there is nothing to say.
const HELLO: &[u8] = b"hello, everybody";

/// Sends `message`, or each line of stdin, to everybody at `target`'s port.
///
/// # Errors
/// A message could not be sent (already told), or stdin failed.
pub(crate) fn broadcast(
    target: SocketAddrV4,
    message: Option<Vec<u8>>,
    recorder: &Recorder,
) -> Result<(), Fault> {
    let socket =
        UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).map_err(|error| Fault::io("socket", &error))?;
    let mut sender = Sender {
        tap: recorder.datagram("sender", socket),
        target,
        permitted: false,
    };
    if let Some(message) = message {
        return sender.send(&message);
    }
    let mut entries = Entries::new("> ");
    let mut next = || {
        entries
            .next_entry()
            .map_err(|error| Fault::io("stdin", &error))
    };
    let mut line = next()?.or(Some(HELLO.to_vec()));
    let mut result = Ok(());
    while let Some(message) = line {
        if let Err(failed) = sender.send(&message) {
            result = Err(told_now(failed)?);
        }
        line = next()?;
    }
    result
}

/// The address to send to: a host of zeros means the whole network, and loopback has a broadcast address of its own.
///
/// # Errors
/// No IPv4 address, or port 0: wrong usage.
pub(crate) fn target(address: &Address) -> Result<SocketAddrV4, Fault> {
    let port = address.port();
    match address.to_bind()? {
        _ if port == 0 => Err(Fault::Usage(format!("{address}: nobody listens at port 0"))),
        SocketAddr::V4(addr) => Ok(SocketAddrV4::new(
            match *addr.ip() {
                ip if ip.is_unspecified() => Ipv4Addr::BROADCAST,
                ip if ip.is_loopback() => LOOPBACK,
                ip => ip,
            },
            port,
        )),
        SocketAddr::V6(_) => Err(Fault::Usage(format!(
            "{address}: IPv6 has no broadcast, only multicast; name an IPv4 address, for example 255.255.255.255:{port}"
        ))),
    }
}

struct Sender {
    tap: DatagramTap<UdpSocket>,
    target: SocketAddrV4,
    permitted: bool,
}

impl Sender {
    fn send(&mut self, message: &[u8]) -> Result<(), Fault> {
        if let Some(why) = too_large(message) {
            return Err(Fault::failed(self.target, why));
        }
        if let Err(error) = self.tell_everybody(message) {
            if self.target.ip().is_loopback() {
                return Err(Fault::io(self.target, &error));
            }
            self.fall_back(&error);
            self.tell_everybody(message)
                .map_err(|error| Fault::io(self.target, &error))?;
        }
        self.tell_the_group(message);
        Ok(())
    }

    /// Sends to the broadcast address; the first time without permission, then with.
    fn tell_everybody(&mut self, message: &[u8]) -> io::Result<()> {
        let target = self.target;
        if !self.permitted {
            match again(|| self.tap.send_to(message, target)) {
                Ok(size) => {
                    log(format_args!(
                        "{target}: {size} bytes, and no permission was needed: no broadcast address here"
                    ));
                    return Ok(());
                }
                Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                    log(format_args!(
                        "{target}: without SO_BROADCAST: {}",
                        why(&error)
                    ));
                }
                Err(error) => return Err(error),
            }
            SockRef::from(self.tap.get_ref()).set_broadcast(true)?;
            self.permitted = true;
        }
        let size = again(|| self.tap.send_to(message, target))?;
        log(format_args!(
            "{target}: with SO_BROADCAST: {size} bytes to everybody"
        ));
        Ok(())
    }

    /// Without a network there is still this machine.
    fn fall_back(&mut self, error: &io::Error) {
        let loopback = SocketAddrV4::new(LOOPBACK, self.target.port());
        log(format_args!(
            "{}: {}: no network interface here takes a broadcast (`ip addr` shows BROADCAST,UP for one that does). \
             Connect to a network, or name the broadcast address of yours (lesson 00 prints it): \
             --addr 192.168.1.255:{}. Going on with {loopback}, which reaches this machine only",
            self.target,
            why(error),
            self.target.port()
        ));
        self.target = loopback;
    }

    /// The better neighbour. Failing to send there is told and is no failure of the broadcast.
    fn tell_the_group(&mut self, message: &[u8]) {
        let group = SocketAddrV4::new(GROUP, self.target.port());
        let interface = if self.target.ip().is_loopback() {
            Ipv4Addr::LOCALHOST
        } else {
            Ipv4Addr::UNSPECIFIED
        };
        let sent = SockRef::from(self.tap.get_ref())
            .set_multicast_if_v4(&interface)
            .and_then(|()| again(|| self.tap.send_to(message, group)));
        match sent {
            Ok(size) => log(format_args!(
                "{group}: multicast: {size} bytes to those who joined"
            )),
            Err(error) => log(format_args!(
                "{group}: multicast: not sent: {}",
                why(&error)
            )),
        }
    }
}
