//! What is measured, what is drawn, and servers under a flood of noise.

use super::*;

#[test]
fn without_a_scene_the_demo_is_printed() {
    let printed = run(lesson02(&["--pause"]), b"");
    ended(
        &printed,
        0,
        &std::fs::read_to_string(workspace().join("lessons/02-udp/demo.txt")).unwrap(),
        "",
    );
}

#[test]
fn limits_are_measured() {
    let finished = run(lesson02(&["limits"]), b"");
    assert_eq!(
        (finished.status.code(), finished.err()),
        (Some(0), String::new())
    );
    let out = finished.out();
    for line in [
        "recv_from, room for    1: Ok(1) \"h\"",
        "recv_from, room for 1024: Ok(5) \"world\"",
        "send_to 65507 bytes: Ok(65507)",
        "send_to 65508 bytes: Err: message too long",
        "recv_from:   Ok(0)",
        "recv:                 Err: refused (ConnectionRefused)",
        "send again:           Err: refused (ConnectionRefused)",
        "our recv:               Ok(5)",
        "each Ok(100)",
    ] {
        assert!(
            out.contains(line) || !cfg!(target_os = "linux"),
            "{line}\n{out}"
        );
    }
    let number = |name: &str| -> usize {
        let line = out
            .lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .unwrap();
        line.split_whitespace().next().unwrap().parse().unwrap()
    };
    assert!(number("lost:") > 0);
    assert_eq!(number("received:") + number("lost:"), number("sent:"));
}

#[test]
fn servers_answer_after_many_random_datagrams() {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    for scene in ["server", "time-server", "chat-server", "broadcast-listen"] {
        // On 0.0.0.0, because a listener for broadcasts remarks on any other address.
        let mut server = Server::launch(lesson02(&[scene, "--addr", "0.0.0.0:0"]));
        let addr = SocketAddr::from(([127, 0, 0, 1], server.addr().port()));
        let (socket, _) = socket();
        socket.connect(addr).unwrap();
        let mut room = vec![0; lesson02::CAPACITY];
        server.running().close_stdin(); // or the chat would wait for a line to answer with
        let answers = scene == "server" || scene == "time-server";
        for _ in 0..2000 {
            let size = next() % if next() % 50 == 0 { 9000 } else { 80 };
            let datagram: Vec<u8> = (0..size).map(|_| next().to_le_bytes()[7]).collect();
            socket.send(&datagram).unwrap();
            if answers {
                socket.recv(&mut room).unwrap(); // one answer each, so none is lost
            }
        }
        if answers {
            assert!(!ask(addr, b"%Y").is_empty());
        } else {
            // Until it has shown what it could keep of the flood.
            let shown = tests::deadline::until(PATIENCE, || {
                socket.send(b"are you there?").unwrap();
                server
                    .running()
                    .stdout
                    .line(Duration::from_millis(20), "are you there?")
            });
            assert!(shown.is_some(), "{scene}");
        }
        assert!(!server.running().has_ended());
        assert_eq!(server.running().stderr.text(), "", "{scene}");
    }
}

#[test]
fn a_trace_shows_what_a_client_and_a_server_did() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start(
        "lesson02",
        &["server", "--trace", "--trace-svg", "server.svg"],
        folder.path(),
    );
    let mut command = lesson02(&[
        "client",
        "--trace",
        "--trace-svg",
        "client.svg",
        "--addr",
        &server.addr().to_string(),
    ]);
    command.current_dir(folder.path());
    let finished = run(command, b"hello\n\n");
    assert_eq!(
        (finished.status.code(), finished.out()),
        (Some(0), "HELLO\n\n".to_owned()),
        "{finished}"
    );
    assert!(
        finished.err().contains("“HELLO”") && finished.err().contains("an empty datagram"),
        "{finished}"
    );
    assert!(svg(folder.path(), "client.svg").is_some_and(|drawn| drawn.contains("“HELLO”")));
    // Each exchange is a drawing of its own; the last one is the empty one.
    let drawn = server.running().stderr.wait(PATIENCE, |bytes, _| {
        let text = String::from_utf8_lossy(bytes);
        (text.matches("datagrams, 127.0.0.1:").count() == 2 && text.contains("“HELLO”"))
            .then_some(())
    });
    assert!(drawn.is_some(), "{}", server.running().stderr.text());
    let last_alone = tests::deadline::until(PATIENCE, || {
        let drawn = svg(folder.path(), "server.svg")?;
        let calls = drawn.matches("<circle").count();
        (calls == 2 && drawn.contains("an empty datagram") && !drawn.contains("hello"))
            .then_some(())
    });
    assert!(last_alone.is_some());
}

fn svg(folder: &Path, name: &str) -> Option<String> {
    std::fs::read_to_string(folder.join(name)).ok()
}
