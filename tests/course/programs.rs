//! The helpers for programs, tested on a small peer: a server is ready when it says so, and nothing is left behind.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::panic::catch_unwind;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tests::deadline::{PATIENCE, until};
use tests::programs::{Running, Server, program, run};

fn fixture(args: &[&str]) -> Command {
    let mut command = Command::new(program("fixture"));
    command.args(args);
    command
}

#[test]
fn a_started_server_answers_at_the_address_it_gave() {
    let server = Server::start("fixture", &["server"], Path::new("."));
    let mut client = TcpStream::connect(server.addr()).unwrap();
    client.write_all(b"hello\n").unwrap();
    let mut answer = String::new();
    BufReader::new(client.try_clone().unwrap())
        .read_line(&mut answer)
        .unwrap();
    assert_eq!(answer, "HELLO\n");
    drop(client);
    assert_eq!(server.logs("1 "), "lines");
    let finished = server.stop();
    assert!(finished.was_interrupted(), "{finished}");
}

#[test]
fn a_server_ends_when_its_test_fails() {
    let failed = catch_unwind(|| {
        let server = Server::start("fixture", &["server"], Path::new("."));
        let addr = server.addr();
        std::panic::panic_any(addr);
    });
    let addr = *failed
        .unwrap_err()
        .downcast::<std::net::SocketAddr>()
        .unwrap();
    assert!(
        TcpStream::connect(addr).is_err(),
        "the server outlived its test"
    );
}

#[test]
fn a_program_that_ended_instead_of_listening_is_told_with_its_stderr() {
    let failed = catch_unwind(|| Server::launch(fixture(&["fail", "3"])));
    let told = *failed.unwrap_err().downcast::<String>().unwrap();
    assert!(
        told.contains("no `listening on") && told.contains("it failed on purpose"),
        "{told}"
    );
}

#[test]
fn status_stdout_and_stderr_are_kept_apart() {
    let finished = run(fixture(&["fail", "3"]), b"");
    assert_eq!(finished.status.code(), Some(3));
    assert_eq!(
        (finished.out().as_str(), finished.err().as_str()),
        ("so far\n", "error: it failed on purpose\n")
    );
}

#[test]
fn as_on_a_terminal_they_are_one() {
    let running = Running::start_as_on_a_terminal(fixture(&["fail", "3"])).unwrap();
    // The end is seen: nobody but the program holds the pipe.
    assert!(
        running
            .stdout
            .wait(PATIENCE, |_, ended| ended.then_some(()))
            .is_some()
    );
    assert_eq!(
        running.finish().out(),
        "so far\nerror: it failed on purpose\n"
    );
}

#[test]
fn more_stdin_than_a_pipe_holds_comes_through() {
    let bytes = vec![7; 300_000];
    assert!(run(fixture(&["cat"]), &bytes).stdout == bytes);
}

#[test]
fn a_program_that_never_reads_does_not_hold_up_the_test() {
    let mut running = Running::start(fixture(&["mute"]));
    running.feed(vec![7; 300_000]);
    let told = running
        .finish_within(Duration::from_millis(50))
        .unwrap_err();
    assert!(told.contains("still running"), "{told}");
}

#[test]
fn typed_lines_are_answered_one_by_one() {
    let server = Server::start("fixture", &["server"], Path::new("."));
    let mut client = Running::start(fixture(&["client", "--addr", &server.addr().to_string()]));
    client.send(b"a\n");
    assert!(client.stdout.line(PATIENCE, "A").is_some());
    client.send(b"b\n");
    assert!(client.stdout.line(PATIENCE, "B").is_some());
    let finished = client.finish();
    assert_eq!(finished.out(), "A\nB\n");
    assert!(finished.status.success(), "{finished}");
}

/// A server that ignores the end of its stdin is not ended by it: only by Ctrl-C.
#[test]
fn a_program_without_end_is_ended_by_its_handle() {
    let mut running = Running::start(fixture(&["stubborn"]));
    running.close_stdin();
    assert!(running.stdout.line(PATIENCE, "listening on ").is_some());
    assert!(!running.has_ended());
    running.interrupt();
    assert!(until(PATIENCE, || running.has_ended().then_some(())).is_some());
}
