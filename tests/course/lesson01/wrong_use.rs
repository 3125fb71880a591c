//! Every line that a wrong command line, or a network that says no, is answered with.

use super::*;

#[track_caller]
fn refused(args: &[&str], status: i32, first_line: &str) {
    let finished = run(lesson01(args), b"hello\n");
    let err = finished.err();
    assert_eq!(
        (
            finished.status.code(),
            finished.out().as_str(),
            err.lines().next()
        ),
        (Some(status), "", Some(first_line)),
        "{args:?}: {finished}"
    );
    if status == 1 {
        assert_eq!(err.lines().count(), 1, "{finished}");
    }
}

#[test]
fn a_wrong_command_line_is_status_two() {
    refused(&["nosuch"], 2, "error: unrecognized subcommand 'nosuch'");
    refused(
        &["client", "--nosuch"],
        2,
        "error: unexpected argument '--nosuch' found",
    );
    for (typed, why) in [
        ("127.0.0.1:70000", "port 70000 is over 65535"),
        (
            "127.0.0.1:http",
            "the port is not a number; want HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080",
        ),
        (
            "127.0.0.1",
            "no port; want HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080",
        ),
        (
            "::1:80",
            "an IPv6 address goes in brackets; want HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080",
        ),
    ] {
        let line = format!("error: invalid value '{typed}' for '--addr <HOST:PORT>': {why}");
        refused(&["client", "--addr", typed], 2, &line);
    }
    refused(
        &["server", "--idle", "0"],
        2,
        "error: invalid value '0' for '--idle <SECS>': seconds go from 0.001 to 31536000 (a year)",
    );
    refused(
        &["server", "--wire", "perl"],
        2,
        "error: invalid value 'perl' for '--wire <WIRE>'",
    );
    for scene in ["client", "hello", "talk"] {
        let why = "127.0.0.1:0: port 0 is only for binding; name the port the server printed";
        refused(
            &[scene, "--addr", "127.0.0.1:0"],
            2,
            &format!("error: {why}"),
        );
    }
}

#[test]
fn a_refused_client_is_told_which_server_to_start() {
    let (listener, addr) = listener();
    drop(listener);
    for (scene, other) in [
        ("client", "server"),
        ("hello", "hello-server"),
        ("talk", "talk-server"),
    ] {
        let line = format!(
            "error: {addr}: refused: is the server running? try cargo run -p lesson01 -- {other}"
        );
        refused(&[scene, "--addr", &addr.to_string()], 1, &line);
    }
}

#[test]
fn a_port_in_use_and_an_address_that_is_not_ours_are_told_with_the_next_step() {
    let (_listener, addr) = listener();
    for scene in ["server", "hello-server", "talk-server"] {
        let why =
            "already in use: stop the other server or choose a free port, try --addr 127.0.0.1:0";
        refused(
            &[scene, "--addr", &addr.to_string()],
            1,
            &format!("error: {addr}: {why}"),
        );
        // RFC 5737: an address of nobody.
        let why = "not an address of this machine: try --addr 127.0.0.1:0";
        refused(
            &[scene, "--addr", "192.0.2.1:8080"],
            1,
            &format!("error: 192.0.2.1:8080: {why}"),
        );
    }
}

#[test]
fn a_name_that_does_not_resolve_is_an_error_with_the_name() {
    // RFC 6761: never a name of anybody.
    let finished = run(lesson01(&["client", "--addr", "nosuch.invalid:8080"]), b"");
    let err = finished.err();
    assert!(
        err.starts_with("error: nosuch.invalid:8080: no address for this name: "),
        "{err}"
    );
    assert_eq!(
        (finished.status.code(), err.lines().count()),
        (Some(1), 1),
        "{err}"
    );
}
