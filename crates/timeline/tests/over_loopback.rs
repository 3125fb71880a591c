//! Real threads over loopback: the same program gives the same drawing.
#![cfg(test)]
#![forbid(unsafe_code)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::thread;

use timeline::{Call, Part, Recorder};

#[test]
fn one_exchange_is_drawn() {
    let recorder = Recorder::joined().with_layout(|_, total| {
        if total > 20 {
            vec![
                Part::big_endian("length", 4),
                Part::new("JSON header", total - 4),
            ]
        } else {
            vec![]
        }
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (stream, _) = recorder
                .calling("server", Call::Accept, || listener.accept())
                .unwrap();
            let mut stream = recorder.stream("server", stream);
            let mut four = [0; 4];
            stream.read_exact(&mut four).unwrap();
            let mut header = vec![0; u32::from_be_bytes(four) as usize];
            stream.read_exact(&mut header).unwrap();
            recorder.note("server", "looks for 你好.txt");
            stream.write_all(b"no such file\n").unwrap();
            assert_eq!(stream.read(&mut four).unwrap(), 0);
            stream.close();
        });
        let stream = recorder
            .calling("client", Call::Connect, || TcpStream::connect(addr))
            .unwrap();
        let mut stream = recorder.stream("client", stream);
        let header = r#"{"op":"get","name":"你好.txt"}"#.as_bytes();
        stream
            .write_all(&(header.len() as u32).to_be_bytes())
            .unwrap();
        stream.write_all(header).unwrap();
        let mut answer = [0; 13];
        stream.read_exact(&mut answer).unwrap();
        stream.close();
    });
    let text = recorder.recording().text();
    assert!(text.contains("length        4  00 00 00 20 = 32"), "{text}");
    assert!(text.contains("end of the stream"), "{text}");
}

#[test]
fn a_cut_datagram_is_drawn() {
    let recorder = Recorder::every_call();
    let a = recorder.datagram("client", UdpSocket::bind("127.0.0.1:0").unwrap());
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let b = recorder.datagram("server", &socket); // a borrowed socket is heard as well
    a.send_to(b"hello", b.get_ref().local_addr().unwrap())
        .unwrap();
    let mut one = [0; 1];
    assert_eq!(b.recv_from(&mut one).unwrap().0, 1);
    assert!(recorder.recording().text().contains("cut: 4 bytes lost"));
}

#[test]
fn a_close_says_fin_only_if_it_sends_one_and_a_failed_write_sends_nothing() {
    // What stands behind a client's `close` (and its write before that), after the server has reset the connection.
    let drawn = |before_the_close: &dyn Fn(&Recorder, &mut timeline::Tap<TcpStream>)| {
        let recorder = Recorder::every_call().with_sides(&["client", "server"]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let mut client = recorder.stream("client", stream);
        let (server, _) = listener.accept().unwrap();
        client.write_all(b"unread").unwrap();
        server.peek(&mut [0]).unwrap();
        drop(server); // with bytes unread: a reset
        before_the_close(&recorder, &mut client);
        client.close();
        recorder.recording().text()
    };
    let sends = |line: Option<&str>| line.is_some_and(|line| line.contains('▶'));

    let at_once = drawn(&|_, _| {});
    assert!(
        sends(at_once.lines().last()) && at_once.ends_with("FIN\n"),
        "{at_once}"
    );
    let after_a_half_close = drawn(&|recorder, _| recorder.call("client", Call::ShutdownWrite));
    assert!(
        !sends(after_a_half_close.lines().last()),
        "{after_a_half_close}"
    );
    let after_a_reset = drawn(&|_, client| {
        assert!(client.read(&mut [0]).is_err());
        assert!(client.write(b"x").is_err());
    });
    assert!(
        !after_a_reset.contains("FIN") && !sends(after_a_reset.lines().last()),
        "{after_a_reset}"
    );
    assert!(
        !sends(
            after_a_reset
                .lines()
                .find(|line| line.contains("broken pipe"))
        ),
        "{after_a_reset}"
    );
}
