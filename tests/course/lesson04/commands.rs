//! `command-server` and `run`: their bytes on both wires, and what a browser must never reach.

use std::time::Duration;

use tests::deadline::{PATIENCE, until};

use super::wire::{Peer, framed, meet};
use super::{serve, talk};

#[test]
fn on_the_course_wire_an_answer_is_a_status_and_then_the_output_each_one_message() {
    let server = serve(&["command-server"]);
    let mut peer = Peer::connect(&server);
    peer.send(&framed(b"echo hi")).send(&framed(b"false"));
    assert_eq!(peer.take(15), [framed(&[0; 4]), framed(b"hi\n")].concat());
    assert_eq!(
        peer.take(12),
        [framed(&1_i32.to_be_bytes()), framed(b"")].concat()
    );
    peer.send(&framed(b"rm x"));
    assert_eq!(peer.take(8), framed(&126_i32.to_be_bytes()));
    peer.take(4 + 10);

    let server = serve(&["command-server", "--framing", "text"]);
    let mut peer = Peer::connect(&server);
    peer.send(b"7\necho hi5\nfalse");
    assert_eq!(peer.take(11), b"4\n\0\0\0\x003\nhi\n");
    assert_eq!(peer.take(8), b"4\n\0\0\0\x010\n");
}

#[test]
fn a_client_runs_the_words_or_each_line_and_takes_the_last_status() {
    for framing in ["header", "text"] {
        let server = serve(&["command-server", "--framing", framing]);
        let scene = ["run", "--framing", framing];
        let finished = talk(&server, &scene, &["--", "echo", "sockets,", "unstuck"], b"");
        assert_eq!(
            (finished.out().as_str(), finished.status.code()),
            ("sockets, unstuck\n", Some(0))
        );
        let finished = talk(
            &server,
            &scene,
            &[],
            b"echo one\n\nfalse\necho 'two  words'\nquit\necho never\n",
        );
        assert_eq!(
            (finished.out().as_str(), finished.status.code()),
            ("one\ntwo  words\n", Some(0))
        );
        assert_eq!(finished.err(), "error: false: status 1\n");
        let finished = talk(&server, &scene, &[], b"echo one\nfalse");
        assert_eq!(
            (finished.out().as_str(), finished.status.code()),
            ("one\n", Some(1))
        );
    }
}

#[test]
fn on_the_python_wire_a_header_is_four_bytes_least_first_and_the_request_has_none() {
    let server = serve(&["command-server", "--wire", "python"]);
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(b"echo hi").take(7), b"\x03\0\0\0hi\n");
    assert_eq!(peer.send(b"true").take(4), [0; 4]);
    peer.send(b"rm x");
    let length = i32::from_le_bytes(peer.take(4).try_into().unwrap());
    let line = peer.take(length as usize);
    assert!(line.starts_with(b"not allowed: rm") && line.ends_with(b"\n"));
    assert_eq!(peer.send(b"echo on").take(7), b"\x03\0\0\0on\n");
}

#[test]
fn on_the_python_wire_a_length_in_text_waits_for_recv_ready() {
    let server = serve(&["command-server", "--wire", "python", "--framing", "text"]);
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.send(b"echo hello egg").take(2), b"10");
    // In two pieces: the answer to a length is ten bytes, not one read.
    assert_eq!(peer.send(b"recv_").send(b"ready").take(10), b"hello egg\n");
    assert_eq!(peer.send(b"true").take(1), b"0");
    assert_eq!(peer.send(b"recv_ready").send(b"echo on").take(1), b"3");

    assert_eq!(peer.send(b"RECV_READY").rest(), b"");
    let log = server.stop().err();
    assert!(
        log.contains("the client said `RECV_READY` instead of recv_ready"),
        "{log}"
    );
}

