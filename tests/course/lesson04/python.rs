//! The python wire against Python itself, both ways: what the tutorials' programs speak, written by us.

use tests::deadline::PATIENCE;
use tests::programs::{Server, run};
use tests::python::python;

use super::{serve, talk};

/// What the Python peer answers to these commands (see `tests/python/framed.py`).
fn canned() -> Vec<u8> {
    let large: Vec<u8> = (0..=255).collect();
    [
        b"hello\n",
        "粘包\n".as_bytes(),
        &large.repeat(2000),
        b"hello\n",
    ]
    .concat()
}

#[test]
fn our_client_gets_the_output_from_pythons_server_under_both_lengths() {
    for (mode, framing) in [("text-server", "text"), ("header-server", "header")] {
        let Some(mut command) = python("framed.py") else {
            return;
        };
        command.arg(mode);
        let server = Server::launch(command);
        let scene = ["run", "--wire", "python", "--framing", framing];
        let finished = talk(
            &server,
            &scene,
            &[],
            b"small\nnone\nchinese\nlarge\nsmall\n",
        );
        assert_eq!(finished.status.code(), Some(0), "{}", finished.err());
        assert!(
            finished.stdout == canned(),
            "{mode}: {} bytes",
            finished.stdout.len()
        );
    }
}

#[test]
fn pythons_client_gets_the_output_from_our_server_under_both_lengths() {
    for (mode, framing) in [("text-client", "text"), ("header-client", "header")] {
        let Some(mut command) = python("framed.py") else {
            return;
        };
        let server = serve(&["command-server", "--wire", "python", "--framing", framing]);
        command.args([mode, &server.addr().port().to_string()]);
        let finished = run(
            command,
            "echo 粘包\ntrue\nseq 100000\nrm x\necho on\n".as_bytes(),
        );
        assert!(finished.status.success(), "{}", finished.err());
        let numbers: String = (1..=100_000).map(|number| format!("{number}\n")).collect();
        let out = finished.out();
        assert!(
            out.starts_with(&format!("粘包\n{numbers}not allowed: rm")),
            "{mode}"
        );
        assert!(out.ends_with("\non\n"), "{mode}");
    }
}

#[test]
fn our_flood_is_counted_by_python_and_pythons_by_us() {
    let Some(mut command) = python("framed.py") else {
        return;
    };
    command.args(["flood-server", "2"]);
    let mut server = Server::launch(command);
    for _ in 0..2 {
        let finished = talk(
            &server,
            &["flood", "--wire", "python"],
            &["--count", "20000"],
            b"",
        );
        assert_eq!(finished.status.code(), Some(0), "{finished}");
        let said = server.running().stdout.line(PATIENCE, "20000 messages");
        assert_eq!(
            said.as_deref(),
            Some(", 0 of 4 bytes"),
            "the end came between two messages"
        );
    }

    let mut server = serve(&["flood-server", "--wire", "python"]);
    let Some(mut command) = python("framed.py") else {
        return;
    };
    command.args(["flood-client", &server.addr().port().to_string(), "20000"]);
    let finished = run(command, b"");
    assert!(finished.status.success(), "{finished}");
    assert!(
        server
            .running()
            .stdout
            .line(PATIENCE, "20000 messages")
            .is_some()
    );
}
