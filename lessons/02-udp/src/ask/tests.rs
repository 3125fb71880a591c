//! A client against servers that answer late, twice, through somebody else, or not at all.

use std::thread;

use super::*;

/// Longer than anything on loopback takes.
const PATIENT: Duration = Duration::from_secs(20);
/// Long enough to send something in between, short enough to wait for.
const SHORT: Duration = Duration::from_millis(200);

fn socket() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENT)).unwrap();
    let addr = socket.local_addr().unwrap();
    (socket, addr)
}

/// A port that refuses and that nobody can take meanwhile: its socket hears itself only.
fn nobody() -> (UdpSocket, SocketAddr) {
    let (socket, addr) = socket();
    socket.connect(addr).unwrap();
    (socket, addr)
}

type Plain = Asker<UdpSocket, fn(UdpSocket) -> UdpSocket>;

fn asker(addr: SocketAddr, timeout: Duration) -> Plain {
    Asker::new(vec![addr], timeout, |socket| socket)
}

/// The next question and who asked it.
fn question(server: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut buffer = vec![0; CAPACITY];
    let (size, client) = server.recv_from(&mut buffer).unwrap();
    buffer.truncate(size);
    (buffer, client)
}

fn line(result: Result<Vec<u8>, NoAnswer>) -> String {
    let (addr, error) = result.unwrap_err();
    format!("{addr}: {error}")
}

#[test]
fn one_question_gets_one_answer_of_any_size() {
    let (server, addr) = socket();
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..3 {
                let (question, client) = question(&server);
                server.send_to(&question, client).unwrap();
            }
        });
        let mut asker = asker(addr, PATIENT);
        for message in [&b""[..], b"hello", &[7; crate::LARGEST]] {
            assert_eq!(asker.ask(message).unwrap(), message);
        }
    });
}

#[test]
fn a_stranger_is_not_heard_and_does_not_move_the_deadline() {
    let (server, addr) = socket();
    let (stranger, _) = socket();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (_, client) = question(&server);
            stranger.send_to(b"wrong", client).unwrap();
            server.send_to(b"right", client).unwrap();
            let (_, client) = question(&server);
            // Again and again, for longer than the client waits. Nothing comes back: that is the pause.
            stranger.set_read_timeout(Some(SHORT / 20)).unwrap();
            let begin = Instant::now();
            while begin.elapsed() < SHORT * 3 {
                let _ = stranger.send_to(b"wrong", client);
                let _ = stranger.recv(&mut [0]);
            }
        });
        assert_eq!(asker(addr, PATIENT).ask(b"a").unwrap(), b"right");
        let begin = Instant::now();
        let said = line(asker(addr, SHORT).ask(b"b"));
        assert_eq!(said, format!("{addr}: no answer in 0.2 s"));
        assert!(begin.elapsed() >= SHORT);
    });
}

#[test]
fn a_late_answer_is_not_the_answer_to_the_next_question() {
    let (server, addr) = socket();
    let mut asker = asker(addr, SHORT);
    line(asker.ask(b"first"));
    let (_, first_port) = question(&server);
    asker.timeout = PATIENT;
    thread::scope(|scope| {
        scope.spawn(|| {
            let (question, client) = question(&server);
            server.send_to(b"late", first_port).unwrap();
            server.send_to(&question, client).unwrap();
        });
        assert_eq!(asker.ask(b"second").unwrap(), b"second");
    });
}

#[test]
fn a_second_answer_is_not_the_answer_to_the_next_question() {
    let (server, addr) = socket();
    let mut asker = asker(addr, PATIENT);
    thread::scope(|scope| {
        let twice = scope.spawn(|| {
            let (question, client) = question(&server);
            server.send_to(&question, client).unwrap();
            server.send_to(b"again", client).unwrap();
        });
        assert_eq!(asker.ask(b"first").unwrap(), b"first");
        twice.join().unwrap();
        scope.spawn(|| {
            let (question, client) = question(&server);
            server.send_to(&question, client).unwrap();
        });
        assert_eq!(asker.ask(b"second").unwrap(), b"second");
    });
}

#[test]
fn what_came_unasked_can_be_read() {
    let (server, addr) = socket();
    let mut asker = asker(addr, PATIENT);
    assert_eq!(asker.unasked(), None);
    thread::scope(|scope| {
        let more = scope.spawn(|| {
            let (question, client) = question(&server);
            for message in [&question[..], b"and", b""] {
                server.send_to(message, client).unwrap();
            }
        });
        assert_eq!(asker.ask(b"first").unwrap(), b"first");
        more.join().unwrap();
    });
    assert_eq!(asker.unasked().unwrap(), b"and");
    assert_eq!(asker.unasked().unwrap(), b"");
    assert_eq!(asker.unasked(), None);
}

#[test]
fn a_port_where_nobody_listens_is_refused_and_asked_again_next_time() {
    let (_nobody, addr) = nobody();
    let mut asker = asker(addr, PATIENT);
    for question in [b"1", b"2"] {
        let (asked, error) = asker.ask(question).unwrap_err();
        assert_eq!((asked, error.kind()), (addr, ErrorKind::ConnectionRefused));
    }
}

#[test]
fn the_addresses_of_a_name_are_tried_in_order_and_the_one_that_answers_is_kept() {
    let (nobody, silent) = (nobody(), socket());
    let (server, addr) = socket();
    let mut asker = asker(addr, SHORT * 3);
    asker.candidates = vec![nobody.1, silent.1, addr];
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..2 {
                let (question, client) = question(&server);
                server.send_to(&question, client).unwrap();
            }
        });
        assert_eq!(asker.ask(b"first").unwrap(), b"first");
        assert_eq!(asker.ask(b"second").unwrap(), b"second");
    });
    assert_eq!(question(&silent.0).0, b"first");
    silent.0.set_nonblocking(true).unwrap();
    assert_eq!(
        silent.0.recv(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock,
        "it was asked again"
    );
    assert_eq!(asker.candidates, [addr]);
}

#[test]
fn a_question_over_the_limit_is_not_sent() {
    let (server, addr) = socket();
    let said = line(asker(addr, PATIENT).ask(&[0; crate::LARGEST + 1]));
    assert_eq!(
        said,
        format!("{addr}: datagram of 65508 bytes is over the limit of 65507")
    );
    server.set_nonblocking(true).unwrap();
    assert_eq!(
        server.recv_from(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
}