#[test]
fn a_client_of_the_text_length_judges_it_and_only_then_says_that_it_is_ready() {
    let run = ["run", "--wire", "python", "--framing", "text", "--", "date"];
    let finished = meet(&run, b"", |mut peer| {
        assert_eq!(peer.take(4), b"date");
        assert_eq!(peer.send(b"5").take(10), b"recv_ready");
        peer.send(b"he").send(b"llo");
    });
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("hello", Some(0)),
        "{finished}"
    );
    for (said, told) in [
        (
            &b"1048577"[..],
            "frame of 1048577 bytes is over the limit of 1048576",
        ),
        (
            b"2147483647",
            "frame of 2147483647 bytes is over the limit of 1048576",
        ),
        (
            b"4294967295",
            "frame of 4294967295 bytes is over the limit of 1048576",
        ),
        (
            b"-1",
            "frame of -1 bytes is under the least allowed (the limit is 1048576)",
        ),
        (
            b"-2147483648",
            "frame of -2147483648 bytes is under the least allowed (the limit is 1048576)",
        ),
        (
            b"HTTP/1.1 400",
            "`HTTP/1.1 400` is no length (the limit is 1048576)",
        ),
        (
            b"1\x1b[2J",
            "`1\\u{1b}[2J` is no length (the limit is 1048576)",
        ),
    ] {
        let finished = meet(&run, b"", |mut peer| {
            peer.take(4);
            assert_eq!(peer.send(said).rest(), b"", "it said it was ready");
        });
        assert!(
            finished.err().ends_with(&format!(": {told}\n")),
            "{finished}"
        );
        assert_eq!(finished.status.code(), Some(1));
    }
    let finished = meet(&run, b"", |mut peer| {
        peer.take(4);
        peer.send(b"9").take(10);
        peer.send(b"hello").half_close();
    });
    assert!(
        finished
            .err()
            .ends_with(": the stream ended inside a body, after 5 of 9 bytes\n"),
        "{finished}"
    );
    assert_eq!(finished.out(), "", "half an answer is none");
}

#[test]
fn a_client_is_told_each_way_of_not_getting_an_answer() {
    for (answer, told) in [
        (
            &b""[..],
            "the server closed the connection without an answer",
        ),
        (
            b"\0\0",
            "the stream ended inside a header, after 2 of 4 bytes",
        ),
        (
            b"\0\0\0\x04\0\0\0\0",
            "the server closed the connection without an answer",
        ),
        (b"\0\0\0\x02\0\0", "a status is 4 bytes, this one has 2"),
        (
            b"\0\0\0\x04\0\0\0\0\0\0\0\x09hi",
            "the stream ended inside a body, after 2 of 9 bytes",
        ),
        (
            b"\0\0\0\x04\0\0\0\0\0\x10\0\x01",
            "frame of 1048577 bytes is over the limit of 1048576",
        ),
    ] {
        let finished = meet(&["run", "--", "date"], b"", |mut peer| {
            assert_eq!(peer.take(8), b"\0\0\0\x04date");
            peer.send(answer).half_close().rest();
        });
        assert!(
            finished.err().ends_with(&format!(": {told}\n")),
            "{finished}"
        );
        assert_eq!(
            (finished.status.code(), finished.out().as_str()),
            (Some(1), "")
        );
    }
}

#[test]
fn a_request_that_is_too_long_for_one_read_is_refused_here_and_never_sent() {
    for framing in ["header", "text"] {
        let args = ["--wire", "python", "--framing", framing];
        let server = serve(&[&["command-server"], &args[..]].concat());
        let long = format!("echo {}\necho next\n", "x".repeat(1020));
        let finished = talk(
            &server,
            &[&["run"], &args[..]].concat(),
            &[],
            long.as_bytes(),
        );
        assert_eq!(finished.out(), "next\n");
        assert!(
            finished
                .err()
                .contains("command of 1025 bytes: an unframed one has 1 to 1024"),
            "{finished}"
        );
    }
    let server = serve(&["command-server", "--framing", "text"]);
    let long = [&vec![b'x'; 1_048_577][..], b"\necho next\n"].concat();
    let finished = talk(&server, &["run", "--framing", "text"], &[], &long);
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("next\n", Some(0))
    );
    assert!(
        finished
            .err()
            .contains("frame of 1048577 bytes is over the limit of 1048576")
    );
}

