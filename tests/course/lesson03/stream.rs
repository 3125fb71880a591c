//! `command-server` and `run`: the flaw is there, and nothing else is wrong.

use std::io::{Read, Write};
use std::net::TcpStream;

use tests::deadline::{PATIENCE, accept};
use tests::programs::{Finished, Running, Server, run};

use super::{client, server};

fn run_on(server: &Server, args: &[&str], stdin: &[u8]) -> Finished {
    run(client(&[&["run"], args].concat(), server), stdin)
}

/// One connection, spoken by hand.
fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.addr()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

fn take(stream: &mut TcpStream, count: usize) -> String {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// `1\n2\n...`: what `seq` prints.
fn seq(last: u32) -> String {
    (1..=last).map(|number| format!("{number}\n")).collect()
}

#[test]
fn a_result_longer_than_one_read_bleeds_into_the_next_answer() {
    let server = server("command-server", &[]);
    let finished = run_on(&server, &[], b"seq 400\necho hi\n");
    // The second answer was one read as well. It begins with what the first one left behind.
    let whole = seq(400) + "hi\n";
    assert!(whole.starts_with(&finished.out()), "{finished}");
    let second = finished.out().len() - 1024;
    assert!((1..=whole.len() - 1024).contains(&second), "{second} bytes");
    assert_eq!(
        finished.status.code(),
        Some(0),
        "and nobody notices: {finished}"
    );
    assert!(
        finished.err().starts_with("wrong on purpose: "),
        "{finished}"
    );
}

#[test]
fn the_answer_is_stdout_then_stderr_and_nothing_around_them() {
    let server = server("command-server", &[]);
    let mut stream = connect(&server);
    stream.write_all(b"echo 'two  words'").unwrap();
    assert_eq!(take(&mut stream, 11), "two  words\n");
    stream.write_all(b"rm -rf x").unwrap();
    assert_eq!(take(&mut stream, 13), "not allowed: ");
    assert!(server.logs("wrong on purpose: ").contains("loopback only"));
}

#[test]
#[cfg(unix)]
fn with_a_shell_any_line_runs_and_errors_stand_behind() {
    let server = server("command-server", &["--shell"]);
    let mut stream = connect(&server);
    stream.write_all(b"echo err >&2; echo out").unwrap();
    assert_eq!(take(&mut stream, 8), "out\nerr\n");
    assert!(server.logs("--shell: ").contains("ANY command"));
}

#[test]
fn a_silent_command_is_a_missing_answer_and_the_next_one_follows() {
    let server = server("command-server", &[]);
    let finished = run_on(&server, &["--timeout", "1"], b"true\n\necho on\n");
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("on\n", Some(1))
    );
    assert!(
        finished
            .err()
            .ends_with(&format!("error: {}: no answer in 1 s\n", server.addr())),
        "{finished}"
    );
}

#[test]
fn a_command_longer_than_one_read_is_never_sent_in_parts() {
    let server = server("command-server", &[]);
    let finished = run_on(
        &server,
        &[],
        format!("echo {}\necho next\n", "x".repeat(1020)).as_bytes(),
    );
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
}

#[test]
fn a_refused_command_is_shown_by_its_beginning_and_none_has_a_name_too() {
    let server = server("command-server", &[]);
    let long = [&b"echo "[..], &[b'x'; 1 << 20], b"\n"].concat();
    let finished = run_on(&server, &[], &long);
    let told = "command of 1048581 bytes: an unframed one has 1 to 1024";
    let line = format!("error: echo {}...: {told}\n", "x".repeat(195));
    assert!(
        finished.err().ends_with(&line),
        "{} bytes of stderr",
        finished.stderr.len()
    );
    let finished = run_on(&server, &["--", ""], b"");
    let line = "error: '': command of 0 bytes: an unframed one has 1 to 1024\n";
    assert!(finished.err().ends_with(line), "{finished}");
}

