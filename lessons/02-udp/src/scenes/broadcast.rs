//! Sends to everybody: the kernel refuses the first attempt, and this program shows it. Then the same to the group.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};

use clap::Args;
use cli::{Address, Entries, ExitError, FailedAt, Flags, Result, log, traced, why};
use timeline::DatagramTap;

use super::clients::go_on;
use crate::broadcast::{GROUP, LOOPBACK, everybody_at, send_to_group};
use crate::datagram::again;
use crate::promises::too_large;

/// What is sent when there is nothing to say.
const HELLO: &[u8] = b"hello, everybody";

/// What to send to everybody.
#[derive(Debug, Args)]
pub struct Message {
    /// What to send; without it, one message a line from stdin
    message: Option<OsString>,
}

/// Sends the message, or each line of stdin, to everybody.
///
/// # Errors
/// A message could not be sent (already told), or stdin failed.
pub fn broadcast(flags: &Flags, Message { message }: &Message) -> Result {
    let target = target(&flags.addr_or("255.255.255.255:8080")?)?;
    traced(flags, "lesson02", |recorder| {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).failed_at("socket")?;
        let mut sender = Sender {
            tap: recorder.datagram("sender", socket),
            target,
            permitted: false,
        };
        if let Some(message) = message {
            return sender.send(message.as_encoded_bytes());
        }
        let (mut entries, mut result) = (Entries::default(), Ok(()));
        let mut line = entries.next("> ")?.or(Some(HELLO.to_vec()));
        while let Some(message) = line {
            go_on(sender.send(&message), &mut result)?;
            line = entries.next("> ")?;
        }
        result
    })
}

fn target(address: &Address) -> Result<SocketAddrV4> {
    match address.to_bind()? {
        addr if addr.port() == 0 => Err(ExitError::usage(address, "nobody listens at port 0")),
        SocketAddr::V4(addr) => Ok(SocketAddrV4::new(everybody_at(*addr.ip()), addr.port())),
        SocketAddr::V6(addr) => Err(ExitError::usage(
            address,
            format!(
                "IPv6 has no broadcast, only multicast; name an IPv4 address, for example 255.255.255.255:{}",
                addr.port()
            ),
        )),
    }
}

struct Sender {
    tap: DatagramTap<UdpSocket>,
    target: SocketAddrV4,
    permitted: bool,
}

impl Sender {
    fn send(&mut self, message: &[u8]) -> Result {
        too_large::check(message).failed_at(self.target)?;
        if let Err(error) = self.tell_everybody(message) {
            if self.target.ip().is_loopback() {
                return Err(ExitError::io(self.target, &error));
            }
            self.fall_back(&error);
            self.tell_everybody(message).failed_at(self.target)?;
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
            self.tap.get_ref().set_broadcast(true)?;
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
        let port = self.target.port();
        let loopback = SocketAddrV4::new(LOOPBACK, port);
        log(format_args!(
            "{}: {}: no network interface here takes a broadcast (`ip addr` shows BROADCAST,UP for one that does). \
             Connect to a network, or name the broadcast address of yours (lesson 00 prints it): \
             --addr 192.168.1.255:{port}. Going on with {loopback}, which reaches this machine only",
            self.target,
            why(error)
        ));
        self.target = loopback;
    }

    /// The better neighbour. Failing to send there is told and is no failure of the broadcast.
    fn tell_the_group(&mut self, message: &[u8]) {
        let (loopback, port) = (self.target.ip().is_loopback(), self.target.port());
        let interface = match loopback {
            true => Ipv4Addr::LOCALHOST,
            false => Ipv4Addr::UNSPECIFIED,
        };
        let told = match send_to_group(&self.tap, message, port, interface) {
            Ok(size) => format!("{size} bytes to those who joined"),
            Err(error) => format!("not sent: {}", why(&error)),
        };
        log(format_args!("{GROUP}:{port}: multicast: {told}"));
    }
}