#[test]
fn on_the_python_wire_a_command_that_was_not_sent_is_status_1_whatever_came_after_it() {
    let server = serve(&["command-server", "--wire", "python"]);
    let lines = format!("echo {}\necho next\n", "x".repeat(1020));
    let finished = talk(&server, &["run", "--wire", "python"], &[], lines.as_bytes());
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("next\n", Some(1))
    );
    let shown = format!("error: echo {}...: command of 1025 bytes", "x".repeat(195));
    assert!(finished.err().starts_with(&shown), "short: {finished}");
}

#[test]
fn behind_an_answer_of_no_bytes_the_next_command_does_not_stick_to_recv_ready() {
    let run = ["run", "--wire", "python", "--framing", "text"];
    let mut answers = Vec::new();
    // The client can only wait a while. A machine that stops us for longer than that does so once, not three times.
    for _ in 0..3 {
        let mut ready = Vec::new();
        let finished = meet(&run, b"true\necho on\n", |mut peer| {
            assert_eq!(peer.take(4), b"true");
            // As the tutorial's server does it: one read for `recv_ready`, however much it brings. But it is not quick.
            peer.send(b"0");
            until(PATIENCE, || (peer.waiting() >= 10).then_some(())).unwrap();
            until(Duration::from_millis(30), || {
                (peer.waiting() > 10).then_some(())
            });
            ready = peer.one_read();
            if ready == b"recv_ready" {
                assert_eq!(peer.take(7), b"echo on");
            }
            assert_eq!(peer.send(b"3").take(10), b"recv_ready");
            peer.send(b"on\n");
        });
        assert_eq!(
            (finished.out().as_str(), finished.status.code()),
            ("on\n", Some(0)),
            "{finished}"
        );
        if ready == b"recv_ready" {
            return;
        }
        answers.push(String::from_utf8(ready).unwrap());
    }
    panic!("the next command stuck each time: {answers:?}");
}

#[test]
fn the_log_of_commands_has_a_line_for_each_and_at_most_200_characters_of_it() {
    let server = serve(&["command-server"]);
    let mut peer = Peer::connect(&server);
    for command in std::iter::repeat_n(vec![b'x'; 10_000], 1000) {
        peer.send(&framed(&command));
        assert_eq!(peer.take(8), framed(&126_i32.to_be_bytes()));
        let length = peer.take(4);
        peer.take(u32::from_be_bytes(length.try_into().unwrap()) as usize);
    }
    let log = server.stop().err();
    let shown = format!(": run {}...: status 126", "x".repeat(200));
    assert_eq!(log.lines().count(), 1000);
    assert!(log.lines().all(|line| line.ends_with(&shown)), "{log}");
}

#[test]
fn gbk_is_decoded_for_show_and_encoded_for_sending() {
    for wire in ["course", "python"] {
        let server = serve(&["command-server", "--wire", wire]);
        let scene = ["run", "--wire", wire];
        let finished = talk(
            &server,
            &scene,
            &["--encoding", "gbk"],
            "echo 粘包\n".as_bytes(),
        );
        assert_eq!(finished.out(), "粘包\n");
        let log = server.stop().err();
        assert!(!log.contains('粘'), "it went as GBK: {log}");
    }
}

