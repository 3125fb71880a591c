//! The client's way in: a name stands for one address or several, and the first that answers is taken.
//!
//! ```text
//! localhost:8080 ──▶ [::1]:8080        refused: nobody listens there
//!                    127.0.0.1:8080    connected
//! ```

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Each address that was tried, and why it did not work.
pub type Failures = Vec<(SocketAddr, io::Error)>;

/// Connects to the first address that answers, within `limit` altogether.
///
/// # Errors
/// None of them did.
// ANCHOR: connect
pub fn connect(addresses: &[SocketAddr], limit: Duration) -> Result<TcpStream, Failures> {
    let deadline = Instant::now() + limit;
    let mut failures = Failures::new();
    for (tried, &addr) in addresses.iter().enumerate() {
        // An address that swallows our packets must not eat the time of those after it: each gets
        // its share.
        let left = deadline.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(addresses.len() - tried).unwrap_or(u32::MAX);
        match connect_one(addr, share) {
            Ok(stream) => return Ok(stream),
            Err(error) => failures.push((addr, error)),
        }
    }
    Err(failures)
}

fn connect_one(addr: SocketAddr, share: Duration) -> io::Result<TcpStream> {
    if share.is_zero() {
        return Err(ErrorKind::TimedOut.into()); // std refuses a timeout of zero
    }
    not_ourselves(TcpStream::connect_timeout(&addr, share)?)
}

/// Nothing listens, and the port that the kernel picked for our end is the very port we call: both
/// ends say SYN, both are answered, and TCP has connected us to ourselves (RFC 9293, section 3.5:
/// simultaneous open).
fn not_ourselves(stream: TcpStream) -> io::Result<TcpStream> {
    if stream.local_addr()? == stream.peer_addr()? {
        return Err(ErrorKind::ConnectionRefused.into());
    }
    Ok(stream)
}
// ANCHOR_END: connect

#[cfg(test)]
mod tests {
    use super::*;
    use socket2::{Domain, Socket, Type};
    use std::net::TcpListener;

    const LIMIT: Duration = Duration::from_secs(10);

    fn loopback() -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], 0))
    }

    /// A port on which nobody listens any more.
    fn closed() -> SocketAddr {
        let listener = TcpListener::bind(loopback()).unwrap();
        listener.local_addr().unwrap()
    }

    #[test]
    fn the_addresses_are_tried_in_order_until_one_answers() {
        let listener = TcpListener::bind(loopback()).unwrap();
        let open = listener.local_addr().unwrap();
        let stream = connect(&[closed(), open], LIMIT).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), open);

        let (first, second) = (closed(), closed());
        let failures = connect(&[first, second], LIMIT).unwrap_err();
        let told = failures.iter().map(|(addr, why)| (*addr, why.kind()));
        let refused = ErrorKind::ConnectionRefused;
        assert!(
            told.eq([(first, refused), (second, refused)]),
            "{failures:?}"
        );
        assert!(connect(&[], LIMIT).unwrap_err().is_empty());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn an_address_that_does_not_answer_leaves_time_for_the_next() {
        // On Linux a full queue does not answer: see `backlog.rs`.
        let silent = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        silent.bind(&loopback().into()).unwrap();
        silent.listen(0).unwrap();
        let silent_addr = silent.local_addr().unwrap().as_socket().unwrap();
        let _waiting = TcpStream::connect(silent_addr).unwrap();
        let listener = TcpListener::bind(loopback()).unwrap();
        let open = listener.local_addr().unwrap();
        let stream = connect(&[silent_addr, open], Duration::from_millis(400)).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), open);
        let failures = connect(&[silent_addr], Duration::ZERO).unwrap_err();
        assert_eq!(failures[0].1.kind(), ErrorKind::TimedOut);
    }

    #[test]
    fn a_connection_to_ourselves_counts_as_refused() {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&loopback().into()).unwrap();
        let own = socket.local_addr().unwrap();
        socket.connect(&own).unwrap(); // TCP has no objection
        let error = not_ourselves(socket.into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    }

    /// Linux goes through the ephemeral ports in steps of two: so many calls of a port among them hit it.
    #[test]
    #[cfg(target_os = "linux")]
    fn a_port_without_a_server_is_never_connected_however_often_it_is_called() {
        // `bind` gives odd ports where it can, `connect` takes even ones.
        let even = closed().port() & !1;
        let addr = SocketAddr::from(([127, 0, 0, 1], even));
        if TcpListener::bind(addr).is_err() {
            return; // somebody's connection has it just now
        }
        for _ in 0..30_000 {
            let failures = connect(&[addr], LIMIT).unwrap_err();
            assert_eq!(failures[0].1.kind(), ErrorKind::ConnectionRefused);
        }
    }
}
