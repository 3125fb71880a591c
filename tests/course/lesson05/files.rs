//! `server`, `get`, `put`, `list` as their users type them: output, status, and the one `error:` line.

use std::fs;
use std::path::Path;
use std::process::Command;

use assert_cmd::assert::OutputAssertExt;
use predicates::prelude::*;
use predicates::str::{contains, is_empty, is_match, starts_with};
use tests::programs::{Server, program, run};
use tests::python::python;

use super::share;
use super::wire::Peer;

fn lesson05(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program("lesson05"));
    command.args(args).current_dir(folder);
    command
}

/// A client of `server` that works in `folder`.
fn client(server: &Server, folder: &Path, args: &[&str]) -> Command {
    let mut command = lesson05(folder, args);
    command.args(["--addr", &server.addr().to_string()]);
    command
}

/// A shared folder with a text, bytes of every value, an empty file and a Chinese name; and a folder to work in.
struct Pair {
    served: tempfile::TempDir,
    own: tempfile::TempDir,
}

impl Pair {
    fn new() -> Self {
        let served = tempfile::tempdir().unwrap();
        fs::write(served.path().join("a.txt"), "text\n").unwrap();
        fs::write(served.path().join("bytes"), every_byte()).unwrap();
        fs::write(served.path().join("empty"), "").unwrap();
        fs::write(served.path().join("粘包.txt"), "粘包\n").unwrap();
        Self {
            served,
            own: tempfile::tempdir().unwrap(),
        }
    }
}

fn every_byte() -> Vec<u8> {
    (0..=255).cycle().take(700_000).collect()
}

#[test]
fn files_of_every_kind_arrive_as_they_are_under_their_own_names() {
    let pair = Pair::new();
    let server = share(pair.served.path(), &[]);
    for wire in ["course", "python"] {
        let own = tempfile::tempdir().unwrap();
        let server = share(pair.served.path(), &["--wire", wire]);
        client(
            &server,
            own.path(),
            &["get", "a.txt", "bytes", "empty", "粘包.txt", "--wire", wire],
        )
        .assert()
        .success()
        .stdout(is_empty())
        .stderr(is_match("saved empty: 0 bytes, md5 d41d8cd98f00b204e9800998ecf8427e\n").unwrap());
        for entry in fs::read_dir(pair.served.path()).unwrap() {
            let path = entry.unwrap().path();
            assert_eq!(
                fs::read(own.path().join(path.file_name().unwrap())).unwrap(),
                fs::read(&path).unwrap()
            );
        }
    }
    client(&server, pair.own.path(), &["get", "粘包.txt", "--to", "."])
        .assert()
        .success();
    fs::create_dir(pair.own.path().join("to")).unwrap();
    client(&server, pair.own.path(), &["get", "a.txt", "--to", "to"])
        .assert()
        .success()
        .stderr(starts_with(format!(
            "saved {}: 5 bytes, md5 ",
            Path::new("to").join("a.txt").display()
        )));
}

#[test]
fn a_missing_file_is_named_and_the_others_still_come() {
    let pair = Pair::new();
    for wire in ["course", "python"] {
        let own = tempfile::tempdir().unwrap();
        let server = share(pair.served.path(), &["--wire", wire]);
        client(
            &server,
            own.path(),
            &[
                "get", "no-such", "a.txt", "../a.txt", "empty", "--wire", wire,
            ],
        )
        .assert()
        .code(1)
        .stderr(
            contains("error: no-such: no such file").and(contains("error: ../a.txt: no such file")),
        );
        assert_eq!(fs::read(own.path().join("a.txt")).unwrap(), b"text\n");
        assert!(own.path().join("empty").exists());
        assert_eq!(fs::read_dir(own.path()).unwrap().count(), 2);
    }
}

#[test]
fn a_name_too_long_for_a_header_is_refused_here_and_the_others_still_come() {
    let pair = Pair::new();
    let server = share(pair.served.path(), &[]);
    client(
        &server,
        pair.own.path(),
        &["get", &"x".repeat(70_000), "a.txt"],
    )
    .assert()
    .code(1)
    .stderr(
        contains("header of 70022 bytes is over the limit of 65536").and(contains("saved a.txt")),
    );
}

