//! The chat and its server, each against a socket of the test's own, and both together.

use super::*;

#[test]
fn a_chat_goes_from_name_to_name() {
    let (host, addr) = socket();
    let (other, other_addr) = socket();
    let contact = format!("bob={other_addr}");
    let mut chat = Running::start(lesson02(&[
        "chat",
        "--addr",
        &addr.to_string(),
        "--contact",
        &contact,
    ]));
    let mut buffer = [0; 99];
    let mut hear = |socket: &UdpSocket| {
        let (size, peer) = socket.recv_from(&mut buffer).unwrap();
        (buffer[..size].to_vec(), peer)
    };

    chat.send("金老板\n\n你好\n".as_bytes());
    let (message, peer) = hear(&host);
    assert_eq!(message, "你好".as_bytes(), "a blank line is not sent");
    host.send_to(b"\x1b[2J1\n2", peer).unwrap();
    assert!(chat.stdout.line(PATIENCE, "\\u{1b}[2J1\\u{a}2").is_some());

    // A second answer is shown before the next message goes out, and is not the answer to it.
    host.send_to(b"and", peer).unwrap();
    chat.send(b"again\n");
    let (message, peer) = hear(&host);
    assert_eq!(message, b"again");
    other.send_to(b"a stranger", peer).unwrap();
    host.send_to(b"yes", peer).unwrap();
    assert!(chat.stdout.line(PATIENCE, "yes").is_some());

    chat.send(b"q\neve\nbob\nhello\n");
    let (message, peer) = hear(&other);
    assert_eq!(message, b"hello");
    other.send_to(b"", peer).unwrap();
    ended(
        &chat.finish(),
        0,
        "\\u{1b}[2J1\\u{a}2\nand\nyes\n\n",
        "no contact `eve`: choose one of 金老板, 哪吒, egg, yuan, bob\n",
    );
}

#[test]
fn lines_of_a_pipe_answer_one_message_each() {
    let mut server = server(&["chat-server"]);
    server.running().send("一\n\n三\n".as_bytes());
    for wanted in ["一", "", "三"] {
        // A new port each time: the answer goes to whoever wrote last.
        assert_eq!(ask(server.addr(), b"hi\x07"), wanted.as_bytes());
    }
    // Without a line the message is shown all the same, and the end of the lines is not the end of the server.
    let (late, _) = socket();
    late.send_to(b"last but one", server.addr()).unwrap();
    assert!(
        server
            .running()
            .stdout
            .line(PATIENCE, "last but one")
            .is_some()
    );
    server.running().close_stdin();
    late.send_to(b"last", server.addr()).unwrap();
    assert!(server.running().stdout.line(PATIENCE, "last").is_some());
    let wanted = format!(
        "listening on {}\nhi\\u{{7}}\nhi\\u{{7}}\nhi\\u{{7}}\nlast but one\n",
        server.addr()
    );
    assert!(
        server.running().stdout.text().starts_with(&wanted),
        "{}",
        server.running().stdout.text()
    );
}

#[test]
fn two_who_write_at_once_get_an_answer_each() {
    for _ in 0..20 {
        let mut server = server(&["chat-server"]);
        server.running().send(b"1\n2\n");
        let both = [socket(), socket()];
        for (socket, _) in &both {
            socket.send_to(b"hi", server.addr()).unwrap();
        }
        let mut buffer = [0; 9];
        for ((socket, _), wanted) in both.iter().zip([b"1", b"2"]) {
            let size = socket.recv(&mut buffer).unwrap();
            assert_eq!(&buffer[..size], wanted);
        }
    }
}

#[test]
fn a_line_that_comes_late_answers_the_message_that_waits_for_it() {
    let mut server = server(&["chat-server"]);
    let ((early, _), (last, _)) = (socket(), socket());
    early.send_to(b"first", server.addr()).unwrap();
    assert!(server.running().stdout.line(PATIENCE, "first").is_some());
    last.send_to(b"second", server.addr()).unwrap();
    server.running().send(b"answer\n");
    let mut buffer = [0; 9];
    let size = early.recv(&mut buffer).unwrap();
    assert_eq!(&buffer[..size], b"answer");
    // Only now the second is heard. A line that is too long is no answer, and the next line is the next message's.
    assert!(server.running().stdout.line(PATIENCE, "second").is_some());
    last.send_to(b"third", server.addr()).unwrap();
    let line = [&[b'x'; LARGEST + 1][..], b"\nagain\n"].concat();
    server.running().send(&line);
    assert_eq!(last.recv(&mut buffer).unwrap(), 5);
    let over = format!(
        "{}: datagram of 65508 bytes is over the limit of 65507",
        last.local_addr().unwrap()
    );
    assert_eq!(server.logs("error: "), over);
}

/// A system that gives no thread (`ulimit -u`) cannot hurt who needs none.
#[cfg(target_os = "linux")]
#[test]
fn a_chat_and_its_server_are_one_thread_each() {
    let mut server = server(&["chat-server"]);
    let mut chat = Running::start(lesson02(&["chat", "--addr", &server.addr().to_string()]));
    chat.send(b"egg\nhi\n");
    assert!(server.running().stdout.line(PATIENCE, "hi").is_some());
    for id in [server.running().id(), chat.id()] {
        let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
        assert_eq!(threads.count(), 1);
    }
}

#[test]
fn chat_and_chat_server_talk_to_each_other() {
    let mut server = server(&["chat-server"]);
    server.running().send(b"hi egg\nbye\n");
    let said = client(&["chat"], server.addr(), b"egg\nhello\nq\nyuan\nciao\n");
    ended(&said, 0, "hi egg\nbye\n", "");
}

#[test]
fn a_server_goes_on_when_nobody_reads_its_stdout_and_stdin_has_ended() {
    let mut command = lesson02(&["chat-server", "--addr", "127.0.0.1:0"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = Unheard::start(command);
    let addr = child.listens();
    child
        .0
        .stdin
        .take()
        .unwrap()
        .write_all(b"one\ntwo\n")
        .unwrap(); // and its end
    assert_eq!(ask(addr, b"hi"), b"one");
    assert_eq!(ask(addr, b"hi"), b"two");
    let (late, _) = socket();
    late.send_to(b"hi", addr).unwrap();
    assert!(child.0.try_wait().unwrap().is_none());
}
