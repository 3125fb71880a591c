//! The datagram side: one socket, one datagram after the other, as `socketserver.UDPServer`.
//!
//! There is no connection, so there is nothing to accept and nobody who could be slow: a datagram is there as a whole or
//! not at all. What a handler takes long for, the others wait for.

use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;

use lesson02::{CAPACITY, answer_next};

use crate::handler::{DatagramHandler, Notice};
use crate::promises::back_off::BackOff;
use crate::promises::connections::Connections;
use crate::promises::panics::caught;
use crate::promises::stopper::Stopper;

/// One datagram after the other.
pub struct UdpServer {
    socket: UdpSocket,
    addr: SocketAddr,
    connections: Arc<Connections>,
}

impl UdpServer {
    /// Takes the address. Port 0 is any free one.
    ///
    /// # Errors
    /// The address is taken, is not one of this machine, or is kept for root.
    pub fn bind(addr: SocketAddr) -> io::Result<Self> {
        let socket = UdpSocket::bind(addr)?;
        let addr = socket.local_addr()?;
        Ok(Self {
            socket,
            addr,
            connections: Arc::default(),
        })
    }

    /// Where it receives.
    pub fn local_addr(&self) -> SocketAddr {
        self.addr
    }

    /// What stops it, from another thread.
    pub fn stopper(&self) -> Stopper {
        Stopper::of_udp(&self.connections, self.addr)
    }

    /// Serves until it is stopped.
    pub fn serve_forever(&self, handler: &impl DatagramHandler) {
        let (mut buffer, mut back_off) = (vec![0; CAPACITY], BackOff::default());
        while !self.connections.is_stopping() {
            let mut handled = Ok(());
            let exchange = answer_next(&self.socket, &mut buffer, |message, source| {
                if self.connections.is_stopping() {
                    return None; // perhaps this is the stopper's datagram, which woke us
                }
                let answer = caught(|| handler.handle(message, source));
                answer.unwrap_or_else(|panic| {
                    handled = Err(panic);
                    None
                })
            });
            match exchange {
                Ok((source, sent)) => {
                    back_off.reset();
                    if let Err(error) = handled.and(sent) {
                        handler.on_error(source, &error);
                    }
                }
                Err(error) => {
                    handler.on_notice(&Notice::Failing(error));
                    back_off.wait(&self.connections);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::Duration;

    /// Shouts; `!` is a mistake, `#` an answer that is too large, `-` none.
    struct Shout(Mutex<Vec<String>>);

    impl DatagramHandler for Shout {
        fn handle(&self, message: &[u8], _: SocketAddr) -> Option<Vec<u8>> {
            match message {
                b"!" => panic!("on purpose"),
                b"#" => Some(vec![0; 65_508]),
                b"-" => None,
                other => Some(other.to_ascii_uppercase()),
            }
        }

        fn on_error(&self, _: SocketAddr, error: &io::Error) {
            self.0.lock().unwrap().push(error.to_string());
        }
    }

    #[test]
    fn no_datagram_ends_it_and_a_stop_does_at_once() {
        let server = UdpServer::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let (addr, handler) = (server.local_addr(), Shout(Mutex::default()));
        thread::scope(|scope| {
            let serving = scope.spawn(|| server.serve_forever(&handler));
            let client = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
            client
                .set_read_timeout(Some(Duration::from_secs(30)))
                .unwrap();
            for message in ["!", "#", "-", "hello", ""] {
                client.send_to(message.as_bytes(), addr).unwrap();
            }
            let mut answer = [0; 10];
            let answers = [
                client.recv(&mut answer).unwrap(),
                client.recv(&mut []).unwrap(),
            ];
            assert_eq!((answers, &answer[..5]), ([5, 0], &b"HELLO"[..]));
            server.stopper().stop();
            serving.join().unwrap();
        });
        let errors = handler.0.into_inner().unwrap();
        assert_eq!(errors.len(), 2, "{errors:?}");
        assert_eq!(errors[0], "the handler panicked: on purpose");
        assert!(errors[1].contains("65508"), "{errors:?}");
    }

    /// The stop comes while it waits, or a moment before.
    #[test]
    fn whenever_the_stop_comes_it_is_heard_and_not_taken_for_a_question() {
        for _ in 0..50 {
            let server = UdpServer::bind(([127, 0, 0, 1], 0).into()).unwrap();
            let questions = AtomicUsize::new(0);
            let echo = |message: &[u8], _: SocketAddr| {
                questions.fetch_add(1, Ordering::SeqCst);
                Some(message.to_vec())
            };
            thread::scope(|scope| {
                scope.spawn(|| server.serve_forever(&echo));
                let client = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
                client.send_to(b"hello", server.local_addr()).unwrap();
                client.recv(&mut [0; 5]).unwrap();
                server.stopper().stop();
            });
            assert_eq!(questions.into_inner(), 1);
        }
    }
}
