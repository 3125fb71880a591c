//! A server's exchange. One socket serves everybody: each datagram brings its source address along, and the answer goes
//! there. Nothing is remembered from one datagram to the next, so the server is this, in a loop:
//!
//! ```text
//!  ──▶ receive ──▶ answer ──▶ send to where it came from ──┐
//!  ▲                                                       │
//!  └───────────────────────────────────────────────────────┘
//! ```
//!
//! Nothing that arrives ends the loop. An answer that cannot be sent is reported, and the next datagram is served.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use crate::datagram::{Datagrams, again};
use crate::promises::{own_address, too_large};

/// Whom an exchange was with, and whether the answer could be sent.
pub type Exchange = (SocketAddr, io::Result<()>);

/// Waits for a datagram and answers it with one datagram; `answer` may also say nothing.
///
/// # Errors
/// Nothing could be received.
// ANCHOR: serve
pub fn answer_next(
    socket: &impl Datagrams,
    buffer: &mut [u8],
    answer: impl FnOnce(&[u8], SocketAddr) -> Option<Vec<u8>>,
) -> io::Result<Exchange> {
    let (question, source) = loop {
        let (size, source) = receive(socket, buffer)?;
        if !own_address::is_own(socket.socket(), source)? {
            break (buffer.get(..size).unwrap_or_default(), source);
        }
    };
    let sent = match answer(question, source) {
        Some(reply) => send(socket, &reply, source),
        None => Ok(()),
    };
    Ok((source, sent))
}
// ANCHOR_END: serve

/// Sends `message`, if it is a datagram at all.
fn send(socket: &impl Datagrams, message: &[u8], destination: SocketAddr) -> io::Result<()> {
    too_large::check(message)?;
    again(|| socket.send_to(message, destination)).map(drop)
}

/// Waits for the next datagram.
///
/// A refusal here is news of an *earlier* datagram (the other machine answered "nobody listens there"; Windows and
/// connected sockets tell it): it says nothing about this socket, and a server that ended there would have been ended
/// by a client.
///
/// # Errors
/// Any other: worth a pause before the next attempt.
pub fn receive(socket: &impl Datagrams, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
    loop {
        match socket.recv_from(buffer) {
            Err(error) if is_old_news(&error) => {}
            result => return result,
        }
    }
}

fn is_old_news(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
    )
}

#[cfg(test)]
mod tests;