#[test]
#[cfg(unix)]
fn with_a_shell_any_line_runs_and_signals_and_limits_are_told() {
    let server = serve(&["command-server", "--shell"]);
    for (line, status) in [
        ("exit 7", 7),
        ("kill -15 $$", -15),
        ("no-such-program-here", 127),
    ] {
        let finished = talk(&server, &["run"], &["--", line], b"");
        assert!(
            finished.err().contains(&format!("status {status}\n")),
            "{line}: {finished}"
        );
    }
    for (wire, framing) in [
        ("course", "header"),
        ("course", "text"),
        ("python", "header"),
        ("python", "text"),
    ] {
        let args = ["--wire", wire, "--framing", framing];
        let server = serve(&[&["command-server", "--shell"], &args[..]].concat());
        let finished = talk(
            &server,
            &[&["run"], &args[..]].concat(),
            &["--", "yes"],
            b"",
        );
        assert!(
            (1_048_000..=1_048_576).contains(&finished.stdout.len()),
            "{}",
            finished.stdout.len()
        );
        let last = finished.out().lines().last().unwrap().to_owned();
        assert!(
            last.starts_with("output cut at ") && last.ends_with(" bytes"),
            "{last}"
        );
        assert_eq!(
            finished.err().contains("status -9"),
            wire == "course",
            "{}",
            finished.err()
        );
    }
    assert!(
        server
            .stop()
            .err()
            .contains("--shell: whoever connects can run ANY command")
    );
}

#[test]
fn http_is_never_run_and_never_answered() {
    for (wire, framing) in [
        ("course", "header"),
        ("course", "text"),
        ("python", "header"),
        ("python", "text"),
    ] {
        let args = ["--wire", wire, "--framing", framing];
        let server = serve(&[&["command-server"], &args[..]].concat());
        for method in [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT",
        ] {
            let head = format!("{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n");
            let mut peer = Peer::connect(&server);
            assert_eq!(
                peer.send(format!("{head}echo owned\n").as_bytes()).rest(),
                b"",
                "{wire} {method}"
            );
            drop(peer); // the server takes one client after the other, and waits a moment for a refused one to go
            // A client that sends head and body apart: the body must not become the next command.
            let mut apart = Peer::connect(&server);
            assert_eq!(apart.send(head.as_bytes()).rest(), b"");
            apart.send_what_is_taken(b"echo owned\n").rest();
        }
        // A request in a frame is one too, even if only the method has come.
        if wire == "course" {
            let inside = if framing == "text" {
                b"5\nPOST ".to_vec()
            } else {
                framed(b"POST ")
            };
            let mut peer = Peer::connect(&server);
            assert_eq!(peer.send(&inside).rest(), b"");
            assert_eq!(
                peer.logged(&server).split(':').next(),
                Some("this is HTTP, not a command")
            );
        }
        let finished = talk(
            &server,
            &[&["run"], &args[..]].concat(),
            &["--", "echo", "alive"],
            b"",
        );
        assert_eq!(finished.out(), "alive\n");
        let log = server.stop().err();
        assert!(!log.contains("owned"), "{log}");
    }
}

#[test]
fn unframed_tls_and_zero_bytes_end_the_connection_and_a_framed_zero_byte_is_answered() {
    for framing in ["header", "text"] {
        let server = serve(&["command-server", "--wire", "python", "--framing", framing]);
        for (request, told) in [
            (&b"\x16\x03\x01\x02\x00\x01"[..], "this is TLS"),
            (b"echo owned\0", "this has a zero byte"),
        ] {
            let mut peer = Peer::connect(&server);
            assert_eq!(peer.send(request).rest(), b"", "{framing}: {told}");
            let log = peer.logged(&server);
            assert!(log.starts_with(told), "{framing}: {log}");
        }
        let log = server.stop().err();
        assert!(!log.contains("owned"), "{log}");
    }
    let server = serve(&["command-server"]);
    let mut peer = Peer::connect(&server);
    peer.send(&framed(b"echo a\0"));
    assert_eq!(peer.take(8), b"\0\0\0\x04\0\0\0\x7e"); // 126
    let line = framed(b"not allowed: a zero byte at byte 6\n");
    assert_eq!(peer.take(line.len()), line);
    peer.send(&framed(b"echo on"));
    assert_eq!(peer.take(15), b"\0\0\0\x04\0\0\0\0\0\0\0\x03on\n");
}
