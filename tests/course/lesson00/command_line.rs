//! The program as a reader starts it: what it prints, its status, and the one line of a refusal.

use std::path::Path;
use std::process::Command;

use tests::programs::{program, workspace};

/// Status, stdout, stderr.
fn run(args: &[&str]) -> (Option<i32>, String, String) {
    run_with(args, b"")
}

fn run_with(args: &[&str], stdin: &[u8]) -> (Option<i32>, String, String) {
    let mut command = Command::new(program("lesson00"));
    command.args(args);
    let finished = tests::programs::run(command, stdin);
    (finished.status.code(), finished.out(), finished.err())
}

/// A file of the lesson's folder.
fn in_the_lesson(file: &str) -> String {
    let folder = Path::new(workspace()).join("lessons/00-addresses");
    folder.join(file).to_str().unwrap().to_owned()
}

#[test]
fn without_arguments_it_shows_the_worked_example_the_same_each_time() {
    let first = run(&[]);
    assert_eq!((first.0, first.2.as_str()), (Some(0), ""));
    assert!(
        first.1.contains("same network: yes\n") && first.1.contains("same network: no\n"),
        "{}",
        first.1
    );
    assert_eq!(
        first,
        run(&["--pause"]),
        "without a terminal there is nobody to wait for"
    );
}

#[test]
fn one_address_is_told() {
    let (status, out, err) = run(&["192.168.1.20/24"]);
    assert_eq!((status, err.as_str()), (Some(0), ""));
    assert!(out.starts_with("address     192.168.1.20\n"), "{out}");
    assert!(!out.contains("same network"), "{out}");
}

#[test]
fn a_second_address_is_told_and_compared() {
    let (status, out, _) = run(&["192.168.1.20/24", "192.168.2.20/24"]);
    assert_eq!(status, Some(0));
    assert!(
        out.contains("network     192.168.1.0/24\n")
            && out.contains("network     192.168.2.0/24\n"),
        "{out}"
    );
    assert!(out.ends_with("\nsame network: no\n"), "{out}");
    assert!(
        run(&["2001:db8::1/64", "2001:db8::2"])
            .1
            .ends_with("\nsame network: yes\n")
    );
}

#[test]
fn what_is_no_address_is_one_line_and_status_2() {
    for (args, line) in [
        (
            &["10.0.0.1/33"][..],
            "error: 10.0.0.1/33: the prefix `33` is over the 32 bits of the address\n",
        ),
        (
            &["192.168.1.20", "::g"],
            "error: ::g: `g` is not a hex digit\n",
        ),
        (
            &["10.0.0.1\u{1b}[2J"],
            "error: 10.0.0.1\\u{1b}[2J: neither an address nor a scene of --help; a name has to be looked up first: getent hosts NAME\n",
        ),
    ] {
        let (status, out, err) = run(args);
        assert_eq!(
            (status, out.as_str(), err.as_str()),
            (Some(2), "", line),
            "{args:?}"
        );
    }
    for args in [&["1.2.3.4", "1.2.3.4", "1.2.3.4"][..], &["--nothing"]] {
        let (status, _, err) = run(args);
        assert_eq!(status, Some(2), "{args:?}");
        assert!(
            err.starts_with("error: ") && !err.contains("panicked"),
            "{err}"
        );
    }
}

#[test]
fn every_scene_ends_with_status_0_and_says_something() {
    for (args, line) in [
        (
            &["mac", "02:00:00:00:00:0a"][..],
            "  U/L bit   1: chosen by software",
        ),
        (&["frame"], "a frame of 72 bytes, 6 of them ours"),
        (
            &["frame", "1"],
            "  20  00 01              operation        question: who has 192.168.1.20?",
        ),
        (
            &["conversation"],
            "  3 │────── SYN ──────▶│  I want to talk, my count starts at 0",
        ),
        (&["switch"], "port 3 got 1 of 12 frames"),
        (
            &["router"],
            "the same: 57 of 72 bytes, the IP addresses and our own among them",
        ),
        (&["ports"], "client 3 got C3"),
        (&["text"], "GBK bytes taken for UTF-8   ճ\u{fffd}\u{fffd}"),
        (&["text", "hi"], "UTF-8  2 bytes  68 | 69"),
    ] {
        let (status, out, err) = run(args);
        assert_eq!((status, err.as_str()), (Some(0), ""), "{args:?}");
        assert!(out.lines().any(|told| told == line), "{args:?}: {out}");
    }
}

#[test]
fn a_number_of_no_frame_is_told_with_those_there_are() {
    for number in ["0", "-1", "13", "99999999999999999999", "x"] {
        let line = format!("error: frame {number}: the capture has the frames 1 to 12\n");
        let wrong = run(&["frame", number]);
        assert_eq!(wrong, (Some(2), String::new(), line));
    }
}

#[test]
fn a_capture_of_ones_own_comes_from_a_file_or_a_pipe() {
    let file = in_the_lesson("captures/late-close.txt");
    let (status, out, _) = run(&["conversation", "--file", &file]);
    assert_eq!(status, Some(0));
    assert!(out.contains(" 13 │"), "{out}");

    let stdin = |text: &[u8]| {
        let (status, out, err) = run_with(&["frame", "1", "--file", "-"], text);
        (status, out + &err)
    };
    assert_eq!(
        stdin(b"02 00 0"),
        (
            Some(1),
            "error: stdin: line 1: an odd number of hex digits; a byte has two\n".into()
        )
    );
    assert_eq!(
        stdin(b"0200"),
        (
            Some(1),
            "error: frame 1: Ethernet header ends after 2 of 14 bytes\n".into()
        )
    );
    assert_eq!(
        stdin(b"\xff"),
        (Some(1), "error: stdin: is not text\n".into())
    );
    let (status, told) = stdin("00".repeat(14).as_bytes());
    assert_eq!(
        (status, told.lines().next()),
        (Some(0), Some("a frame of 14 bytes, 0 of them ours"))
    );
}

#[test]
fn what_does_not_exist_is_said_so() {
    for (args, code, line) in [
        (
            &["frame", "13"][..],
            2,
            "error: frame 13: the capture has the frames 1 to 12\n",
        ),
        (
            &["frame", "0"],
            2,
            "error: frame 0: the capture has the frames 1 to 12\n",
        ),
        (
            &["mac", "02:00"],
            2,
            "error: 02:00: a MAC address has 6 bytes, as in 02:00:00:00:00:0a, not 2\n",
        ),
        (
            &["frame", "--file", "no-such-file"],
            1,
            "error: no-such-file: no such file or folder\n",
        ),
        (
            &["conversation", "--file", "."],
            1,
            "error: .: is a folder\n",
        ),
    ] {
        let (status, out, err) = run(args);
        assert_eq!(
            (status, out.as_str(), err.as_str()),
            (Some(code), "", line),
            "{args:?}"
        );
    }
    for args in [
        &["frame", "six"][..],
        &["mac"],
        &["swich"],
        &["1.2.3.4", "frame"],
    ] {
        let (status, _, err) = run(args);
        assert_eq!(status, Some(2), "{args:?}");
        assert!(err.starts_with("error: "), "{err}");
    }
}

#[test]
fn help_is_no_error() {
    let (status, out, _) = run(&["--help"]);
    assert_eq!(status, Some(0));
    assert!(out.contains("192.168.1.20/24"), "{out}");
    for scene in [
        "mac",
        "frame",
        "conversation",
        "switch",
        "router",
        "ports",
        "text",
    ] {
        assert!(
            out.lines().any(|line| line.trim_start().starts_with(scene)),
            "{scene}: {out}"
        );
    }
}
