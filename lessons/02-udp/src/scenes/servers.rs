//! The servers: bind, announce, one exchange after the other. Each exchange is a drawing of its own, if one is asked for.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use cli::{
    BackOff, ExitError, FailedAt, Flags, Output, RateLimitedLog, Result, Trace, announce,
    bind_error, log, next_entry, shortened, why,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use timeline::DatagramTap;

use super::shown::show;
use super::{CHAT, HERE, TIME};
use crate::broadcast::{GROUP, shared_port};
use crate::clock;
use crate::datagram::CAPACITY;
use crate::serve::{Exchange, answer_next, receive};

/// Answers every datagram in capital letters.
///
/// # Errors
/// The address cannot be bound.
pub fn server(flags: &Flags) -> Result {
    let socket = open(flags, HERE)?;
    for_ever(&socket, flags, |tap, buffer| {
        answer_next(tap, buffer, |message, _| Some(message.to_ascii_uppercase()))
    })
}

/// Answers every datagram with the time, in the format that it holds.
///
/// # Errors
/// The address cannot be bound.
pub fn time_server(flags: &Flags) -> Result {
    let zone = clock::local_zone().unwrap_or_else(|why| {
        let why = shortened(why.as_bytes());
        log(format_args!("the time is in UTC: {why}"));
        TimeZone::UTC
    });
    let socket = open(flags, TIME)?;
    for_ever(&socket, flags, |tap, buffer| {
        answer_next(tap, buffer, |format, _| {
            let now = Timestamp::now().to_zoned(zone.clone());
            Some(clock::answer(format, &now))
        })
    })
}

/// Answers one datagram with `hi`, says what it was, and is done.
///
/// # Errors
/// The address cannot be bound, or the answer cannot be sent.
pub fn hello_server(flags: &Flags) -> Result {
    let socket = open(flags, HERE)?;
    Trace::new(flags, None).show("lesson02", |recorder| {
        let (mut buffer, mut heard) = (vec![0; CAPACITY], Vec::new());
        let tap = recorder.datagram("server", &socket);
        let (source, sent) = answer_next(&tap, &mut buffer, |message, _| {
            heard = message.to_vec();
            Some(b"hi".to_vec())
        })
        .failed_at("receive")?;
        sent.failed_at(source)?;
        Output.message(&heard)
    })
}

/// Shows what arrives; then one line of stdin is the answer to it.
///
/// One thread: while it waits for the line it hears nothing, and what arrives waits in the kernel. To do both at once
/// takes a second thread (lesson 06) or readiness (lesson 10).
///
/// # Errors
/// The address cannot be bound.
pub fn chat_server(flags: &Flags) -> Result {
    let socket = open(flags, CHAT)?;
    let mut ended = false;
    for_ever(&socket, flags, |tap, buffer| {
        answer_next(tap, buffer, |message, source| {
            let _ = show(source, message); // nobody reading is no reason to end
            if ended {
                return None; // what ended once is not asked again
            }
            let line = next_entry("> ").map_err(ExitError::report).ok().flatten();
            ended = line.is_none();
            line
        })
    })
}

/// Hears broadcasts, and multicast if it joins; answers nobody.
///
/// # Errors
/// The address cannot be bound, or the group not joined.
pub fn broadcast_listen(flags: &Flags, join: bool) -> Result {
    let addr = flags.addr_or("0.0.0.0:8080")?.to_bind()?;
    let SocketAddr::V4(v4) = addr else {
        let hint = format!("IPv6 has no broadcast; listen on 0.0.0.0:{}", addr.port());
        return Err(ExitError::usage(addr, hint));
    };
    let socket = shared_port(v4).map_err(|error| bind_error(addr, &error))?;
    if join {
        join_group(&socket)?;
    }
    announce(socket.local_addr().failed_at(addr)?);
    for_ever(&socket, flags, |tap, buffer| {
        let (size, source) = receive(tap, buffer)?;
        let _ = show(source, buffer.get(..size).unwrap_or_default());
        Ok((source, Ok(())))
    })
}

/// Joins the group, on loopback and on the network: one of them is enough.
fn join_group(socket: &UdpSocket) -> Result {
    let none = ExitError::failed(GROUP, "no interface here takes multicast");
    let mut joined = Err(none);
    for (interface, name) in [
        (Ipv4Addr::LOCALHOST, "loopback"),
        (Ipv4Addr::UNSPECIFIED, "the network"),
    ] {
        let outcome = match socket.join_multicast_v4(&GROUP, &interface) {
            Err(error) => format!("not joined on {name}: {}", why(&error)),
            Ok(()) => {
                joined = Ok(());
                format!("joined on {name}")
            }
        };
        log(format_args!("{GROUP}: {outcome}"));
    }
    joined
}

/// A server's socket, announced.
fn open(flags: &Flags, default: &str) -> Result<UdpSocket> {
    let addr = flags.addr_or(default)?.to_bind()?;
    let socket = UdpSocket::bind(addr).map_err(|error| bind_error(addr, &error))?;
    announce(socket.local_addr().failed_at(addr)?);
    Ok(socket)
}

/// Makes one exchange after the other. No failure ends a server: it is a line in the log.
fn for_ever(
    socket: &UdpSocket,
    flags: &Flags,
    mut exchange: impl FnMut(&DatagramTap<&UdpSocket>, &mut [u8]) -> io::Result<Exchange>,
) -> ! {
    let (trace, mut buffer) = (Trace::new(flags, None), vec![0; CAPACITY]);
    let (mut back_off, mut failures) = (BackOff::default(), RateLimitedLog::default());
    loop {
        let recorder = trace.recorder();
        match exchange(&recorder.datagram("server", socket), &mut buffer) {
            Ok((source, sent)) => {
                back_off.reset();
                if let Err(error) = sent {
                    failures.line(format_args!("error: {source}: {}", why(&error)));
                }
                trace.log(&recorder, format_args!("datagrams, {source}"));
            }
            Err(error) => back_off.wait("receive", &error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct OnlyFlags {
        #[command(flatten)]
        flags: Flags,
    }

    #[test]
    #[should_panic(expected = "the third exchange")]
    fn no_failure_ends_a_server() {
        let OnlyFlags { flags } = OnlyFlags::parse_from(["lesson02"]);
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let source = socket.local_addr().unwrap();
        let mut results = [
            Err(io::ErrorKind::OutOfMemory.into()),
            Ok((source, Err(io::ErrorKind::PermissionDenied.into()))),
        ]
        .into_iter();
        for_ever(&socket, &flags, |_, _| {
            results.next().expect("the third exchange")
        })
    }
}
