//! Both wires, all models: what a message gets.

use std::io::{Read, Write};
use std::net::{Shutdown, UdpSocket};

use tests::deadline::PATIENCE;

use super::{
    MODELS, answer_to_hi, back_to, connect, descriptors_and_threads, framed, greet, scene, serve,
};

#[test]
fn every_model_answers_both_wires_chinese_included() {
    for model in MODELS {
        for wire in ["course", "python"] {
            let server = serve(&["server", "--model", model, "--wire", wire]);
            let finished = scene(
                &server,
                &["client", "--wire", wire],
                "北鼻\nhi\n".as_bytes(),
            );
            let wanted =
                "我已收到您的请求[北鼻],感谢您的关注!\n我已收到您的请求[hi],感谢您的关注!\n";
            assert_eq!(finished.out(), wanted, "{model} {wire}: {finished}");
            assert_eq!(finished.code(), 0);
            let log = server.logs("127.0.0.1:");
            assert!(log.contains(": closed by the client ("), "{log}");
        }
    }
}

#[test]
fn an_empty_message_is_one_where_it_can_be_sent() {
    let server = serve(&["server"]);
    let finished = scene(&server, &["client"], b"\n");
    assert_eq!(finished.out(), "我已收到您的请求[],感谢您的关注!\n");
    let server = serve(&["server", "--wire", "python"]);
    let finished = scene(&server, &["client", "--wire", "python"], b"\n");
    assert_eq!((finished.out().as_str(), finished.code()), ("", 0));
}

#[test]
fn an_unframed_message_over_1024_bytes_is_refused_and_the_next_is_sent() {
    let server = serve(&["server", "--wire", "python"]);
    let said = format!("{}\nhi\n", "x".repeat(1025));
    let finished = scene(&server, &["client", "--wire", "python"], said.as_bytes());
    assert_eq!(finished.out(), "我已收到您的请求[hi],感谢您的关注!\n");
    assert_eq!(finished.code(), 1);
    assert!(finished.err().contains("1025 bytes"), "{finished}");
}

#[test]
fn a_reset_after_every_byte_of_a_request_or_an_answer_harms_nobody() {
    let mut server = serve(&["server"]);
    greet(&mut connect(&server));
    let base = descriptors_and_threads(&mut server);
    let (request, answer) = (framed(b"hi"), answer_to_hi());
    let reset = |stream: std::net::TcpStream| {
        let linger = socket2::SockRef::from(&stream).set_linger(Some(std::time::Duration::ZERO));
        linger.unwrap();
    };
    for cut in 0..=request.len() {
        let mut stream = connect(&server);
        stream.write_all(&request[..cut]).unwrap();
        reset(stream);
    }
    for cut in 1..=answer.len() {
        let mut stream = connect(&server);
        stream.write_all(&request).unwrap();
        stream.read_exact(&mut vec![0; cut]).unwrap();
        reset(stream);
    }
    greet(&mut connect(&server));
    back_to(base, &mut server);
}

#[test]
fn a_lying_length_ends_its_connection_with_a_line() {
    let server = serve(&["server"]);
    let mut stream = connect(&server);
    stream.write_all(&[0xff; 4]).unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    let log = server.logs("127.0.0.1:");
    assert!(
        log.contains("frame of 4294967295 bytes is over the limit of 1048576"),
        "{log}"
    );
    greet(&mut connect(&server));
}

#[test]
fn a_half_closed_client_still_gets_its_answer() {
    let server = serve(&["server"]);
    let mut stream = connect(&server);
    stream.write_all(&framed(b"hi")).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert_eq!(answer, answer_to_hi());
}

#[test]
fn each_datagram_gets_the_sentence() {
    let server = serve(&["udp-server"]);
    let finished = scene(&server, &["udp-client"], "北鼻\n\n".as_bytes());
    let wanted = "我已收到您的请求[北鼻],感谢您的关注!\n我已收到您的请求[],感谢您的关注!\n";
    assert_eq!(
        (finished.out().as_str(), finished.code()),
        (wanted, 0),
        "{finished}"
    );

    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket.send_to(&[b'x'; 65_490], server.addr()).unwrap();
    let log = server.logs("127.0.0.1:");
    assert!(
        log.ends_with("datagram of 65536 bytes is over the limit of 65507"),
        "{log}"
    );
    socket.send_to(b"a\xffb", server.addr()).unwrap();
    let mut answer = [0; 100];
    let count = socket.recv(&mut answer).unwrap();
    let answer = std::str::from_utf8(&answer[..count]).unwrap();
    assert_eq!(answer, "我已收到您的请求[a\u{fffd}b],感谢您的关注!");
}
