//! A datagram socket with a recorder's ear at it.
//!
//! `recv_from` gives the bytes that fit and drops the rest without a word. To show that, a recorded receive looks at the
//! waiting datagram first (`peek`, with room for any) and then lets the real call happen.

use std::borrow::Borrow;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs, UdpSocket};

use crate::event::{Call, Outcome};
use crate::recorder::Caller;

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

    /// Names the side at the other end. Needed only with more than two sides, where a drawing cannot know it.
    #[must_use]
    pub fn facing(mut self, side: &str) -> Self {
        self.caller.face(side);
        self
    }

    /// The socket itself. What is done to it directly is not seen.
    pub fn get_ref(&self) -> &S {
        &self.socket
    }

    /// The socket itself. What is done to it directly is not seen.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.socket
    }

    /// The socket without the recorder.
    pub fn into_inner(self) -> S {
        self.socket
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
        let true_size = self.true_size(|room| self.socket().peek_from(room).map(|(n, _)| n))?;
        let result = self.socket().recv_from(buffer);
        self.received(buffer, result.as_ref().map(|(n, _)| *n), true_size);
        result
    }

    /// See [`UdpSocket::recv`].
    ///
    /// # Errors
    /// Those of the system call.
    pub fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let true_size = self.true_size(|room| self.socket().peek(room))?;
        let result = self.socket().recv(buffer);
        self.received(buffer, result.as_ref().copied(), true_size);
        result
    }

    fn socket(&self) -> &UdpSocket {
        self.socket.borrow()
    }

    fn sent(&self, bytes: &[u8], make: impl FnOnce() -> io::Result<usize>) -> io::Result<usize> {
        let place = self.caller.reserve(Call::Send, bytes.len());
        let result = make();
        match &result {
            Ok(n) => self.caller.fill(place, Outcome::Done, &[bytes.get(..*n).unwrap_or_default()]),
            Err(error) => self.caller.fill(place, Outcome::Failed(error.kind()), &[]),
        }
        result
    }

    /// How long the waiting datagram really is; `None` when nobody will draw it.
    fn true_size(&self, peek: impl FnOnce(&mut [u8]) -> io::Result<usize>) -> io::Result<Option<usize>> {
        if !self.caller.is_kept() {
            return Ok(None);
        }
        match peek(&mut vec![0; ANY_DATAGRAM]) {
            Ok(n) => Ok(Some(n)),
            Err(error) => {
                // A peek takes a waiting error from the socket, as the real call would have done.
                self.caller.record(Call::Receive, 0, Outcome::Failed(error.kind()), &[]);
                Err(error)
            }
        }
    }

    fn received(&self, buffer: &[u8], result: Result<usize, &io::Error>, true_size: Option<usize>) {
        if !self.caller.is_on() {
            return;
        }
        let place = self.caller.reserve(Call::Receive, buffer.len());
        match result {
            Ok(n) => {
                self.caller.fill(place, Outcome::Done, &[buffer.get(..n).unwrap_or_default()]);
                if let Some(true_size) = true_size.filter(|size| *size > n) {
                    self.caller.cut(place, true_size);
                }
            }
            Err(error) => self.caller.fill(place, Outcome::Failed(error.kind()), &[]),
        }
    }
}