#[test]
fn the_log_shows_a_long_command_by_its_beginning() {
    let server = server("command-server", &[]);
    let mut stream = connect(&server);
    stream
        .write_all(format!("true {}", "x".repeat(1000)).as_bytes())
        .unwrap();
    assert_eq!(take(&mut stream, 13), "not allowed: ");
    let line = server.logs(&format!("{}: run ", stream.local_addr().unwrap()));
    assert_eq!(line, format!("true {}...: status 126", "x".repeat(195)));
}

#[test]
fn words_are_joined_and_gbk_goes_both_ways() {
    let server = server("command-server", &[]);
    let finished = run_on(&server, &["--", "echo", "sockets,", "unstuck"], b"");
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("sockets, unstuck\n", Some(0))
    );
    let finished = run_on(
        &server,
        &["--encoding", "gbk"],
        "echo 粘包\nquit\necho never\n".as_bytes(),
    );
    assert_eq!(finished.out(), "粘包\n");
    let raw = run_on(
        &server,
        &[],
        &[b"echo ", &[0xd5, 0xb3, 0xb0, 0xfc][..], b"\n"].concat(),
    );
    assert_eq!(raw.stdout, [0xd5, 0xb3, 0xb0, 0xfc, b'\n']);
}

#[test]
fn http_is_never_run_and_never_answered() {
    let server = server("command-server", &[]);
    for method in ["GET", "POST", "PUT", "OPTIONS", "CONNECT"] {
        let mut stream = connect(&server);
        stream
            .write_all(format!("{method} / HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
            .unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let _ = stream.write_all(b"echo owned\n"); // the body, apart from its head
        assert_eq!(answer, b"", "{method} was answered");
    }
    assert_eq!(
        run_on(&server, &["--", "echo", "alive"], b"").out(),
        "alive\n"
    );
    let log = server.stop().err();
    assert!(
        log.contains("this is HTTP, not a command") && !log.contains("owned"),
        "{log}"
    );
}

#[test]
fn tls_and_zero_bytes_are_never_run_and_never_answered_and_the_log_tells_which() {
    let server = server("command-server", &["--shell"]); // where anything else would run
    for (request, what) in [
        (&b"\x16\x03\x01\x02\x00\x01echo owned"[..], "TLS"),
        (b"\x16\x03; echo owned", "TLS"),
        (b"echo owned\0", "has a zero byte in it"),
    ] {
        let mut stream = connect(&server);
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert_eq!(answer, b"", "{what} was answered");
        let told = server.logs(&format!("{}: ", stream.local_addr().unwrap()));
        assert!(told.contains(what), "{told}");
    }
    assert_eq!(
        run_on(&server, &["--", "echo", "alive"], b"").out(),
        "alive\n"
    );
    let log = server.stop().err();
    assert!(!log.contains("owned"), "{log}");
}

#[test]
fn a_server_that_closes_or_a_silent_client_is_told_in_words() {
    let listener = tests::listener();
    let mut command = std::process::Command::new(tests::programs::program("lesson03"));
    command.args([
        "run",
        "--addr",
        &listener.local_addr().unwrap().to_string(),
        "--",
        "date",
    ]);
    let running = Running::start(command);
    let mut stream = accept(&listener, PATIENCE).unwrap().unwrap();
    assert_eq!(take(&mut stream, 4), "date");
    drop(stream);
    let finished = running.finish();
    assert_eq!(finished.status.code(), Some(1));
    assert!(
        finished
            .err()
            .ends_with("the server closed the connection without an answer\n"),
        "{finished}"
    );

    let server = server("command-server", &["--idle", "0.2"]);
    let mut silent = connect(&server);
    let mut rest = Vec::new();
    silent.read_to_end(&mut rest).unwrap();
    assert!(rest.is_empty());
    let line = server.logs(&format!("{}: ", silent.local_addr().unwrap()));
    assert_eq!(line, "silent for 0.2 s; closed by us");
}
