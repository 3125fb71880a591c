//! The Python wire against Python: programs that we wrote, which speak the tutorials' bytes, at either end.

use std::process::Command;

use tests::programs::{Server, run};
use tests::python::python;

use super::{client, server};

/// A Python server of this kind.
fn theirs(args: &[&str]) -> Option<Server> {
    let mut command: Command = python("raw_commands.py")?;
    command.args(args);
    Some(Server::launch(command))
}

/// A Python client of this kind, and what it printed for these lines.
fn python_client(kind: &str, server: &Server, stdin: &[u8]) -> Option<String> {
    let mut command = python("raw_commands.py")?;
    command.args([kind, &server.addr().port().to_string()]);
    let finished = run(command, stdin);
    assert!(finished.status.success(), "{finished}");
    Some(finished.out())
}

#[test]
fn a_python_client_runs_commands_on_our_server_and_gets_the_flaw_too() {
    let ours = server("command-server", &["--wire", "python"]);
    let Some(out) = python_client("tcp-client", &ours, "echo 粘包\necho 'a  b'\n".as_bytes())
    else {
        return;
    };
    assert_eq!(out, "粘包\na  b\n");
    let Some(out) = python_client("tcp-client", &ours, b"seq 400\necho hi\n") else {
        return;
    };
    // The second answer begins inside a number, in what the first one left behind.
    let whole: String = (1..=400)
        .map(|number| format!("{number}\n"))
        .chain(["hi\n".to_owned()])
        .collect();
    assert!(out.len() > 1024 && whole.starts_with(&out), "{out}");
}

#[test]
fn our_client_runs_commands_on_both_kinds_of_python_server() {
    for kind in ["tcp-server", "tcp-server-at-once"] {
        let Some(theirs) = theirs(&[kind]) else {
            return;
        };
        let finished = run(
            client(&["run", "--wire", "python"], &theirs),
            "echo 粘包\nseq 3\n".as_bytes(),
        );
        assert_eq!(
            (finished.out().as_str(), finished.status.code()),
            ("粘包\n1\n2\n3\n", Some(0)),
            "{kind}: {finished}"
        );
    }
}

#[test]
fn datagrams_go_both_ways_stderr_first() {
    let ours = server("udp-command-server", &["--wire", "python"]);
    let Some(out) = python_client("udp-client", &ours, "echo 粘包\ntrue\nrm x\n".as_bytes())
    else {
        return;
    };
    assert!(out.starts_with("粘包\nerror : not allowed: rm "), "{out}");

    let Some(theirs) = theirs(&["udp-server"]) else {
        return;
    };
    let finished = run(
        client(&["udp-run"], &theirs),
        "echo 粘包\ntrue\nseq 2\n".as_bytes(),
    );
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        ("粘包\n1\n2\n", Some(0)),
        "{finished}"
    );
}

#[test]
fn two_sends_and_two_reads_of_ten_bytes_go_both_ways() {
    let mut ours = server("read-server", &["10", "10", "--late", "0.3"]);
    let Some(out) = python_client("two-sends", &ours, b"") else {
        return;
    };
    assert_eq!(out, "");
    let patience = tests::deadline::PATIENCE;
    let came = String::from_utf8(ours.running().stdout.until_the_end(patience)).unwrap();
    assert!(came.ends_with("\nhelloegg\nthe end\n"), "{came}");

    let Some(mut theirs) = theirs(&["two-reads"]) else {
        return;
    };
    assert!(
        run(client(&["write", "hello", "egg"], &theirs), b"")
            .status
            .success()
    );
    let came = theirs.running().stdout.line(patience, "-----> ");
    assert!(
        matches!(came.as_deref(), Some("helloegg" | "hello")),
        "{came:?}"
    );
}
