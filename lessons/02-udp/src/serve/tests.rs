//! A server's receive and its answer, on sockets and on a script of errors.

use std::cell::{Cell, RefCell};
use std::net::UdpSocket;

use super::*;
use crate::CAPACITY;

/// A socket whose receives fail as scripted, and then give what is there.
struct Scripted {
    socket: UdpSocket,
    errors: RefCell<Vec<ErrorKind>>,
    /// How often a real receive has failed.
    failed: Cell<u32>,
}

impl Scripted {
    /// With `hi` from some port waiting behind the errors.
    fn new(errors: Vec<ErrorKind>) -> (Self, SocketAddr) {
        let [socket, peer] = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
        peer.send_to(b"hi", socket.local_addr().unwrap()).unwrap();
        let scripted = Self {
            socket,
            errors: RefCell::new(errors),
            failed: Cell::new(0),
        };
        (scripted, peer.local_addr().unwrap())
    }
}

impl Datagrams for Scripted {
    fn socket(&self) -> &UdpSocket {
        &self.socket
    }

    fn recv_from(&self, buffer: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        match self.errors.borrow_mut().pop() {
            Some(kind) => Err(kind.into()),
            None => {
                let result = self.socket.recv_from(buffer);
                self.failed
                    .set(self.failed.get() + u32::from(result.is_err()));
                result
            }
        }
    }
}

#[test]
fn news_of_earlier_datagrams_and_signals_do_not_end_a_server() {
    let (socket, peer) = Scripted::new(vec![
        ErrorKind::ConnectionReset,
        ErrorKind::Interrupted,
        ErrorKind::HostUnreachable,
        ErrorKind::NetworkUnreachable,
        ErrorKind::ConnectionRefused,
    ]);
    let mut buffer = *b".....";
    assert_eq!(receive(&socket, &mut buffer).unwrap(), (2, peer));
    assert_eq!(&buffer, b"hi...");
}

#[test]
fn any_other_failure_is_the_callers() {
    let (socket, _) = Scripted::new(vec![ErrorKind::OutOfMemory]);
    let error = receive(&socket, &mut [0; 9]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutOfMemory);
}

#[test]
fn a_hundred_clients_that_have_gone_do_not_make_a_server_pause() {
    let (socket, peer) = Scripted::new(vec![ErrorKind::ConnectionReset; 100]);
    let begin = std::time::Instant::now();
    assert_eq!(receive(&socket, &mut []).unwrap().1, peer);
    // With a pause after each it would be more than a minute.
    assert!(begin.elapsed() < std::time::Duration::from_secs(10));
}

#[test]
fn a_refusal_that_the_kernel_reports_late_is_no_end() {
    let closed = UdpSocket::bind("127.0.0.1:0").unwrap();
    let (socket, addr) = (
        Scripted {
            socket: UdpSocket::bind("127.0.0.1:0").unwrap(),
            errors: RefCell::default(),
            failed: Cell::new(0),
        },
        closed.local_addr().unwrap(),
    );
    socket.socket.connect(addr).unwrap(); // only a connected socket hears of it on Linux
    drop(closed);
    socket.socket.send(b"anybody?").unwrap();
    // Whoever opens that port now may be another test: it does not matter who sends.
    let again = UdpSocket::bind(addr).unwrap();
    again
        .send_to(b"here", socket.socket.local_addr().unwrap())
        .unwrap();
    let mut buffer = [0; 9];
    let (size, _) = receive(&socket, &mut buffer).unwrap();
    assert_eq!(&buffer[..size], b"here");
    if cfg!(target_os = "linux") {
        assert_eq!(socket.failed.get(), 1);
    }
}

#[test]
fn a_datagram_from_our_own_address_is_not_answered_and_the_next_one_is() {
    for ip in ["127.0.0.1", "0.0.0.0"] {
        let server = UdpSocket::bind((ip, 0)).unwrap();
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = server.local_addr().unwrap().port();
        // Not forged: the server's own socket sends it. What arrives is the same.
        server.send_to(b"echo", ("127.0.0.1", port)).unwrap();
        client.send_to(b"hello", ("127.0.0.1", port)).unwrap();
        let mut asked = Vec::new();
        let (source, sent) = answer_next(&server, &mut [0; 99], |question, _| {
            asked = question.to_vec();
            Some(b"HELLO".to_vec())
        })
        .unwrap();
        sent.unwrap();
        assert_eq!(asked, b"hello");
        assert_eq!(source, client.local_addr().unwrap());
        let mut buffer = [0; 9];
        assert_eq!(client.recv(&mut buffer).unwrap(), 5);
        server.set_nonblocking(true).unwrap();
        assert!(server.recv_from(&mut buffer).is_err(), "it went on");
    }
}

#[test]
fn an_answer_over_the_limit_is_told_and_no_answer_is_none() {
    let [server, client] = [(); 2].map(|()| UdpSocket::bind("127.0.0.1:0").unwrap());
    let addr = server.local_addr().unwrap();
    let mut buffer = vec![0; CAPACITY];
    client.send_to(b"a", addr).unwrap();
    let large = |_: &[u8], _| Some(vec![0; crate::LARGEST + 1]);
    let (_, sent) = answer_next(&server, &mut buffer, large).unwrap();
    assert_eq!(
        sent.unwrap_err().to_string(),
        "datagram of 65508 bytes is over the limit of 65507"
    );
    client.send_to(b"b", addr).unwrap();
    let (_, sent) = answer_next(&server, &mut buffer, |_, _| None).unwrap();
    sent.unwrap();
    client.set_nonblocking(true).unwrap();
    assert!(client.recv_from(&mut buffer).is_err());
}
