//! The scenes that need no second program, and wrong usage.

use std::fs;
use std::path::Path;
use std::process::Command;

use tests::programs::{Finished, program, run};

use super::{client, server};

fn lesson03(args: &[&str], folder: &Path, stdin: &[u8]) -> Finished {
    let mut command = Command::new(program("lesson03"));
    command.args(args).current_dir(folder);
    run(command, stdin)
}

fn here(args: &[&str], stdin: &[u8]) -> Finished {
    lesson03(args, Path::new("."), stdin)
}

#[test]
fn the_prompt_labels_the_three_parts_of_a_result_and_ends_at_its_words() {
    let finished = here(&["shell"], b"echo hi\n\nfalse\nrm x\nexit\necho never\n");
    let out = finished.out();
    assert!(
        out.starts_with(
            "status 0\noutput:\nhi\nerrors:\nstatus 1\noutput:\nerrors:\nstatus 126\noutput:\nerrors:\nnot allowed: "
        ),
        "{finished}"
    );
    assert!(!out.contains("never"), "{finished}");
    assert_eq!(here(&["shell"], b"bye\necho never\n").out(), "");
    if cfg!(unix) {
        let any = here(&["shell", "--shell"], b"echo out; echo err >&2; exit 3\n");
        assert_eq!(any.out(), "status 3\noutput:\nout\nerrors:\nerr\n");
    }
}

#[test]
#[cfg(unix)]
fn ping_writes_one_line_for_each_address_in_order_and_runs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    // Answers for one address only, and writes down what it was given.
    let script = "#!/bin/sh\necho \"$@\" >> asked\nfor last; do :; done\ntest \"$last\" = 127.0.0.1\n";
    fs::write(path.join("fake"), script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(path.join("fake"), mode).unwrap();
    fs::write(path.join("ips"), "127.0.0.1\r\n10.0.0.9\n\n-f\n; touch owned\n  127.0.0.1  \nexample.test")
        .unwrap();

    let finished = lesson03(&["ping", "ips", "--program", "./fake"], path, b"");
    let results = "127.0.0.1 : 0\n10.0.0.9 : 1\n-f : 1\n; touch owned : 1\n127.0.0.1 : 0\nexample.test : 1\n";
    assert_eq!(fs::read_to_string(path.join("ping.txt")).unwrap(), results, "{finished}");
    assert_eq!((finished.out().as_str(), finished.status.code()), (results, Some(1)));
    assert!(
        finished.err().starts_with("error: -f: not an address or a host name: not pinged\n"),
        "{finished}"
    );
    assert!(!path.join("owned").exists());
    let asked = fs::read_to_string(path.join("asked")).unwrap();
    assert_eq!(asked.lines().count(), 4, "{asked}");
    assert!(asked.lines().all(|line| !line.contains("-f")), "{asked}");

    fs::write(path.join("one"), "127.0.0.1\n").unwrap();
    let finished = lesson03(&["ping", "one", "--out", "results", "--program", "./fake"], path, b"");
    assert_eq!(finished.status.code(), Some(0), "{finished}");
    assert_eq!(fs::read_to_string(path.join("results")).unwrap(), "127.0.0.1 : 0\n");
    let finished = lesson03(&["ping", "one", "--out", "./one", "--program", "./fake"], path, b"");
    assert_eq!(finished.status.code(), Some(2), "{finished}");
}

#[test]
#[cfg(unix)]
fn a_missing_ping_is_said_and_leaves_no_results() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ips"), "127.0.0.1\n").unwrap();
    let finished = lesson03(&["ping", "ips", "--program", "no-such-ping"], folder.path(), b"");
    assert_eq!(finished.status.code(), Some(1));
    assert!(
        finished.err().starts_with("error: no-such-ping: no such program here: install it"),
        "{finished}"
    );
    assert!(!folder.path().join("ping.txt").exists());
}

#[test]
fn the_local_scenes_end_by_themselves_and_show_what_they_promise() {
    let sticky = here(&["leftover"], b"").out();
    assert!(
        sticky.contains("read(2)") && sticky.contains("“ eggbye”") && sticky.contains("“粘\u{fffd}”"),
        "{sticky}"
    );
    let late = here(&["interval"], b"").out();
    let whole = "“m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 ”";
    assert_eq!(late.matches(&format!("     1   {whole}\n")).count(), 2, "{late}");
    let kernel = here(&["kernel"], b"").out();
    assert_eq!(kernel.matches("8 bytes\n").count(), 2, "{kernel}");
    assert_eq!(kernel.matches("40 bytes\n").count(), 2, "{kernel}");
    let reads = here(&["one-write"], b"").out();
    let sizes = reads.lines().skip(3).flat_map(str::split_whitespace);
    assert_eq!(sizes.map(|size| size.parse::<usize>().unwrap()).sum::<usize>(), 1_000_000, "{reads}");
    assert_eq!(here(&["nagle"], b"").out().lines().count(), 4);
}

#[test]
fn a_kernel_that_cannot_be_asked_is_said_and_is_no_failure() {
    for scene in ["kernel", "one-write", "silence"] {
        let mut command = Command::new(program("lesson03"));
        command.arg(scene).env("PATH", ""); // no `ss` anywhere
        let finished = run(command, b"");
        assert!(finished.status.success(), "{scene}: {finished}");
        let told = "the kernel's side cannot be seen here: the program `ss` is not here";
        assert!(finished.out().contains(told), "{scene}: {finished}");
    }
}

#[test]
fn two_writes_are_one_line_of_a_late_reader() {
    let mut reader = server("read-server", &["--late", "0.3"]);
    assert!(run(client(&["write"], &reader), b"").status.success());
    let out = reader.running().stdout.until_the_end(tests::deadline::PATIENCE);
    assert!(out.ends_with(b"\nhelloegg\nthe end\n"), "{}", String::from_utf8_lossy(&out));
}

#[test]
fn wrong_usage_is_status_two() {
    for (args, told) in [
        (&["command-server", "--addr", "0.0.0.0:0"][..], "a command server listens on loopback only"),
        (&["udp-command-server", "--addr", "0.0.0.0:0"], "a command server listens on loopback only"),
        (&["run", "--addr", "127.0.0.1"], "no port"),
        (&["udp-run", "--addr", "127.0.0.1:0", "--", "date"], "port 0 is only for binding"),
        (&["run", "--timeout", "0"], "seconds go from"),
        (&["read-server", "0"], "0"),
        (&["no-such-scene"], "no such scene"),
    ] {
        let finished = here(args, b"");
        assert_eq!(finished.status.code(), Some(2), "{args:?}: {finished}");
        assert!(
            finished.err().starts_with("error: ") && finished.err().contains(told),
            "{args:?}: {finished}"
        );
    }
}
