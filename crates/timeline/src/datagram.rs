//! A datagram socket with a recorder's ear at it.
//!
//! `recv_from` gives the bytes that fit and drops the rest without a word. To show that, a recorded receive looks at the
//! waiting datagram first (`peek`, with room for any) and then lets the real call happen.

use std::borrow::Borrow;
use std::io::{self, IoSlice};
use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};

use crate::call::Call;
use crate::caller::Caller;
use crate::event::Outcome;

/// Room for any datagram: its length is a 16-bit number (RFC 768).
const ANY_DATAGRAM: usize = 65_536;

/// A datagram socket whose sends and receives are recorded. Made by [`crate::Recorder::datagram`].
#[derive(Debug)]
pub struct DatagramTap<S> {
    socket: S,
    caller: Caller,
}

impl<S> DatagramTap<S> {
    pub(crate) fn new(socket: S, caller: Caller) -> Self {
        Self { socket, caller }
    }

    /// Names the side at the other end, where a drawing cannot know it: to draw a lane for a peer that is in another
    /// program.
    #[must_use]
    pub fn facing(self, side: &str) -> Self {
        self.caller.face(side);
        self
    }

    /// The socket itself. What is done to it directly is not seen.
    pub fn get_ref(&self) -> &S {
        &self.socket
    }
}

/// The socket may be owned or borrowed: a server that draws each exchange for itself keeps its socket.
impl<S: Borrow<UdpSocket>> DatagramTap<S> {
    /// See [`UdpSocket::send_to`].
    ///
    /// # Errors
    /// Those of the system call.
    pub fn send_to(&self, bytes: &[u8], to: impl ToSocketAddrs) -> io::Result<usize> {
        self.sent(bytes, || self.socket().send_to(bytes, to))
    }

    /// See [`UdpSocket::send`].
    ///
    /// # Errors
    /// Those of the system call.
    pub fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        self.sent(bytes, || self.socket().send(bytes))
    }

    /// See [`UdpSocket::recv_from`].
    ///
    /// # Errors
    /// Those of the system call.
    pub fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let size = self.true_size(|any| self.socket().peek_from(any).map(|(n, _)| n))?;
        let result = self.socket().recv_from(buffer);
        self.received(buffer, result.as_ref().map(|(n, _)| *n), size);
        result
    }

    /// See [`UdpSocket::recv`].
    ///
    /// # Errors
    /// Those of the system call.
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.true_size(|any| self.socket().peek(any))?;
        let result = self.socket().recv(buffer);
        self.received(buffer, result.as_ref().copied(), size);
        result
    }

    fn socket(&self) -> &UdpSocket {
        self.socket.borrow()
    }

    fn sent(&self, bytes: &[u8], make: impl FnOnce() -> io::Result<usize>) -> io::Result<usize> {
        let pieces = [IoSlice::new(bytes)];
        self.caller.leave(Call::Send, &pieces, |n| *n, make)
    }

    /// How long the waiting datagram really is; `None` when nobody will draw it.
    fn true_size(
        &self,
        peek: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<Option<usize>> {
        if !self.caller.is_kept() {
            return Ok(None);
        }
        let result = peek(&mut vec![0; ANY_DATAGRAM]);
        // A peek takes a waiting error from the socket, as the real call would have done.
        if let Err(error) = &result {
            self.received(&[], Err(error), None);
        }
        result.map(Some)
    }

    fn received(&self, buffer: &[u8], result: Result<usize, &io::Error>, true_size: Option<usize>) {
        let given = result.unwrap_or(0);
        let outcome = result.map_or_else(|error| Outcome::Failed(error.kind()), |_| Outcome::Done);
        self.caller
            .record(Call::Receive, outcome, buffer, given, |event| {
                event.cut_from = true_size
                    .filter(|size| *size > given)
                    .map(|size| size as u64);
            });
    }
}
