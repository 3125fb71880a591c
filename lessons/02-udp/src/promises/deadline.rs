//! Promise: an answer is waited for until a moment, and not one time-out after whatever came last.
//!
//! ```text
//!  question ──▶ · · · · · · · · · · · · ·│ deadline
//!               ◀── answer: done
//!               ◀── "nobody listens there" (ICMP): refused
//!                                        │ nothing: no answer
//! ```
//!
//! Price: a clock read and a `setsockopt(2)` before each receive. With one time-out for each call, a signal every second
//! (or, on a socket that hears everybody, a stranger) makes a client wait for ever.

use std::io::{self, ErrorKind};
use std::time::Instant;

use crate::datagram::{CAPACITY, Datagrams};

/// Waits for a datagram until `deadline`, however often the waiting is cut short.
///
/// # Errors
/// `TimedOut` when nothing came; `ConnectionRefused` when nobody listens there.
// ANCHOR: deadline
pub fn receive_until(socket: &impl Datagrams, deadline: Instant) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; CAPACITY];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into()); // std refuses a timeout of zero
        }
        socket.socket().set_read_timeout(Some(left))?;
        match socket.recv(&mut buffer) {
            Ok(size) => {
                buffer.truncate(size);
                return Ok(buffer);
            }
            // Linux says WouldBlock when the time is over, Windows says TimedOut.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Windows' word for a refusal.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                return Err(ErrorKind::ConnectionRefused.into());
            }
            Err(error) => return Err(error),
        }
    }
}
// ANCHOR_END: deadline

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::UdpSocket;
    use std::time::Duration;

    /// Each receive is cut short by a signal.
    struct Signals(UdpSocket);

    impl Datagrams for Signals {
        fn socket(&self) -> &UdpSocket {
            &self.0
        }

        fn recv(&self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.set_read_timeout(Some(Duration::from_millis(1)))?;
            let _ = self.0.recv(buffer);
            Err(ErrorKind::Interrupted.into())
        }
    }

    #[test]
    fn signals_do_not_move_the_deadline() {
        let socket = Signals(UdpSocket::bind("127.0.0.1:0").unwrap());
        let begin = Instant::now();
        let result = receive_until(&socket, begin + Duration::from_millis(50));
        assert_eq!(result.unwrap_err().kind(), ErrorKind::TimedOut);
        assert!(begin.elapsed() >= Duration::from_millis(50));
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
}
