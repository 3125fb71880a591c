//! `command-server` and `run`: what may run, what it gives, and what a browser must never reach.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use tests::deadline::PATIENCE;
use tests::programs::{Finished, Server, program, run};

use super::wire::{Peer, framed};

fn command_server(args: &[&str]) -> Server {
    let args = [&["command-server"], args].concat();
    Server::start("lesson05", &args, Path::new("."))
}

/// Runs each line of `stdin` on `server`.
fn run_on(server: &Server, args: &[&str], stdin: &[u8]) -> Finished {
    let mut command = Command::new(program("lesson05"));
    command
        .args(["run", "--addr", &server.addr().to_string()])
        .args(args);
    run(command, stdin)
}

#[test]
fn output_is_exact_and_a_failing_last_command_is_status_one() {
    let server = command_server(&[]);
    let finished = run_on(&server, &["--", "echo", "sockets,", "unstuck"], b"");
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("sockets, unstuck\n", Some(0))
    );

    let finished = run_on(
        &server,
        &[],
        b"echo one\n\nfalse\necho 'two  words'\nquit\necho never\n",
    );
    assert_eq!(finished.out(), "one\ntwo  words\n");
    assert_eq!(
        finished.status.code(),
        Some(0),
        "the last command went well: {finished}"
    );

    let finished = run_on(&server, &[], b"echo one\nfalse");
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("one\n", Some(1))
    );
    assert_eq!(finished.err(), "error: false: status 1\n");
}

#[test]
fn a_command_off_the_list_is_answered_and_the_connection_goes_on() {
    let server = command_server(&[]);
    let finished = run_on(
        &server,
        &[],
        b"rm -rf x\n/bin/echo a\nnosuchprogram\necho 'open\necho on\n",
    );
    let out = finished.out();
    assert_eq!(
        out.lines()
            .filter(|line| line.starts_with("not allowed: "))
            .count(),
        4,
        "{finished}"
    );
    assert!(out.ends_with("\non\n"), "{finished}");
    assert!(
        finished.err().starts_with("error: rm -rf x: status 126\n"),
        "{finished}"
    );
}

#[test]
fn the_python_wire_gives_the_same_output_without_a_status() {
    let server = command_server(&["--wire", "python"]);
    let finished = run_on(
        &server,
        &["--wire", "python"],
        "echo 粘包\nfalse\nseq 3\n".as_bytes(),
    );
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("粘包\n1\n2\n3\n", Some(0))
    );
}

#[test]
fn a_command_longer_than_one_read_is_never_sent_in_parts() {
    let server = command_server(&["--wire", "python"]);
    let long = format!("echo {}\necho next\n", "x".repeat(1020));
    let finished = run_on(&server, &["--wire", "python"], long.as_bytes());
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("next\n", Some(1))
    );
    assert!(
        finished
            .err()
            .contains("command of 1025 bytes: an unframed one has 1 to 1024"),
        "{finished}"
    );
    // No bytes at all would be no command over there, and no answer here.
    let nothing = run_on(&server, &["--wire", "python", "--", ""], b"");
    assert_eq!(
        nothing.err(),
        "error: '': command of 0 bytes: an unframed one has 1 to 1024\n"
    );
    assert_eq!(nothing.status.code(), Some(1));
}

#[test]
fn gbk_is_decoded_for_show_and_encoded_for_sending() {
    let server = command_server(&["--wire", "python"]);
    // The server's echo gives the bytes back as they came: GBK both ways.
    let finished = run_on(
        &server,
        &["--wire", "python", "--encoding", "gbk"],
        "echo 粘包\n".as_bytes(),
    );
    assert_eq!(finished.out(), "粘包\n");
    let raw = run_on(
        &server,
        &["--wire", "python"],
        &[b"echo ", &[0xd5, 0xb3, 0xb0, 0xfc][..], b"\n"].concat(),
    );
    assert_eq!(raw.stdout, [0xd5, 0xb3, 0xb0, 0xfc, b'\n']);
    // A character that GBK does not have: `&#128514;` in its place would be another command.
    let refused = run_on(
        &server,
        &["--wire", "python", "--encoding", "gbk"],
        "echo next\necho 😂\n".as_bytes(),
    );
    assert_eq!(
        (refused.out().as_str(), refused.status.code()),
        ("next\n", Some(1))
    );
    assert_eq!(refused.err(), "error: echo 😂: GBK has no character 😂\n");
}

#[test]
fn gbk_is_decoded_from_a_json_answer_and_never_sent_in_a_json_command() {
    let server = command_server(&["--shell"]);
    let lines = "printf '\\325\\263'\necho 粘\necho last\n";
    let finished = run_on(&server, &["--encoding", "gbk"], lines.as_bytes());
    assert_eq!(finished.out(), "粘last\n");
    assert_eq!(
        finished.err(),
        "error: echo 粘: JSON is UTF-8; a command in GBK needs --wire python at both ends\n"
    );
}

