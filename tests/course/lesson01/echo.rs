//! `server` and `client`, each against a peer of the test's own, and both together.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::process::Stdio;
use std::time::Duration;

use super::*;

#[test]
fn each_line_is_one_message_and_q_quits() {
    let server = server(&["server"]);
    let said = client(
        &["client"],
        server.addr(),
        "hello\n\nstraße, 你好\r\n q\nq\nnever\n".as_bytes(),
    );
    ended(&said, 0, "HELLO\nSTRAßE, 你好\n Q\n", "");
    // The last line counts without its end, and the end of the input ends the client.
    ended(
        &client(&["client", "--wire", "python"], server.addr(), b"last"),
        0,
        "LAST\n",
        "",
    );
    ended(&client(&["client"], server.addr(), b""), 0, "", "");
}

#[test]
fn any_bytes_travel_and_what_a_terminal_would_obey_is_spelled_out() {
    let server = server(&["server"]);
    let said = client(
        &["client"],
        server.addr(),
        b"\x1b[2Ja\xff\xe4\xbd\r\xe5\xa5\xbd\n",
    );
    ended(&said, 0, "\\u{1b}[2JA\u{fffd}\u{fffd}\\u{d}好\n", "");
    let mut stream = connect(server.addr());
    let all: Vec<u8> = (0..=255).collect();
    stream.write_all(&all).unwrap();
    assert_eq!(read(&mut stream, 256), all.to_ascii_uppercase());
}

#[test]
fn a_line_that_no_buffer_holds_is_answered_whole() {
    let server = server(&["server"]);
    let lines = format!("{}\nshort\n{}\n", "x".repeat(1 << 20), "y".repeat(15 << 20));
    let said = client(&["client", "--idle", "30"], server.addr(), lines.as_bytes());
    assert!(
        said.status.success() && said.stderr.is_empty(),
        "{}",
        said.err()
    );
    assert!(said.out() == lines.to_uppercase());
}

#[test]
fn the_next_message_leaves_only_after_the_answer_to_the_last() {
    let (listener, addr) = listener();
    let mut client = Running::start(client_of(&["client"], addr));
    client.send(b"one\ntwo\n");
    let mut stream = accept(&listener);
    assert_eq!(read(&mut stream, 3), b"one");
    stream.write_all(b"ON").unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    assert!(
        stream.read(&mut [0; 9]).is_err(),
        "it went on after two bytes of three"
    );
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(b"E").unwrap();
    assert_eq!(read(&mut stream, 3), b"two");
    stream.write_all(b"TWO").unwrap();
    ended(&client.finish(), 0, "ONE\nTWO\n", "");
    assert_eq!(read_all(&mut stream), b"");
}

#[test]
fn a_server_that_leaves_is_an_error_with_its_address() {
    for (answer, shown, why) in [
        (
            &b""[..],
            "",
            "the server closed the connection without an answer",
        ),
        (
            b"hi",
            "hi\n",
            "the server closed the connection after 2 of 6 bytes",
        ),
    ] {
        let (listener, addr) = listener();
        let mut client = Running::start(client_of(&["client"], addr));
        client.send(b"hello!\n");
        let mut stream = accept(&listener);
        assert_eq!(read(&mut stream, 6), b"hello!");
        stream.write_all(answer).unwrap();
        drop(stream);
        ended(
            &client.finish(),
            1,
            shown,
            &format!("error: {addr}: {why}\n"),
        );
    }
}

#[test]
fn a_server_that_resets_or_says_nothing_is_told_apart() {
    let (listener, addr) = listener();
    let mut client = Running::start(client_of(&["client"], addr));
    client.send(b"hello!\n");
    let stream = accept(&listener);
    stream.peek(&mut [0; 1]).unwrap();
    drop(stream); // with bytes unread
    ended(
        &client.finish(),
        1,
        "",
        &format!("error: {addr}: the connection was reset by the peer\n"),
    );

    let mut client = Running::start(client_of(&["client", "--idle", "0.2"], addr));
    client.send(b"hello!\n");
    let _stream = accept(&listener);
    ended(
        &client.finish(),
        1,
        "",
        &format!("error: {addr}: no answer in 0.2 s\n"),
    );
}

#[test]
fn a_closed_stdout_ends_a_client_quietly() {
    let server = server(&["server"]);
    let mut command = client_of(&["client"], server.addr());
    let (reader, writer) = std::io::pipe().unwrap();
    command
        .stdin(Stdio::piped())
        .stdout(writer)
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop((command, reader)); // nobody will ever read
    child
        .stdin
        .take()
        .unwrap()
        .write_all(b"hello\nworld\n")
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}

#[test]
fn a_half_closed_client_is_answered_to_the_end() {
    let server = server(&["server"]);
    let mut stream = connect(server.addr());
    stream.write_all(b"all there is").unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(read_all(&mut stream), b"ALL THERE IS");
    let peer = stream.local_addr().unwrap();
    server.logs(&format!("{peer}: closed after 12 bytes"));
}

#[test]
fn the_second_client_is_connected_at_once_and_served_after_the_first() {
    let server = server(&["server"]);
    let mut first = connect(server.addr());
    let mut second = connect(server.addr());
    second.write_all(b"second").unwrap();
    first.write_all(b"first").unwrap();
    assert_eq!(read(&mut first, 5), b"FIRST");
    second
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    assert!(
        second.read(&mut [0; 9]).is_err(),
        "it was served beside the first"
    );
    second.set_read_timeout(Some(PATIENCE)).unwrap();
    drop(first);
    assert_eq!(read(&mut second, 6), b"SECOND");
}

