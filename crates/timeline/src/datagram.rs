//! A datagram socket with a recorder's ear at it.
//!
//! `recv_from` gives the bytes that fit and drops the rest without a word. To show that, a recorded receive looks at the
//! waiting datagram first (`peek`, with a buffer for any) and then lets the real call happen.

use std::borrow::Borrow;
use std::io::{self, IoSlice};
use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};

use crate::call::Call;
use crate::caller::Caller;
use crate::event::{Event, Outcome};

/// Enough for any datagram: its length is a 16-bit number (RFC 768).
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
        let socket = self.socket();
        let peek = |any: &mut [u8]| socket.peek_from(any);
        self.receive(buffer, |(size, _)| *size, peek, |to| socket.recv_from(to))
    }

    /// See [`UdpSocket::recv`].
    ///
    /// # Errors
    /// Those of the system call.
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let socket = self.socket();
        let peek = |any: &mut [u8]| socket.peek(any);
        self.receive(buffer, |size| *size, peek, |to| socket.recv(to))
    }

    fn socket(&self) -> &UdpSocket {
        self.socket.borrow()
    }

    fn sent(&self, bytes: &[u8], make: impl FnOnce() -> io::Result<usize>) -> io::Result<usize> {
        let pieces = [IoSlice::new(bytes)];
        self.caller.leave(Call::Send, &pieces, |n| *n, make)
    }

    fn receive<T>(
        &self,
        buffer: &mut [u8],
        size: impl Fn(&T) -> usize,
        peek: impl FnOnce(&mut [u8]) -> io::Result<T>,
        receive: impl FnOnce(&mut [u8]) -> io::Result<T>,
    ) -> io::Result<T> {
        // Nobody looks when nobody will draw it.
        let look = || peek(&mut vec![0; ANY_DATAGRAM]).map(|waiting| size(&waiting));
        let (true_size, result) = match self.caller.is_kept().then(look) {
            None => (0, receive(buffer)),
            Some(Ok(true_size)) => (true_size, receive(buffer)),
            // A peek takes a waiting error from the socket, as the real call would have done.
            Some(Err(error)) => (0, Err(error)),
        };
        let given = result.as_ref().map_or(0, &size);
        let cut = |event: &mut Event| {
            event.cut_from = Some(true_size as u64).filter(|size| *size > given as u64);
        };
        self.caller
            .record(Call::Receive, Outcome::of(&result), buffer, given, cut);
        result
    }
}
