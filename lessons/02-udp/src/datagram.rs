//! A datagram socket: how large a datagram may be, and the four calls.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};

/// The largest payload over IPv4: the packet's length is a 16-bit number (65,535, RFC 791), of which the IP header takes
/// at least 20 bytes and the UDP header 8. IPv6 counts without its own header and leaves 65,527; one limit is enough.
pub const LARGEST: usize = 65_535 - 20 - 8;

/// A buffer of this capacity takes any datagram: one byte more than a 16-bit length can say, so that nothing is ever cut.
pub const CAPACITY: usize = 65_535 + 1;

/// A datagram socket, or something around one that takes part in its calls: a recorder, or a test.
pub trait Datagrams {
    /// The socket itself: its address, its timeout.
    fn socket(&self) -> &UdpSocket;

    /// Sends one datagram to `destination`: hands it to our own kernel.
    ///
    /// # Errors
    /// Those of `sendto(2)`.
    fn send_to(&self, bytes: &[u8], destination: SocketAddr) -> io::Result<usize> {
        self.socket().send_to(bytes, destination)
    }

    /// Receives one datagram, and where it came from. What does not fit `buffer` is lost.
    ///
    /// # Errors
    /// Those of `recvfrom(2)`.
    fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        self.socket().recv_from(buffer)
    }

    /// [`Datagrams::send_to`] on a connected socket.
    ///
    /// # Errors
    /// Those of `send(2)`, and news of earlier datagrams.
    fn send(&self, bytes: &[u8]) -> io::Result<usize> {
        self.socket().send(bytes)
    }

    /// [`Datagrams::recv_from`] on a connected socket: nobody but the peer is heard.
    ///
    /// # Errors
    /// Those of `recv(2)`, and news of earlier datagrams.
    fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket().recv(buffer)
    }
}

impl Datagrams for UdpSocket {
    fn socket(&self) -> &UdpSocket {
        self
    }
}

/// Makes a call again when a signal cut it short (EINTR). std does that for `write_all`, not for datagrams.
pub(crate) fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_no_error() {
        let mut script = [
            Err(ErrorKind::Interrupted),
            Err(ErrorKind::Interrupted),
            Ok(1),
        ]
        .into_iter();
        assert_eq!(
            again(|| script.next().unwrap().map_err(io::Error::from)).unwrap(),
            1
        );
    }
}