#[test]
#[cfg(unix)]
fn with_a_shell_any_line_runs_and_signals_and_limits_are_told() {
    let server = command_server(&["--shell"]);
    for (line, status) in [
        ("exit 7", 7),
        ("kill -15 $$", -15),
        ("no-such-program-here", 127),
    ] {
        let finished = run_on(&server, &["--", line], b"");
        assert!(
            finished.err().contains(&format!("status {status}\n")),
            "{line}: {finished}"
        );
        assert_eq!(finished.status.code(), Some(1));
    }
    let finished = run_on(&server, &["--", "yes"], b"");
    assert!(
        finished.stdout.len() <= 1_048_576,
        "{} bytes",
        finished.stdout.len()
    );
    let last = finished.out().lines().last().unwrap().to_owned();
    assert!(
        last.starts_with("output cut at ") && last.ends_with(" bytes"),
        "{last}"
    );
    assert!(finished.err().contains("status -9"), "{}", finished.err());
}

#[test]
fn http_is_never_run_and_never_answered() {
    for wire in ["course", "python"] {
        let server = command_server(&["--wire", wire]);
        for method in [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
        ] {
            let mut stream = TcpStream::connect(server.addr()).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let request =
                format!("{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\necho owned\n");
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            assert_eq!(answer, b"", "{wire}: {method} was answered");
        }
        // A body that comes later than its head must not become the next command either.
        let mut stream = TcpStream::connect(server.addr()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(b"POST / HTTP/1.1\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let _ = stream.write_all(b"echo owned\n");
        assert_eq!(answer, b"");
        let finished = run_on(&server, &["--wire", wire, "--", "echo", "alive"], b"");
        assert_eq!(finished.out(), "alive\n");
        let log = server.stop().err();
        assert!(!log.contains("owned"), "{log}");
    }
}

#[test]
fn http_in_a_json_command_ends_the_connection_too() {
    let server = command_server(&[]);
    let mut peer = Peer::connect(&server);
    peer.header(r#"{"op":"run","command":"POST / HTTP/1.1"}"#);
    peer.header(r#"{"op":"run","command":"echo owned"}"#);
    assert_eq!(peer.rest(), b"");
}

#[test]
fn unframed_tls_and_zero_bytes_end_the_connection_and_the_log_tells_which() {
    let server = command_server(&["--wire", "python"]);
    for (request, told) in [
        (&b"\x16\x03\x01\x02\x00\x01"[..], "this is TLS"),
        (b"echo owned\0", "this has a zero byte"),
    ] {
        let mut peer = Peer::connect(&server);
        assert_eq!(peer.send(request).rest(), b"", "{told}");
        let log = peer.logged(&server);
        assert!(log.starts_with(told), "{log}");
    }
    let log = server.stop().err();
    assert!(!log.contains("owned"), "{log}");
}

#[test]
fn file_requests_are_refused_by_name_and_skipped() {
    let server = command_server(&[]);
    let mut peer = Peer::connect(&server);
    assert!(
        peer.header(r#"{"op":"get","name":"a"}"#)
            .refusal()
            .starts_with("unknown op")
    );
    peer.header(r#"{"op":"put","name":"a","size":4}"#)
        .send(b"abcd")
        .send(&[0; 16]);
    assert!(peer.refusal().starts_with("unknown op"));
    assert_eq!(peer.header(r#"{"op":"run"}"#).refusal(), "missing command");
    let answer = peer.header(r#"{"op":"run","command":"echo hi"}"#).answer();
    assert_eq!(
        (answer.integer("status"), answer.size("size")),
        (Some(0), Ok(3))
    );
    assert_eq!(peer.take(3), b"hi\n");
}

#[test]
fn a_client_refuses_an_answer_over_the_limit_from_its_header_alone() {
    let listener = tests::listener();
    let mut command = Command::new(program("lesson05"));
    command.args([
        "run",
        "--addr",
        &listener.local_addr().unwrap().to_string(),
        "--",
        "date",
    ]);
    let client = tests::programs::Running::start(command);
    let mut stream = tests::deadline::accept(&listener, PATIENCE)
        .unwrap()
        .unwrap();
    stream
        .write_all(&framed(br#"{"ok":true,"status":0,"size":1048577}"#))
        .unwrap();
    let finished = client.finish();
    assert_eq!(finished.status.code(), Some(1));
    assert!(
        finished
            .err()
            .contains("output of 1048577 bytes is over the limit of 1048576"),
        "{finished}"
    );
}

#[test]
#[cfg(unix)]
fn where_no_thread_can_be_had_nothing_runs_and_ctrl_c_still_ends_the_server() {
    let mut command = Command::new(program("lesson05"));
    command.args(["command-server", "--addr", "127.0.0.1:0"]);
    command.env("RUST_MIN_STACK", (1_u64 << 60).to_string()); // no thread gets a stack of that size
    let server = Server::launch(command);
    for _ in 0..2 {
        let finished = run_on(&server, &["--", "echo", "hi"], b"");
        assert_eq!(
            finished.out(),
            "cannot run: echo: no thread can be had to hear Ctrl-C\n"
        );
        assert!(finished.err().ends_with("status 126\n"), "{finished}");
    }
    let finished = server.stop();
    assert!(finished.was_interrupted(), "{finished}");
}
