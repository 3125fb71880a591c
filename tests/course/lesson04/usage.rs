//! Command lines that are wrong, and programs that cannot do what they were asked: one line, the right status.

use std::net::TcpListener;
use tests::deadline::PATIENCE;
use tests::programs::run;

use super::lesson04;
use super::wire::unheard_addr;

#[test]
fn wrong_usage_is_status_2_and_its_first_line_names_what() {
    for (args, first) in [
        (
            &["server", "--framing", "nonsense"][..],
            "error: invalid value 'nonsense' for '--framing <FRAMING>'\n  [possible values: marker, text, size, header]\n",
        ),
        (
            &["client", "--framing"],
            "error: a value is required for '--framing <FRAMING>' but none was supplied\n",
        ),
        (
            &["client", "--idle", "-1"],
            "error: invalid value '-1' for '--idle <SECS>': seconds go from 0.001 to 31536000 (a year)",
        ),
        (
            &["flood", "--count", "-1"],
            "error: invalid value '-1' for '--count <N>': a number from 0 on belongs here\n",
        ),
        (
            &["flood", "--count", "x"],
            "error: invalid value 'x' for '--count <N>': not a whole number\n",
        ),
        (
            &["run", "date"],
            "error: unexpected argument 'date' found\n\nUsage: lesson04 run [OPTIONS] [-- <COMMAND>...]\n",
        ),
        (
            &["server", "date"],
            "error: unexpected argument 'date' found\n",
        ),
        (
            &["pack", "i", "1", "--addr", "127.0.0.1:0"],
            "error: --addr: pack uses no socket\n",
        ),
        (
            &["framings", "--trace"],
            "error: --trace: framings has nothing to draw\n",
        ),
        (&["server", "-x"], "error: unexpected argument '-x' found\n"),
        (
            &["command-server", "--framing", "marker"],
            "error: invalid value 'marker' for '--framing <FRAMING>'\n  [possible values: text, header]\n",
        ),
        (
            &["run", "--framing", "size", "--", "date"],
            "error: invalid value 'size' for '--framing <FRAMING>'\n  [possible values: text, header]\n",
        ),
        (
            &["flood", "--count", "many"],
            "error: invalid value 'many' for '--count <N>': not a whole number\n",
        ),
        (&["teleport"], "error: unrecognized subcommand 'teleport'\n"),
        (
            &["server", "--shell"],
            "error: unexpected argument '--shell' found\n",
        ),
        (
            &["server", "--addr", "localhost"],
            "error: invalid value 'localhost' for '--addr <HOST:PORT>': no port; want HOST:PORT",
        ),
        (
            &["client", "--addr", "127.0.0.1:0"],
            "error: 127.0.0.1:0: port 0 is only for binding",
        ),
        (
            &["flood", "--addr", "127.0.0.1:0"],
            "error: 127.0.0.1:0: port 0 is only for binding",
        ),
        (
            &["server", "--wire", "klingon"],
            "error: invalid value 'klingon' for '--wire <WIRE>'\n  [possible values: course, python]\n",
        ),
        (
            &["command-server", "--addr", "0.0.0.0:0"],
            "error: 0.0.0.0:0: a command server listens on loopback only",
        ),
    ] {
        let finished = run(lesson04(args), b"");
        assert_eq!(finished.status.code(), Some(2), "{args:?}: {finished}");
        assert!(finished.err().starts_with(first), "{args:?}: {finished}");
        assert_eq!(finished.out(), "");
    }
}

#[test]
fn nobody_listening_is_status_1_with_the_command_that_would_help() {
    let addr = unheard_addr();
    for (scene, server) in [("client", "server"), ("run", "command-server")] {
        let finished = run(lesson04(&[scene, "--addr", &addr]), b"x\n");
        assert_eq!(finished.status.code(), Some(1));
        let next = format!("refused: is the server running? try cargo run -p lesson04 -- {server}");
        assert_eq!(finished.err(), format!("error: {addr}: {next}\n"));
    }
}

#[test]
fn a_taken_port_is_status_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    for scene in ["server", "command-server", "flood-server"] {
        let finished = run(lesson04(&[scene, "--addr", &addr]), b"");
        assert_eq!(finished.status.code(), Some(1));
        assert!(
            finished
                .err()
                .starts_with(&format!("error: {addr}: already in use: ")),
            "{finished}"
        );
    }
}

#[test]
fn help_lists_every_scene_in_one_line_each() {
    let finished = run(lesson04(&["--help"]), b"");
    assert_eq!(finished.status.code(), Some(0));
    for scene in [
        "server",
        "client",
        "command-server",
        "run",
        "flood-server",
        "flood",
        "pack",
        "unpack",
        "framings",
    ] {
        let listed = finished
            .out()
            .lines()
            .filter(|line| line.starts_with(&format!("  {scene} ")))
            .count();
        assert_eq!(listed, 1, "{scene}: {finished}");
    }
}

#[test]
fn a_trace_shows_the_parts_of_each_message_on_stderr_and_nothing_else_changes() {
    let mut server = super::serve(&["server", "--framing", "text", "--trace"]);
    let folder = tempfile::tempdir().unwrap();
    let file = |name| folder.path().join(name).to_string_lossy().into_owned();
    let args = ["--trace", "--trace-svg", &file("a.svg")];
    let finished = super::talk(&server, &["client", "--framing", "text"], &args, b"hello\n");
    assert_eq!(finished.out(), "HELLO\n");
    assert!(
        finished.err().contains("client  write  7 bytes"),
        "{finished}"
    );
    assert!(finished.err().contains("length   2  35 0a"), "{finished}");
    assert!(finished.err().contains("message  5  “HELLO”"), "{finished}");
    assert!(
        std::fs::read_to_string(file("a.svg"))
            .unwrap()
            .starts_with("<svg")
    );
    // The server writes its own when it has seen the end.
    let part = "message  5  “hello”";
    let seen = |bytes: &[u8], _| String::from_utf8_lossy(bytes).contains(part).then_some(());
    assert!(
        server.running().stderr.wait(PATIENCE, seen).is_some(),
        "{}",
        server.stop()
    );
}

#[test]
#[cfg(unix)]
fn a_closed_stdout_ends_a_client_quietly() {
    let server = super::serve(&["server"]);
    let folder = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new("sh");
    // A pipeline's own status is that of `head`; the client's goes into a file.
    let script = r#"yes | { "$1" client --addr "$2"; echo "$?" > status; } | head -1"#;
    command
        .arg("-c")
        .arg(script)
        .arg("sh")
        .current_dir(folder.path());
    command
        .arg(tests::programs::program("lesson04"))
        .arg(server.addr().to_string());
    let finished = run(command, b"");
    assert_eq!(
        (finished.out().as_str(), finished.err().as_str()),
        ("Y\n", "")
    );
    assert_eq!(
        std::fs::read_to_string(folder.path().join("status")).unwrap(),
        "0\n",
        "the client's status"
    );
}
