//! `hello-server` and `hello`, `talk-server` and `talk`.

use std::io::Write;
use std::net::Shutdown;

use super::*;

/// A server that ends by itself, and where it listens.
fn hello_server(args: &[&str]) -> (Running, SocketAddr) {
    let server = Running::start(lesson01(
        &[&["hello-server", "--addr", "127.0.0.1:0"], args].concat(),
    ));
    let addr = server
        .stdout
        .line(PATIENCE, "listening on ")
        .unwrap()
        .parse()
        .unwrap();
    (server, addr)
}

#[test]
fn hello_is_answered_hi_and_both_go_home() {
    let (server, addr) = hello_server(&[]);
    ended(&client(&["hello"], addr, b""), 0, "hi\n", "");
    ended(
        &server.finish(),
        0,
        &format!("listening on {addr}\nhello!\n"),
        "",
    );
}

#[test]
fn whoever_comes_second_to_a_hello_server_is_refused_at_once() {
    let (server, addr) = hello_server(&[]);
    let mut first = connect(addr);
    let refused = deadline::until(PATIENCE, || {
        TcpStream::connect_timeout(&addr, PATIENCE).err()
    });
    assert_eq!(
        refused.map(|error| error.kind()),
        Some(std::io::ErrorKind::ConnectionRefused)
    );
    first.write_all(b"hello!").unwrap();
    assert_eq!(read_all(&mut first), b"hi");
    assert_eq!(server.finish().code(), 0);
}

#[test]
fn hello_takes_whatever_one_read_gives() {
    let (listener, addr) = listener();
    let client = Running::start(client_of(&["hello"], addr));
    let mut stream = accept(&listener);
    assert_eq!(read(&mut stream, 6), b"hello!");
    stream.write_all("\x1b[1m你好".as_bytes()).unwrap();
    ended(&client.finish(), 0, "\\u{1b}[1m你好\n", "");
}

#[test]
fn a_hello_without_an_answer_is_an_error() {
    let (listener, addr) = listener();
    let client = Running::start(client_of(&["hello"], addr));
    let mut stream = accept(&listener);
    assert_eq!(read(&mut stream, 6), b"hello!");
    drop(stream);
    let why = "the server closed the connection without an answer";
    ended(&client.finish(), 1, "", &format!("error: {addr}: {why}\n"));
}

#[test]
fn a_client_without_a_word_is_served_too_and_a_silent_one_is_an_error() {
    let (server, addr) = hello_server(&[]);
    let stream = connect(addr);
    let peer = stream.local_addr().unwrap();
    drop(stream);
    let said = format!("listening on {addr}\n");
    ended(
        &server.finish(),
        0,
        &said,
        &format!("{peer}: closed without a word\n"),
    );

    let (server, addr) = hello_server(&["--idle", "0.2"]);
    let stream = connect(addr);
    let peer = stream.local_addr().unwrap();
    let said = format!("listening on {addr}\n");
    ended(
        &server.finish(),
        1,
        &said,
        &format!("error: {peer}: silent for 0.2 s\n"),
    );
    drop(stream);
}

#[test]
fn two_people_talk_and_each_answer_is_one_line_of_the_pipe() {
    let mut server = server(&["talk-server"]);
    server.running().send("你好\n\nfine\r\n".as_bytes());
    let said = client(
        &["talk"],
        server.addr(),
        "hello\n\nhow are you?\n".as_bytes(),
    );
    ended(&said, 0, "你好\nfine\n", "");
    // The lines go on with the next client; when they end, the server only listens.
    server.running().send(b"last\n");
    server.running().close_stdin();
    ended(&client(&["talk"], server.addr(), b"q\n"), 0, "last\n", "");
    let said = client(&["talk", "--idle", "0.3"], server.addr(), b"anybody?\x07\n");
    ended(
        &said,
        1,
        "",
        &format!("error: {}: no answer in 0.3 s\n", server.addr()),
    );
    assert!(
        server
            .running()
            .stdout
            .line(PATIENCE, "anybody?\\u{7}")
            .is_some()
    );
    let shown = server.running().stdout.text();
    assert!(
        shown.ends_with("\nhello\nhow are you?\nq\nanybody?\\u{7}\n"),
        "{shown}"
    );
}

#[test]
fn one_who_has_half_closed_still_hears_the_answer() {
    let mut server = server(&["talk-server"]);
    let mut stream = connect(server.addr());
    stream.write_all(b"a question").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert!(
        server
            .running()
            .stdout
            .line(PATIENCE, "a question")
            .is_some()
    );
    server.running().send(b"an answer\n");
    assert_eq!(read_all(&mut stream), b"an answer");
}

#[test]
fn a_script_without_a_reply_does_not_hold_up_others_for_ever() {
    let mut server = server(&["talk-server", "--idle", "1"]); // its stdin stays open and says nothing
    let mut stream = connect(server.addr());
    stream.write_all(b"one").unwrap();
    assert_eq!(read_all(&mut stream), b"");
    let peer = stream.local_addr().unwrap();
    server.logs(&format!("{peer}: no reply on stdin in 1 s"));
    let mut next = connect(server.addr());
    server.running().send(b"hi\n");
    next.write_all(b"two").unwrap();
    assert_eq!(read(&mut next, 2), b"hi");
}

#[test]
fn talk_ends_when_the_other_end_leaves() {
    let (listener, addr) = listener();
    let mut client = Running::start(client_of(&["talk"], addr));
    client.send(b"hello\nagain\n");
    let mut stream = accept(&listener);
    assert_eq!(read(&mut stream, 5), b"hello");
    stream.write_all(b"hi").unwrap();
    assert_eq!(read(&mut stream, 5), b"again");
    drop(stream);
    let why = "the server closed the connection without an answer";
    ended(
        &client.finish(),
        1,
        "hi\n",
        &format!("error: {addr}: {why}\n"),
    );
}