#[test]
#[cfg(unix)]
fn a_file_shown_on_a_terminal_is_not_wiped_by_a_progress_bar() {
    let pair = Pair::new();
    fs::write(pair.served.path().join("line"), "no end of line").unwrap();
    let server = share(pair.served.path(), &[]);
    let Some(mut terminal) = python("terminal.py") else {
        return;
    };
    terminal.arg(program("lesson05"));
    terminal.args([
        "get",
        "line",
        "--to",
        "-",
        "--addr",
        &server.addr().to_string(),
    ]);
    let shown = run(terminal, b"").out();
    assert!(
        shown.starts_with("no end of line") && !shown.contains('\u{1b}'),
        "{shown:?}"
    );
}

#[test]
fn to_stdout_go_the_exact_bytes_and_nothing_else() {
    let pair = Pair::new();
    let server = share(pair.served.path(), &[]);
    let output = client(
        &server,
        pair.own.path(),
        &["get", "bytes", "a.txt", "--to", "-"],
    )
    .output()
    .unwrap();
    assert_eq!(output.stdout, [every_byte(), b"text\n".to_vec()].concat());
    assert_eq!(fs::read_dir(pair.own.path()).unwrap().count(), 0);
}

#[test]
fn a_list_is_size_tab_name_sorted_by_bytes_and_names_only_what_can_be_had() {
    let pair = Pair::new();
    fs::create_dir(pair.served.path().join("folder")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.txt", pair.served.path().join("link")).unwrap();
    #[cfg(unix)]
    fs::write(pair.served.path().join("bad\nname"), "x").unwrap();
    let server = share(pair.served.path(), &[]);
    client(&server, pair.own.path(), &["list"])
        .assert()
        .success()
        .stdout("5\ta.txt\n700000\tbytes\n0\tempty\n7\t粘包.txt\n")
        .stderr(is_empty());
}

#[test]
fn an_upload_is_stored_and_told_with_its_digest() {
    let pair = Pair::new();
    let server = share(pair.served.path(), &[]);
    fs::write(pair.own.path().join("新.txt"), every_byte()).unwrap();
    fs::write(pair.own.path().join("nothing"), "").unwrap();
    client(&server, pair.own.path(), &["put", "./新.txt", "nothing"])
        .assert()
        .success()
        .stdout(is_empty())
        .stderr(
            is_match(
                "sent 新.txt: 700000 bytes, md5 [0-9a-f]{32}\nsent nothing: 0 bytes, md5 d41d8",
            )
            .unwrap(),
        );
    assert_eq!(
        fs::read(pair.served.path().join("新.txt")).unwrap(),
        every_byte()
    );
    assert_eq!(fs::read(pair.served.path().join("nothing")).unwrap(), b"");
}

#[test]
fn what_cannot_be_sent_is_named_and_the_others_still_go() {
    let pair = Pair::new();
    let server = share(pair.served.path(), &[]);
    fs::write(pair.own.path().join("new"), "new").unwrap();
    fs::create_dir(pair.own.path().join("folder")).unwrap();
    client(
        &server,
        pair.own.path(),
        &[
            "put", "missing", "folder", "folder/", "./folder/.", "..", ".", "/", "new/", "new",
        ],
    )
    .assert()
    .code(1)
    .stderr(
        is_match(
            "^error: missing: no such file or folder\n\
             error: folder: is a folder\nerror: folder/: is a folder\nerror: ./folder/.: is a folder\n\
             error: ..: is a folder\nerror: .: is a folder\nerror: /: is a folder\n\
             error: new/: not a folder\nsent new: 3 bytes, md5 .*\n$",
        )
        .unwrap(),
    );
}

#[test]
#[cfg(target_os = "linux")]
fn what_has_no_size_that_could_be_sent_first_is_named_and_the_others_still_go() {
    let pair = Pair::new();
    let server = share(pair.served.path(), &[]);
    let own = pair.own.path();
    let made = Command::new("mkfifo").arg(own.join("pipe")).status();
    assert!(made.unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(own.join("socket")).unwrap();
    std::os::unix::fs::symlink("nowhere", own.join("broken")).unwrap();
    std::os::unix::fs::symlink("pipe", own.join("link")).unwrap();
    fs::write(own.join("new"), "new").unwrap();
    let files = [
        "put",
        "pipe",
        "socket",
        "link",
        "/dev/null",
        "broken",
        "/proc/self/status",
        "new",
    ];
    client(&server, own, &files).assert().code(1).stderr(
        is_match(
            "^error: pipe: not a regular file\nerror: socket: not a regular file\n\
             error: link: not a regular file\nerror: /dev/null: not a regular file\n\
             error: broken: no such file or folder\n\
             error: /proc/self/status: its size is not known before it is read: copy it, and take the copy\n\
             sent new: 3 bytes, md5 .*\n$",
        )
        .unwrap(),
    );
    assert!(!pair.served.path().join("status").exists());
}

#[test]
fn a_large_upload_that_is_refused_on_its_way_tells_why() {
    let pair = Pair::new();
    fs::create_dir(pair.served.path().join("large")).unwrap();
    let file = fs::File::create(pair.own.path().join("large")).unwrap();
    file.set_len(256 * 1024 * 1024).unwrap(); // more than all buffers between the two hold
    let server = share(pair.served.path(), &[]);
    client(&server, pair.own.path(), &["put", "large", "next"])
        .assert()
        .code(1)
        .stderr(
            "error: large: a folder has this name\n\
             error: next: not tried, the connection is over\n",
        );
}

#[test]
fn beyond_loopback_uploads_want_a_flag() {
    let pair = Pair::new();
    fs::write(pair.own.path().join("new"), "new").unwrap();
    for (flag, code) in [(None, 1), (Some("--upload"), 0)] {
        let mut command = lesson05(
            pair.served.path(),
            &["server", "--dir", ".", "--addr", "0.0.0.0:0"],
        );
        command.args(flag);
        let server = Server::launch(command);
        let addr = format!("127.0.0.1:{}", server.addr().port());
        lesson05(pair.own.path(), &["put", "new", "--addr", &addr])
            .assert()
            .code(code);
        lesson05(
            pair.own.path(),
            &["get", "a.txt", "--to", "-", "--addr", &addr],
        )
        .assert()
        .success()
        .stdout("text\n");
    }
}

#[test]
fn nobody_listening_is_one_line_with_the_address_and_the_next_step() {
    let own = tempfile::tempdir().unwrap();
    // Bound and given back: nobody else listens there now.
    let addr = tests::listener().local_addr().unwrap().to_string();
    let line = format!(
        "error: {addr}: refused: is the server running? try cargo run -p lesson05 -- server\n"
    );
    for args in [&["get", "a"][..], &["list"]] {
        lesson05(own.path(), args)
            .args(["--addr", &addr])
            .assert()
            .code(1)
            .stdout(is_empty())
            .stderr(line.clone());
    }
}

#[test]
fn a_port_in_use_and_an_address_of_somebody_else_are_told_with_the_next_step() {
    let own = tempfile::tempdir().unwrap();
    let taken = tests::listener().local_addr().unwrap();
    let listener = std::net::TcpListener::bind(taken).unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    lesson05(own.path(), &["server", "--dir", ".", "--addr", &taken])
        .assert()
        .code(1)
        .stdout(is_empty())
        .stderr(
            starts_with(format!("error: {taken}: already in use: "))
                .and(contains("--addr 127.0.0.1:0\n")),
        );
    // 192.0.2.0/24 is kept for documentation (RFC 5737): no machine has it.
    lesson05(
        own.path(),
        &["server", "--dir", ".", "--addr", "192.0.2.1:0"],
    )
    .assert()
    .code(1)
    .stderr(starts_with(
        "error: 192.0.2.1:0: not an address of this machine",
    ));
}

#[test]
fn wrong_usage_is_status_two_and_says_what_is_wrong() {
    let own = tempfile::tempdir().unwrap();
    for (args, line) in [
        (&["fly"][..], "error: unrecognized subcommand 'fly'\n"),
        (
            &["get"],
            "error: the following required arguments were not provided:\n  <NAMES>...\n",
        ),
        (
            &["list", "--fast"],
            "error: unexpected argument '--fast' found\n",
        ),
        (
            &["list", "--trace", "--trace"],
            "error: the argument '--trace' cannot be used multiple times\n",
        ),
        (
            &["list", "--addr", "8080"],
            "error: invalid value '8080' for '--addr <HOST:PORT>': no port; want HOST:PORT",
        ),
        (
            &["list", "--addr", "127.0.0.1:70000"],
            "error: invalid value '127.0.0.1:70000' for '--addr <HOST:PORT>': port 70000 is over 65535\n",
        ),
        (
            &["list", "--addr", "127.0.0.1:0"],
            "error: 127.0.0.1:0: port 0 is only for binding",
        ),
        (
            &["list", "--idle", "0"],
            "error: invalid value '0' for '--idle <SECS>': seconds go from 0.001",
        ),
        (
            &["list", "--wire", "perl"],
            "error: invalid value 'perl' for '--wire <WIRE>'\n  [possible values: course, python]\n",
        ),
        (
            &["list", "--wire", "python"],
            "error: list: the python wire knows only downloads",
        ),
        (
            &["put", "x", "--wire", "python"],
            "error: put: the python wire knows only downloads",
        ),
        (
            &["command-server", "--addr", "0.0.0.0:0"],
            "error: 0.0.0.0:0: a command server listens on loopback only",
        ),
    ] {
        lesson05(own.path(), args)
            .assert()
            .code(2)
            .stdout(is_empty())
            .stderr(starts_with(line));
    }
}

#[test]
fn help_lists_every_scene_with_a_line() {
    let own = tempfile::tempdir().unwrap();
    let help = lesson05(own.path(), &["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for scene in ["server", "get", "put", "list", "command-server", "run"] {
        let line = help
            .lines()
            .find(|line| line.trim_start().starts_with(&format!("{scene} ")))
            .unwrap();
        assert!(line.trim().len() > scene.len() + 5, "{line}");
    }
}

#[test]
fn the_demo_prints_the_same_every_time_and_no_bar_without_a_terminal() {
    let own = tempfile::tempdir().unwrap();
    let first = lesson05(own.path(), &[]).output().unwrap();
    let second = lesson05(own.path(), &["--pause"]).output().unwrap();
    assert!(first.status.success() && !first.stdout.is_empty());
    assert_eq!(first.stdout, second.stdout);
    assert_eq!(first.stderr, b"");
}

#[test]
#[cfg(unix)]
fn a_demo_without_a_temporary_folder_says_so_in_words() {
    let own = tempfile::tempdir().unwrap();
    fs::write(own.path().join("file"), "").unwrap();
    for (tmp, why) in [
        ("/no/such", "no such file or folder"),
        ("file", "not a folder"),
        ("/dev/null", "not a folder"),
    ] {
        let line =
            format!("error: demo: no folder can be made in {tmp}: {why}; TMPDIR names another\n");
        let mut demo = lesson05(own.path(), &[]);
        demo.env("TMPDIR", tmp).assert().code(1).stderr(line);
    }
}

#[test]
fn where_no_thread_can_be_had_the_demo_says_so() {
    let own = tempfile::tempdir().unwrap();
    let mut demo = lesson05(own.path(), &[]);
    demo.env("RUST_MIN_STACK", (1_u64 << 60).to_string()); // no thread gets a stack of that size
    demo.assert()
        .code(1)
        .stdout(is_empty())
        .stderr("error: demo: the system has no thread to give\n");
}

#[test]
fn a_trace_draws_text_and_svg() {
    let pair = Pair::new();
    let server = share(pair.served.path(), &[]);
    client(
        &server,
        pair.own.path(),
        &[
            "get",
            "a.txt",
            "--to",
            "-",
            "--trace",
            "--trace-svg",
            "t.svg",
        ],
    )
    .assert()
    .success()
    .stdout("text\n")
    .stderr(contains(r#"{"op":"get","name":"a.txt"}"#));
    assert!(
        fs::read_to_string(pair.own.path().join("t.svg"))
            .unwrap()
            .starts_with("<svg")
    );
}

#[test]
fn a_trace_that_cannot_be_written_hides_neither_the_client_s_failure_nor_the_server_s() {
    let pair = Pair::new();
    let server = share(pair.served.path(), &["--trace-svg", "no-such/t.svg"]);
    let mut peer = Peer::connect(&server);
    peer.send(b"\0\0").half_close();
    assert!(
        peer.logged(&server)
            .contains("inside a header, after 2 of 4 bytes")
    );
    assert_eq!(
        server.logs("trace: "),
        "no-such/t.svg: no such file or folder"
    );

    // Nothing but silence comes from here.
    let silent = tests::listener();
    let addr = silent.local_addr().unwrap().to_string();
    lesson05(
        pair.own.path(),
        &[
            "list",
            "--idle",
            "0.2",
            "--trace-svg",
            "no-such/t.svg",
            "--addr",
            &addr,
        ],
    )
    .assert()
    .code(1)
    .stderr(format!(
        "error: {addr}: no answer in 0.2 s\nerror: trace: no-such/t.svg: no such file or folder\n"
    ));
}

#[test]
#[cfg(target_os = "linux")]
fn help_that_cannot_be_written_is_a_failure() {
    let full = || {
        fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    for args in [&["--help"][..], &["--version"], &["get", "--help"]] {
        let mut command = Command::new(program("lesson05"));
        let output = command.args(args).stdout(full()).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert_eq!(
            String::from_utf8_lossy(&output.stderr),
            "error: stdout: the disk is full\n"
        );
    }
}
