//! Whether the client is still there.
//!
//! A client that was killed, or that closed with an unread answer, sends RST. The kernel notes it as the socket's pending
//! error (`SO_ERROR`); a server that is busy with a command reads nothing and would not see it.
//!
//! A half-close is something else: the client has said all it wants to say and waits for the answer. It leaves no error,
//! so it does not end a command.

use std::cell::Cell;
use std::net::TcpStream;

/// A question that can be asked again and again: has the connection failed?
///
/// Asking takes the error away from the socket (that is what `SO_ERROR` does), so the answer is remembered here, and a
/// later read of the socket may report a clean end instead of the reset.
pub fn reset_watch(stream: &TcpStream) -> impl Fn() -> bool + '_ {
    let failed = Cell::new(false);
    move || {
        if !failed.get() {
            // Any pending error counts: after a half-close Linux reports the same RST as EPIPE.
            failed.set(!matches!(stream.take_error(), Ok(None)));
        }
        failed.get()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::{Shutdown, TcpListener};
    use std::time::{Duration, Instant};

    use super::*;

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (client, listener.accept().unwrap().0)
    }

    /// Closing with unread bytes makes the kernel send RST instead of FIN.
    fn reset(client: TcpStream, server: &mut TcpStream) {
        server.write_all(b"x").unwrap();
        assert_eq!(client.peek(&mut [0]).unwrap(), 1);
        drop(client);
    }

    fn becomes_true(disconnected: impl Fn() -> bool) -> bool {
        let deadline = Instant::now() + Duration::from_secs(10);
        while Instant::now() < deadline {
            if disconnected() {
                return true;
            }
            std::thread::yield_now();
        }
        false
    }

    #[test]
    fn a_reset_is_seen_and_remembered() {
        let (client, mut server) = pair();
        assert!(!reset_watch(&server)());
        reset(client, &mut server);
        let disconnected = reset_watch(&server);
        assert!(becomes_true(&disconnected));
        assert!(disconnected(), "asked again");
    }

    #[test]
    fn a_half_close_is_no_reset() {
        let (client, server) = pair();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(server.peek(&mut [0]).unwrap(), 0, "the FIN is here");
        assert!(!reset_watch(&server)());
    }

    #[test]
    fn a_reset_after_a_half_close_is_seen() {
        let (client, mut server) = pair();
        client.shutdown(Shutdown::Write).unwrap();
        assert_eq!(server.peek(&mut [0]).unwrap(), 0, "the FIN is here");
        reset(client, &mut server);
        assert!(becomes_true(reset_watch(&server)));
    }
}