#[test]
fn silence_ends_after_the_idle_time_and_the_next_client_is_served() {
    let server = server(&["server", "--idle", "0.2"]);
    let mut silent = connect(server.addr());
    let mut next = connect(server.addr());
    next.write_all(b"x").unwrap(); // it waits in the server's buffers
    assert_eq!(read_all(&mut silent), b"");
    assert_eq!(read(&mut next, 1), b"X");
    assert_eq!(
        read_all(&mut next),
        b"",
        "silence after a message is silence too"
    );
    let peer = silent.local_addr().unwrap();
    server.logs(&format!(
        "{peer}: silent for 0.2 s, or not reading for 0.2 s; closed by us"
    ));
}

#[test]
fn a_client_that_never_reads_does_not_hold_up_the_next() {
    let server = server(&["server", "--idle", "0.5"]);
    let mut deaf = connect(server.addr());
    let peer = deaf.local_addr().unwrap();
    deaf.set_write_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    while deaf.write(&[b'x'; 65_536]).is_ok() {} // until its own buffers and the server's are full
    let mut next = connect(server.addr());
    next.write_all(b"next").unwrap();
    assert_eq!(read(&mut next, 4), b"NEXT");
    server.logs(&format!("{peer}: silent for "));
}

#[test]
fn one_listener_serves_both_kinds_of_client() {
    let mut command = lesson01(&["server", "--addr", "[::]:0"]);
    command.current_dir(workspace());
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        cli::log("skipped: this machine has no IPv6");
        return;
    }
    let server = Server::launch(command);
    let port = server.addr().port();
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        let mut command = lesson01(&["client", "--addr", &format!("{host}:{port}")]);
        command.current_dir(workspace());
        ended(&run(command, b"hello\n"), 0, "HELLO\n", "");
    }
}

#[test]
#[cfg(unix)]
fn a_stopped_and_continued_program_goes_on_waiting() {
    use rustix::process::{Pid, Signal, kill_process};
    // On Linux a stop makes a read with a timeout return EINTR, handler or not (signal(7)).
    let pause = |running: &Running| {
        let pid = Pid::from_raw(i32::try_from(running.id()).unwrap()).unwrap();
        kill_process(pid, Signal::STOP).unwrap();
        kill_process(pid, Signal::CONT).unwrap();
    };
    let mut server = server(&["server"]);
    let mut stream = connect(server.addr());
    stream.write_all(b"one").unwrap();
    assert_eq!(read(&mut stream, 3), b"ONE");
    for _ in 0..20 {
        pause(server.running());
        stream.write_all(b"two").unwrap();
        assert_eq!(read(&mut stream, 3), b"TWO");
    }

    let (listener, addr) = listener();
    let mut client = Running::start(client_of(&["client"], addr));
    client.send(b"hello\n");
    let mut stream = accept(&listener);
    assert_eq!(read(&mut stream, 5), b"hello");
    for byte in b"HELLO" {
        pause(&client);
        stream.write_all(&[*byte]).unwrap();
    }
    ended(&client.finish(), 0, "HELLO\n", "");
}

#[test]
fn each_connection_is_traced() {
    let folder = tempfile::tempdir().unwrap();
    let svg = folder.path().join("trace.svg");
    let mut server = server(&["server", "--trace"]);
    let files = ["--trace-svg", svg.to_str().unwrap()];
    let said = client(
        &[&["client", "--trace"], &files[..]].concat(),
        server.addr(),
        b"hello\n",
    );
    assert_eq!(said.out(), "HELLO\n");
    // How wide the columns are is the drawing's business.
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let drawn = words(&said.err());
    for part in [
        "client connect",
        "client write 5 bytes",
        "“hello”",
        "client read 5 bytes",
        "client close",
        "FIN",
    ] {
        assert!(drawn.contains(part), "{part}\n{drawn}");
    }
    let svg = std::fs::read_to_string(svg).unwrap();
    assert!(svg.starts_with("<svg"));
    assert_eq!(svg.matches("<circle").count(), 4);
    let log = server.running().stderr.wait(PATIENCE, |bytes, _| {
        let log = words(&String::from_utf8_lossy(bytes));
        log.contains("closed after 5 bytes").then_some(log) // it stands after the drawing
    });
    let log = log.unwrap();
    assert!(
        log.contains("server read 5 bytes") && log.contains("end of the stream"),
        "{log}"
    );
}

#[test]
fn ctrl_c_ends_both_without_a_trace_of_a_crash() {
    let server = server(&["server"]);
    let mut client = Running::start(client_of(&["client"], server.addr()));
    client.send(b"hello\n");
    assert!(client.stdout.line(PATIENCE, "HELLO").is_some());
    client.interrupt();
    let finished = client.finish();
    assert!(
        finished.was_interrupted() && finished.err().is_empty(),
        "{finished}"
    );
    let finished = server.stop();
    assert!(
        finished.was_interrupted() && !finished.err().contains("panic"),
        "{finished}"
    );
}

#[test]
fn a_server_outlives_its_stdin_and_its_stdout() {
    for scene in ["server", "talk-server"] {
        let mut command = lesson01(&[scene, "--addr", "127.0.0.1:0"]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = Unheard::start(command);
        let mut stream = connect(child.listens());
        for _ in 0..3 {
            stream.write_all(b"hello").unwrap();
            if scene == "server" {
                assert_eq!(read(&mut stream, 5), b"HELLO");
            }
        }
        stream.shutdown(Shutdown::Write).unwrap();
        assert_eq!(read_all(&mut stream), b"");
        assert!(child.0.try_wait().unwrap().is_none(), "{scene} has ended");
    }
}
