//! The Python wire against Python: programs that we wrote, which speak the tutorials' bytes, at either end.

use std::fs;
use std::path::Path;
use std::process::Command;

use tests::programs::{Server, program, run};
use tests::python::python;

use super::share;

fn lesson05(args: &[&str], server: &Server, folder: &Path) -> Command {
    let mut command = Command::new(program("lesson05"));
    command
        .args(args)
        .args(["--wire", "python", "--addr", &server.addr().to_string()])
        .current_dir(folder);
    command
}

/// A folder with a text, bytes of every value over several blocks, an empty file and a Chinese name.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "text\n").unwrap();
    fs::write(
        folder.path().join("bytes"),
        (0..=255).cycle().take(1_500_000).collect::<Vec<u8>>(),
    )
    .unwrap();
    fs::write(folder.path().join("empty"), "").unwrap();
    fs::write(folder.path().join("粘包.txt"), "粘包\n").unwrap();
    folder
}

fn same(one: &Path, other: &Path) {
    assert_eq!(
        fs::read(one).unwrap(),
        fs::read(other).unwrap(),
        "{}",
        other.display()
    );
}

#[test]
fn a_python_client_downloads_from_our_server_and_a_missing_name_is_not_the_end() {
    let (served, own) = (folder(), tempfile::tempdir().unwrap());
    let server = share(served.path(), &["--wire", "python"]);
    let Some(mut client) = python("files.py") else {
        return;
    };
    client
        .arg("client")
        .arg(server.addr().port().to_string())
        .arg(own.path());
    let finished = run(
        client,
        "a.txt\nmissing\n../a.txt\nbytes\nempty\n粘包.txt\n".as_bytes(),
    );
    assert!(finished.status.success(), "{finished}");
    assert_eq!(
        finished.out(),
        "a.txt 5\nmissing missing\n../a.txt missing\nbytes 1500000\nempty 0\n粘包.txt 7\n"
    );
    for name in ["a.txt", "bytes", "empty", "粘包.txt"] {
        same(
            &served.path().join(name),
            &own.path().join(format!("copy_{name}")),
        );
    }
}

#[test]
fn our_client_downloads_from_a_python_server() {
    let (served, own) = (folder(), tempfile::tempdir().unwrap());
    let Some(mut server) = python("files.py") else {
        return;
    };
    server.arg("server").arg(served.path());
    let server = Server::launch(server);
    let finished = run(
        lesson05(
            &["get", "a.txt", "missing", "bytes", "粘包.txt"],
            &server,
            own.path(),
        ),
        b"",
    );
    assert_eq!(finished.status.code(), Some(1), "{finished}");
    assert!(
        finished.err().contains("error: missing: no such file\n"),
        "{finished}"
    );
    for name in ["a.txt", "bytes", "粘包.txt"] {
        same(&served.path().join(name), &own.path().join(name));
    }
}

#[test]
fn a_server_that_never_leaves_its_send_loop_is_no_answer_for_the_second_name() {
    let (served, own) = (folder(), tempfile::tempdir().unwrap());
    let Some(mut server) = python("files.py") else {
        return;
    };
    server.arg("server").arg(served.path()).arg("--stuck");
    let server = Server::launch(server);
    let finished = run(
        lesson05(
            &["get", "a.txt", "bytes", "--idle", "0.3"],
            &server,
            own.path(),
        ),
        b"",
    );
    assert_eq!(finished.status.code(), Some(1), "{finished}");
    assert!(
        finished
            .err()
            .contains("error: bytes: no answer in 0.3 s\n"),
        "{finished}"
    );
    assert!(own.path().join("a.txt").exists() && !own.path().join("bytes").exists());
}

#[test]
fn either_key_of_the_command_header_is_understood_both_ways() {
    let here = tempfile::tempdir().unwrap();
    let ours = Server::start(
        "lesson05",
        &["command-server", "--wire", "python"],
        here.path(),
    );
    for key in ["data_size", "total_size"] {
        let Some(mut client) = python("json_commands.py") else {
            return;
        };
        client
            .arg("client")
            .arg(ours.addr().port().to_string())
            .arg(key);
        let finished = run(client, "echo 粘包\nseq 3\n".as_bytes());
        assert_eq!(finished.out(), "粘包\n1\n2\n3\n", "{finished}");

        let Some(mut server) = python("json_commands.py") else {
            return;
        };
        server.arg("server").arg(key);
        let theirs = Server::launch(server);
        let finished = run(
            lesson05(&["run"], &theirs, here.path()),
            "echo 粘包\nseq 3\n".as_bytes(),
        );
        assert_eq!(
            (finished.out().as_str(), finished.status.code()),
            ("粘包\n1\n2\n3\n", Some(0)),
            "{finished}"
        );
    }
}
