//! Loss, counted: datagrams sent into a small receive buffer that nobody empties.
//!
//! Every send succeeds, because sending means handing over to our own kernel. What does not fit the receiver's buffer is
//! dropped there. Linux counts the drops per socket in the last column of `/proc/net/udp`.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use socket2::SockRef;

use crate::datagram::again;

/// What became of the datagrams. Every send reported success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Datagrams that the receiver found.
    pub received: usize,
    /// The receive buffer as the system reports it (Linux doubles what was asked for, for its own bookkeeping).
    pub buffer: usize,
    /// The losses that the kernel counted, where it can be read.
    pub counted_by_the_kernel: Option<usize>,
}

/// Sends `count` datagrams of `size` bytes before the receiver reads the first.
///
/// # Errors
/// A socket failed.
pub fn measure(
    receiver: &UdpSocket,
    sender: &UdpSocket,
    count: usize,
    size: usize,
) -> io::Result<Loss> {
    SockRef::from(receiver).set_recv_buffer_size(16 * 1024)?;
    let addr = receiver.local_addr()?;
    let message = vec![b'x'; size];
    for _ in 0..count {
        again(|| sender.send_to(&message, addr))?;
    }
    let mut buffer = vec![0; size];
    let mut received = 0;
    receiver.set_nonblocking(true)?;
    while again(|| receiver.recv_from(&mut buffer)).is_ok() {
        received += 1; // until it would block: there is nothing left
    }
    let buffer = SockRef::from(receiver).recv_buffer_size()?;
    Ok(Loss {
        received,
        buffer,
        counted_by_the_kernel: drops(addr),
    })
}

/// The kernel's own count for the socket that is bound to `addr`. Only Linux has this table, and one for IPv4 alone.
fn drops(addr: SocketAddr) -> Option<usize> {
    let SocketAddr::V4(addr) = addr else {
        return None;
    };
    // The address stands there as the 4 bytes of memory read as one number, the port as a number.
    let ip = u32::from_ne_bytes(addr.ip().octets());
    let socket = format!("{ip:08X}:{:04X}", addr.port());
    let table = std::fs::read_to_string("/proc/net/udp").ok()?;
    let mut rows = table.lines().map(|row| row.split_whitespace());
    let mut row = rows.find(|row| row.clone().nth(1) == Some(socket.as_str()))?;
    row.next_back()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_the_buffer_is_lost_and_every_send_succeeds() {
        let [receiver, sender] = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
        let loss = measure(&receiver, &sender, 1000, 100).unwrap();
        assert!((1..1000).contains(&loss.received), "{loss:?}");
        if let Some(counted) = loss.counted_by_the_kernel {
            assert_eq!(counted, 1000 - loss.received);
        }
    }
}
