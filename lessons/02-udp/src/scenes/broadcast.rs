//! Sends to everybody: the kernel refuses the first attempt, and this program shows it. Then the same to the group.

use std::ffi::OsString;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};

use cli::{Address, ExitError, FailedAt, Flags, Result, Trace, log, next_entry, why};
use timeline::DatagramTap;

use super::clients::go_on;
use crate::broadcast::{GROUP, LOOPBACK, everybody_at, send_to_group};
use crate::datagram::again;
use crate::promises::too_large;

type Tap = DatagramTap<UdpSocket>;

/// What is sent when there is nothing to say.
const HELLO: &[u8] = b"hello, everybody";

/// Sends the message, or each line of stdin, to everybody.
///
/// # Errors
/// A message could not be sent (already reported), or stdin failed.
pub fn broadcast(flags: &Flags, message: Option<OsString>) -> Result {
    let mut target = target(&flags.addr_or("255.255.255.255:8080")?)?;
    Trace::new(flags, None).show("lesson02", |recorder| {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).failed_at("socket")?;
        let tap = recorder.datagram("sender", socket);
        if let Some(message) = message {
            return send(&tap, &mut target, message.as_encoded_bytes());
        }
        let mut result = Ok(());
        let mut line = next_entry("> ")?.or(Some(HELLO.to_vec()));
        while let Some(message) = line {
            go_on(send(&tap, &mut target, &message), &mut result)?;
            line = next_entry("> ")?;
        }
        result
    })
}

fn target(address: &Address) -> Result<SocketAddrV4> {
    let why = match address.to_bind()? {
        addr if addr.port() == 0 => "nobody listens at port 0",
        SocketAddr::V4(addr) => {
            let everybody = everybody_at(*addr.ip());
            return Ok(SocketAddrV4::new(everybody, addr.port()));
        }
        SocketAddr::V6(_) => "IPv6 has no broadcast: try --addr 255.255.255.255:8080",
    };
    Err(ExitError::usage(address, why))
}

/// One message to everybody, and to the group. Failing to send to the group is logged and is no failure of the broadcast.
fn send(tap: &Tap, target: &mut SocketAddrV4, message: &[u8]) -> Result {
    too_large::check(message).failed_at(*target)?;
    let mut sent = send_to_everybody(tap, *target, message);
    if let Err(error) = &sent
        && !target.ip().is_loopback()
    {
        // Without a network there is still this machine.
        let loopback = SocketAddrV4::new(LOOPBACK, target.port());
        log(format_args!(
            "{target}: {}: no interface here takes a broadcast (`ip addr` shows BROADCAST,UP for one that does). \
             Connect to a network, or name the broadcast address of yours (lesson 00 prints it): --addr \
             192.168.1.255:{}. Going on with {loopback}, which reaches this machine only",
            why(error),
            target.port()
        ));
        *target = loopback;
        sent = send_to_everybody(tap, *target, message);
    }
    sent.failed_at(*target)?;
    let interface = match target.ip().is_loopback() {
        true => Ipv4Addr::LOCALHOST,
        false => Ipv4Addr::UNSPECIFIED,
    };
    let outcome = match send_to_group(tap, message, target.port(), interface) {
        Ok(size) => format!("{size} bytes to those who joined"),
        Err(error) => format!("not sent: {}", why(&error)),
    };
    log(format_args!(
        "{GROUP}:{}: multicast: {outcome}",
        target.port()
    ));
    Ok(())
}

/// Sends to the broadcast address; the first time without permission, then with.
fn send_to_everybody(tap: &Tap, target: SocketAddrV4, message: &[u8]) -> io::Result<()> {
    let socket = tap.get_ref();
    let size = match again(|| tap.send_to(message, target)) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied && !socket.broadcast()? => {
            let why = why(&error);
            log(format_args!("{target}: without SO_BROADCAST: {why}"));
            socket.set_broadcast(true)?;
            again(|| tap.send_to(message, target))?
        }
        result => result?,
    };
    let how = match socket.broadcast()? {
        true => format!("with SO_BROADCAST: {size} bytes to everybody"),
        false => format!("{size} bytes to one: no permission was needed"),
    };
    log(format_args!("{target}: {how}"));
    Ok(())
}
