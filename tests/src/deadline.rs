//! Waiting for something that happens in another process.
//!
//! A test never sleeps and hopes. Where the other side says something (a line, the end of its output), a test waits for
//! that ([`crate::Collected`]). What is left are facts that nobody announces: a port that accepts, a child that has
//! ended. They are looked at again and again until an absolute deadline. This is the only file that may pause, and the
//! length of the pause never decides a test: only the deadline does.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

/// Enough for a busy machine with one core. Only a test that fails waits this long.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Looks until there is something to see; `None` when `limit` is over.
///
/// It looks at least once, and once more when the time is over.
pub fn until<T>(limit: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    let mut pause = Duration::from_millis(1);
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let seen = look();
        if seen.is_some() || left.is_zero() {
            return seen;
        }
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// Connects as soon as somebody listens at `addr`.
///
/// # Errors
/// The last refusal, when `limit` is over.
pub fn connect(addr: SocketAddr, limit: Duration) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::TimedOut);
    let connected = until(limit, || match connect_once(addr, limit) {
        Ok(stream) => Some(stream),
        Err(error) => {
            last = error;
            None
        }
    });
    connected.ok_or(last)
}

/// One try. A port that nobody listens on may be the very one that the kernel picks for our end; TCP then connects us to
/// ourselves, which counts as refused.
fn connect_once(addr: SocketAddr, limit: Duration) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&addr, limit)?;
    match stream.local_addr()? == stream.peer_addr()? {
        true => Err(io::ErrorKind::ConnectionRefused.into()),
        false => Ok(stream),
    }
}

/// Accepts the next client; `None` when `limit` is over.
///
/// # Errors
/// Those of `accept(2)`.
pub fn accept(listener: &TcpListener, limit: Duration) -> io::Result<Option<TcpStream>> {
    listener.set_nonblocking(true)?;
    let accepted = until(limit, || match listener.accept() {
        Ok((stream, _)) => Some(Ok(stream)),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
        Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
        Err(error) => Some(Err(error)),
    });
    listener.set_nonblocking(false)?;
    let stream = accepted.transpose()?;
    if let Some(stream) = &stream {
        // On some systems an accepted socket inherits the listener's mode.
        stream.set_nonblocking(false)?;
    }
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_port_without_a_program_is_never_reached_however_often_it_is_tried() {
        // `connect` goes through the even ephemeral ports: so many tries of one of them hit it.
        let addr = crate::listener().local_addr().unwrap();
        let even = SocketAddr::new(addr.ip(), addr.port() & !1);
        if TcpListener::bind(even).is_ok() {
            let reached = (0..30_000).find_map(|_| connect_once(even, PATIENCE).ok());
            assert!(reached.is_none(), "{reached:?}");
        }
    }

    #[test]
    fn what_is_there_is_seen_at_once_and_what_comes_is_seen_later() {
        assert_eq!(until(Duration::ZERO, || Some(1)), Some(1));
        let mut looks = 0;
        let seen = until(PATIENCE, || {
            looks += 1;
            (looks == 3).then_some(looks)
        });
        assert_eq!(seen, Some(3));
    }

    #[test]
    fn what_never_comes_ends_at_the_deadline() {
        let started = Instant::now();
        assert_eq!(until(Duration::from_millis(30), || None::<()>), None);
        assert!(started.elapsed() >= Duration::from_millis(30));
    }

    #[test]
    fn a_client_that_comes_is_accepted_and_one_that_does_not_is_none() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        assert!(
            accept(&listener, Duration::from_millis(1))
                .unwrap()
                .is_none()
        );
        let _client = connect(listener.local_addr().unwrap(), PATIENCE).unwrap();
        assert!(accept(&listener, PATIENCE).unwrap().is_some());
    }

    #[test]
    fn nobody_listening_is_the_last_refusal() {
        let addr = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap(); // closed again at once
        assert!(connect(addr, Duration::from_millis(30)).is_err());
    }
}
