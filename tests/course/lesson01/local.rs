//! The scenes that need no second terminal.

use super::*;

#[test]
fn without_a_scene_the_demo_is_printed() {
    let printed = run(lesson01(&["--pause"]), b"");
    let committed =
        std::fs::read_to_string(workspace().join("lessons/01-raw-tcp/demo.txt")).unwrap();
    ended(&printed, 0, &committed, "");
}

#[test]
fn help_names_every_scene_on_one_line() {
    let help = run(lesson01(&["--help"]), b"").out();
    for scene in [
        "server",
        "client",
        "hello-server",
        "hello",
        "talk-server",
        "talk",
        "options",
        "unix",
        "endings",
        "backlog",
        "short-writes",
    ] {
        let lines = help
            .lines()
            .filter(|line| line.trim().split("  ").next() == Some(scene))
            .count();
        assert_eq!(lines, 1, "{scene}\n{help}");
    }
}

#[test]
fn options_are_listed_for_both_versions_of_ip() {
    for (addr, family) in [("127.0.0.1:0", "AF_INET"), ("[::1]:0", "AF_INET6")] {
        if std::net::TcpListener::bind(addr).is_err() {
            cli::log(format_args!("skipped: no {addr} here"));
            continue;
        }
        let finished = run(lesson01(&["options", "--addr", addr]), b"");
        assert!(
            finished.status.success() && finished.stderr.is_empty(),
            "{finished}"
        );
        let out = finished.out();
        if family == "AF_INET6" && cfg!(target_os = "linux") {
            assert!(
                out.ends_with("  ::ffff:127.0.0.1, ::1\n"),
                "one listener, both kinds of client\n{out}"
            );
        }
        assert!(
            out.lines()
                .any(|line| line.starts_with("s.family ") && line.ends_with(&format!(" {family}"))),
            "{out}"
        );
    }
}

#[test]
#[cfg(unix)]
fn the_echo_works_over_a_file() {
    let finished = run(lesson01(&["unix"]), b"");
    assert!(
        finished.status.success() && finished.out().contains("“HELLO, FILE”"),
        "{finished}"
    );
}

#[test]
#[cfg(unix)]
fn a_folder_too_deep_for_a_socket_is_told_with_path_length_and_limit() {
    let limit = if cfg!(target_os = "linux") { 107 } else { 103 };
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("x".repeat(limit));
    std::fs::create_dir(&deep).unwrap();
    let mut command = lesson01(&["unix"]);
    command.env("TMPDIR", &deep);
    let finished = run(command, b"");
    let err = finished.err();
    let (start, end) = (
        format!("error: unix: {}/lesson01-", deep.display()),
        format!(" bytes are over the limit of {limit} for a socket's path\n"),
    );
    assert!(err.starts_with(&start) && err.ends_with(&end), "{err}");
    let path = err.strip_prefix("error: unix: ").unwrap();
    let path = path.split_once(": ").unwrap().0;
    assert!(err.contains(&format!(": {} bytes", path.len())), "{err}");
    assert_eq!((finished.status.code(), err.lines().count()), (Some(1), 1));
    let left = std::fs::read_dir(&deep).unwrap().count();
    assert_eq!(left, 0, "its folder was left behind");
}

/// A stack of 64 TiB is more than any system gives, so no second thread begins.
#[test]
#[cfg(target_pointer_width = "64")]
fn where_no_thread_is_to_be_had_a_scene_says_so_and_ends() {
    for (scene, what) in [
        (&[][..], "demo"),
        (&["unix"], "unix"),
        (&["short-writes", "--addr", "127.0.0.1:0"], "127.0.0.1:0"),
        (&["talk-server", "--addr", "127.0.0.1:0"], "talk-server"),
    ] {
        let mut command = lesson01(scene);
        command.env("RUST_MIN_STACK", (1_u64 << 46).to_string());
        let line = format!("error: {what}: the system has no thread to give\n");
        ended(&run(command, b""), 1, "", &line);
    }
    // A short line needs no thread. The server needs none at all.
    let server = server(&["server"]);
    let mut command = client_of(&["client"], server.addr());
    command.env("RUST_MIN_STACK", (1_u64 << 46).to_string());
    let lines = format!("short\n{}\n", "x".repeat(1 << 20));
    let line = format!(
        "error: {}: the system has no thread to give\n",
        server.addr()
    );
    ended(&run(command, lines.as_bytes()), 1, "SHORT\n", &line);
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_measured_is_printed() {
    let endings = run(lesson01(&["endings"]), b"");
    assert!(endings.status.success(), "{endings}");
    for part in [
        "RST",
        "end of the stream",
        "ConnectionResetError",
        "server's port TIME_WAIT",
        "ignores it",
    ] {
        assert!(endings.out().contains(part), "{part}\n{endings}");
    }
    let backlog = run(lesson01(&["backlog"]), b"");
    let somaxconn = lesson01::backlog::somaxconn().unwrap_or(usize::MAX);
    for n in [0, 1, 3, 5, 128] {
        let row = format!("{n:>9}  {:>9}  TimedOut\n", somaxconn.min(n) + 1);
        assert!(backlog.out().contains(&row), "{row}{backlog}");
    }
    let short = run(lesson01(&["short-writes"]), b"");
    assert!(
        short.out().contains("WouldBlock") && short.out().ends_with("missing 0\n"),
        "{short}"
    );
}

#[test]
fn a_local_scene_ends_quietly_when_nobody_reads_it() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    for scene in [&["options"][..], &["short-writes"], &["backlog"], &[]] {
        let mut command = lesson01(scene);
        let output = command
            .stdout(writer.try_clone().unwrap())
            .stderr(std::process::Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(
            (output.status.code(), output.stderr.as_slice()),
            (Some(0), &b""[..]),
            "{scene:?}"
        );
    }
}

/// What a shell starts with `ulimit -f` may write so many blocks and no more.
#[test]
#[cfg(unix)]
fn a_full_quota_is_an_error_of_the_write_and_not_the_end_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    for (lesson, args, failed) in [
        ("lesson00", "conversation > out", "stdout"),
        ("lesson01", "> out", "stdout"),
        ("lesson01", "--trace-svg out > /dev/null", "trace: out"),
        (
            "lesson02",
            "limits --trace-svg out > /dev/null",
            "trace: out",
        ),
    ] {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -f 1; \"$0\" {args}")]);
        shell.arg(program(lesson)).current_dir(folder.path());
        let line = format!("error: {failed}: file too large\n");
        ended(&run(shell, b""), 1, "", &line);
    }
}
