//! `flood-server` and `flood`: the bytes, the count, and connections that are made again and again.

use std::process::Stdio;

use tests::deadline::{PATIENCE, until};
use tests::programs::{Running, Server, run};
use tests::unheard::Unheard;

use super::wire::{Listener, Peer, framed, unheard_addr};
use super::{lesson04, serve, talk};

const MESSAGE: &[u8] = b"abcdefghijklmnopqrstuvwxyz1234567890";

/// Waits for the server's next line that says so many messages.
fn counted(server: &mut Server, number: u64) {
    let line = format!("{number} messages");
    let running = server.running();
    assert!(
        running.stdout.line(PATIENCE, &line).is_some(),
        "no `{line}` in\n{}",
        running.stdout.text()
    );
}

#[test]
fn a_flood_of_so_many_messages_is_counted_on_both_wires() {
    for wire in ["course", "python"] {
        let mut server = serve(&["flood-server", "--wire", wire]);
        for count in [0, 1, 999, 1000, 1001, 25_000] {
            let finished = talk(
                &server,
                &["flood", "--wire", wire],
                &["--count", &count.to_string()],
                b"",
            );
            assert_eq!(
                (finished.status.code(), finished.out(), finished.err()),
                (Some(0), String::new(), String::new())
            );
            counted(&mut server, count);
        }
        assert_eq!(server.stop().err(), "", "six clean ends");
    }
}

#[test]
fn a_flood_without_a_thread_to_print_its_count_is_an_error_of_that_client() {
    let mut command = lesson04(&["flood-server", "--addr", "127.0.0.1:0"]);
    command.env("RUST_MIN_STACK", (1_u64 << 60).to_string()); // no thread gets a stack of that size
    let mut server = Server::launch(command);
    for clients in 1..=2 {
        talk(&server, &["flood"], &["--count", "1"], b"");
        // The client may be gone before the server says so.
        let told = || {
            let log = server.running().stderr.text();
            let told = log.matches(": the system has no thread to give\n").count();
            (told == clients).then_some(())
        };
        assert!(until(PATIENCE, told).is_some(), "client {clients}");
    }
}

#[test]
fn a_flood_is_the_message_in_frames_without_end_and_goes_on_after_each_loss() {
    for (wire, frame) in [
        ("course", framed(MESSAGE)),
        ("python", [&b"\x24\0\0\0"[..], MESSAGE].concat()),
    ] {
        let listener = Listener::new();
        let mut flood = Running::start(lesson04(&[
            "flood",
            "--wire",
            wire,
            "--addr",
            &listener.addr(),
        ]));
        for _ in 0..3 {
            let mut peer = listener.accept();
            assert_eq!(peer.take(40 * 2000), frame.repeat(2000));
            // Dropped here with bytes unread: the flood sees a reset and comes again.
        }
        assert!(!flood.has_ended());
        flood.interrupt();
        let finished = flood.finish();
        assert!(finished.was_interrupted(), "{finished}");
        assert!(
            finished.err().contains("connecting again every 100 ms"),
            "{finished}"
        );
    }
}

#[test]
fn a_refused_connection_is_tried_until_somebody_listens() {
    let addr = unheard_addr();
    let flood = Running::start(lesson04(&["flood", "--count", "5", "--addr", &addr]));
    let refused = format!(
        "{addr}: refused: is the server running? try cargo run -p lesson04 -- flood-server; "
    );
    assert!(
        flood.stderr.line(PATIENCE, &refused).is_some(),
        "{}",
        flood.stderr.text()
    );
    let mut server = Server::launch(lesson04(&["flood-server", "--addr", &addr]));
    let finished = flood.finish();
    assert_eq!(finished.status.code(), Some(0), "{finished}");
    counted(&mut server, 5);
}

#[test]
fn a_name_that_nobody_knows_is_not_tried_for_ever() {
    let finished = run(
        lesson04(&["flood", "--addr", "no-such-name.invalid:8080"]),
        b"",
    );
    assert_eq!(finished.status.code(), Some(1));
    assert!(
        finished
            .err()
            .starts_with("error: no-such-name.invalid:8080: no address for this name"),
        "{finished}"
    );
}

#[test]
fn messages_are_counted_each_second_and_for_each_connection_anew() {
    let mut server = serve(&["flood-server"]);
    let mut peer = Peer::connect(&server);
    peer.send(&framed(MESSAGE))
        .send(&framed(b""))
        .send(&framed(b"x"));
    counted(&mut server, 3); // the connection is still open: that was a second's line
    peer.send(&[0, 0]).half_close().rest();
    assert_eq!(
        peer.logged(&server),
        "the stream ended inside a header, after 2 of 4 bytes"
    );
    Peer::connect(&server)
        .send(&framed(b"y"))
        .half_close()
        .rest();
    counted(&mut server, 1);
}

#[test]
fn a_server_goes_on_when_nobody_reads_its_stdout() {
    let mut command = lesson04(&["flood-server", "--addr", "127.0.0.1:0"]);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut server = Unheard::start(command);
    let addr = &server.listens().to_string();
    for _ in 0..3 {
        let finished = run(lesson04(&["flood", "--count", "10", "--addr", addr]), b"");
        assert_eq!(finished.status.code(), Some(0), "{finished}");
        // The next one is served: the server has said `10 messages` into the closed pipe by then.
        assert_eq!(Peer::to(addr).half_close().rest(), b"");
    }
}
