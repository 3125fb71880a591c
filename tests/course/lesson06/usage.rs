//! Wrong usage, and a client without a server.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::thread;

use tests::deadline::{self, PATIENCE};
use tests::programs::{Finished, program, run};

use super::{scene, serve};

fn lesson06(args: &[&str]) -> Finished {
    let mut command = Command::new(program("lesson06"));
    command.args(args);
    run(command, b"")
}

#[test]
fn wrong_usage_is_status_2_and_named() {
    for (args, named) in [
        (&["server", "--max-clients", "0"][..], "at least 1"),
        (&["server", "--max-clients", "x"], "not a whole number"),
        (
            &["server", "--model", "pool", "--max-clients", "5"],
            "--max-clients",
        ),
        (&["server", "--model", "async"], "async"),
        (&["command-server", "--addr", "0.0.0.0:0"], "loopback only"),
        (&["udp-server", "--trace"], "--trace"),
        (&["nothing"], "nothing"),
    ] {
        let finished = lesson06(args);
        assert_eq!(finished.code(), 2, "{args:?}: {finished}");
        assert!(finished.err().starts_with("error: "), "{finished}");
        assert!(finished.err().contains(named), "{finished}");
    }
}

#[test]
fn ten_refusals_in_a_row_are_the_end() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let finished = lesson06(&["reconnect", "--addr", &closed.to_string()]);
    assert_eq!((finished.out().as_str(), finished.code()), ("", 1));
    let hint = "is the server running? try cargo run -p lesson06 -- server";
    let line = format!("error: {closed}: refused 10 times in a row: {hint}\n");
    assert_eq!(finished.err(), line);
}

#[test]
fn reconnect_counts_answers_over_as_many_connections_as_it_takes() {
    // A server that hangs up after each answer.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap().to_string();
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..3 {
                let mut stream: TcpStream = deadline::accept(&listener, PATIENCE).unwrap().unwrap();
                stream.write_all(b"\0\0\0\x02ok").unwrap();
                stream.read_exact(&mut [0; 10]).unwrap(); // 4 bytes of length, 6 of text
            }
        });
        let finished = lesson06(&["reconnect", "--addr", &addr, "--count", "3", "--every", "1"]);
        assert_eq!(
            (finished.out().as_str(), finished.code()),
            ("ok\nok\nok\n", 0),
            "{finished}"
        );
        let lost = finished
            .err()
            .lines()
            .filter(|line| line.ends_with("; connecting again"))
            .count();
        assert_eq!(lost, 2, "{finished}");
    });
}

#[test]
fn reconnect_sends_what_it_is_told() {
    let server = serve(&["server", "--wire", "python"]);
    let args = [
        "reconnect",
        "--wire",
        "python",
        "--message",
        "hi",
        "--count",
        "2",
        "--every",
        "1",
    ];
    let finished = scene(&server, &args, b"");
    assert_eq!(
        finished.out(),
        "我已收到您的请求[hi],感谢您的关注!\n".repeat(2),
        "{finished}"
    );
    assert_eq!(finished.code(), 0);
}
