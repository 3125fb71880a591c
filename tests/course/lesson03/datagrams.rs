//! `udp-command-server` and `udp-run`: never sticks, breaks when the result is too big.

use std::net::UdpSocket;
use std::process::Command;

use tests::deadline::PATIENCE;
use tests::programs::{Finished, Running, Server, program, run};

use super::client;

/// Its line names an address that datagrams go to.
fn server(args: &[&str]) -> Server {
    super::server("udp-command-server", args)
}

fn run_on(server: &Server, args: &[&str], stdin: &[u8]) -> Finished {
    run(client(&[&["udp-run"], args].concat(), server), stdin)
}

#[test]
fn two_datagrams_answer_each_command_stderr_first() {
    let server = server(&[]);
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let ask = |command: &[u8]| {
        socket.send_to(command, server.addr()).unwrap();
        [(); 2].map(|()| {
            let mut room = [0; 65_536];
            let (size, from) = socket.recv_from(&mut room).unwrap();
            assert_eq!(from, server.addr());
            String::from_utf8(room[..size].to_vec()).unwrap()
        })
    };
    assert_eq!(ask(b"echo hi"), ["", "hi\n"]);
    assert_eq!(ask(b"true"), ["", ""]);
    let [errors, output] = ask(b"rm x");
    assert!(
        errors.starts_with("not allowed: rm ") && output.is_empty(),
        "{errors}{output}"
    );
    assert!(ask(&[b'x'; 1025])[0].contains("command of 1025 bytes is over the limit of 1024"));
    assert_eq!(ask(b"echo on"), ["", "on\n"]);
}

#[test]
fn answers_never_stick_and_one_that_is_too_big_never_comes() {
    let server = server(&[]);
    let commands = b"seq 400\necho hi\ntrue\nseq 20000\necho on\n";
    let finished = run_on(&server, &["--timeout", "1"], commands);
    let first: String = (1..=400).map(|number| format!("{number}\n")).collect();
    assert_eq!(finished.out(), first + "hi\non\n");
    assert_eq!(finished.status.code(), Some(1));
    assert!(
        finished
            .err()
            .ends_with(&format!("error: {}: no answer in 1 s\n", server.addr())),
        "{finished}"
    );
    let log = server.stop().err();
    assert!(
        log.contains("stdout not sent: datagram of 108894 bytes is over the limit of 65507\n"),
        "{log}"
    );
}

#[test]
fn a_long_command_is_shown_by_its_beginning_at_both_ends() {
    let server = server(&[]);
    let finished = run_on(&server, &[], &[b'x'; 1025]);
    let beginning = "x".repeat(200);
    let line =
        format!("error: {beginning}...: command of 1025 bytes: an unframed one has 1 to 1024\n");
    assert!(finished.err().ends_with(&line), "{finished}");

    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.send_to(&[b'x'; 1000], server.addr()).unwrap();
    let line = server.logs(&format!("{}: run ", socket.local_addr().unwrap()));
    assert_eq!(line, format!("{beginning}...: status 126"));
}

#[test]
fn stderrs_datagram_is_printed_before_stdouts_byte_for_byte() {
    let peer = UdpSocket::bind("127.0.0.1:0").unwrap();
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut command = Command::new(program("lesson03"));
    command.args([
        "udp-run",
        "--addr",
        &peer.local_addr().unwrap().to_string(),
        "--",
        "x",
        "y",
    ]);
    let running = Running::start(command);
    let mut room = [0; 64];
    let (size, from) = peer.recv_from(&mut room).unwrap();
    assert_eq!(&room[..size], b"x y");
    // Somebody else's datagram is not an answer.
    UdpSocket::bind("127.0.0.1:0")
        .unwrap()
        .send_to(b"forged", from)
        .unwrap();
    peer.send_to(b"err\xff", from).unwrap();
    peer.send_to(b"out\r\n", from).unwrap();
    let finished = running.finish();
    assert_eq!(
        (finished.stdout.as_slice(), finished.status.code()),
        (&b"err\xffout\r\n"[..], Some(0))
    );
}

#[test]
fn nobody_there_is_told_with_the_next_step_and_http_gets_nothing() {
    let closed = UdpSocket::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut command = Command::new(program("lesson03"));
    command.args(["udp-run", "--addr", &closed.to_string(), "--timeout", "0.5"]);
    let finished = run(command, b"date\ndate\n");
    assert_eq!(finished.status.code(), Some(1));
    let errors = finished
        .err()
        .lines()
        .filter(|line| line.starts_with("error: "))
        .count();
    assert_eq!(errors, 2, "one line for each entry: {finished}");

    let server = server(&[]);
    let finished = run_on(&server, &["--timeout", "0.3"], b"GET / HTTP/1.1\necho on\n");
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("on\n", Some(1))
    );
}
