//! The program as a reader starts it: what it prints, its status, and the one line of a refusal.
#![forbid(unsafe_code)]
// clippy.toml allows these in functions marked as tests; the helper is part of the tests too.
#![allow(clippy::unwrap_used)]

use std::process::{Command, Stdio};

/// Status, stdout, stderr.
fn run(args: &[&str]) -> (Option<i32>, String, String) {
    let program = env!("CARGO_BIN_EXE_lesson00");
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn without_arguments_it_shows_the_worked_example_the_same_each_time() {
    let first = run(&[]);
    assert_eq!((first.0, first.2.as_str()), (Some(0), ""));
    assert!(first.1.contains("same network: yes\n") && first.1.contains("same network: no\n"), "{}", first.1);
    assert_eq!(first, run(&["--pause"]), "without a terminal there is nobody to wait for");
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
        out.contains("network     192.168.1.0/24\n") && out.contains("network     192.168.2.0/24\n"),
        "{out}"
    );
    assert!(out.ends_with("\nsame network: no\n"), "{out}");
    assert!(run(&["2001:db8::1/64", "2001:db8::2"]).1.ends_with("\nsame network: yes\n"));
}

#[test]
fn what_is_no_address_is_one_line_and_status_2() {
    for (args, line) in [
        (&["10.0.0.1/33"][..], "error: 10.0.0.1/33: the prefix `33` is over the 32 bits of the address\n"),
        (&["192.168.1.20", "::g"], "error: ::g: `g` is no hex digit\n"),
        (
            &["10.0.0.1\u{1b}[2J"],
            "error: 10.0.0.1\\u{1b}[2J: not an address; a name has to be looked up first, for instance with `getent hosts NAME`\n",
        ),
    ] {
        let (status, out, err) = run(args);
        assert_eq!((status, out.as_str(), err.as_str()), (Some(2), "", line), "{args:?}");
    }
    for args in [&["1.2.3.4", "1.2.3.4", "1.2.3.4"][..], &["--nothing"]] {
        let (status, _, err) = run(args);
        assert_eq!(status, Some(2), "{args:?}");
        assert!(err.starts_with("error: ") && !err.contains("panicked"), "{err}");
    }
}

#[test]
fn help_is_no_error() {
    let (status, out, _) = run(&["--help"]);
    assert_eq!(status, Some(0));
    assert!(out.contains("192.168.1.20/24"), "{out}");
}
