//! Status and output are exactly the program's, or one line says why it did not run.
// What was skipped, and why, is for whoever reads the output; a helper panics where a test fails.
#![allow(clippy::print_stdout, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use super::*;
use crate::answer::OVER_LIMIT;
use crate::tests::{
    MIB, STILL_THERE, listed, marker, nobody_left, runner, shell, stderr, stdout, within,
};

#[test]
fn an_answer_holds_the_status_and_both_outputs() {
    assert_eq!(
        shell("echo out; echo err >&2; exit 3"),
        Answer {
            status: 3,
            stdout: b"out\n".into(),
            stderr: b"err\n".into(),
            cut: false
        }
    );
    assert_eq!(shell("exit 255").status, 255);
    assert_eq!(listed("true").status, 0);
    assert_eq!(listed("false").status, 1);
    assert_eq!(stdout(&listed("echo 'a  b' \"c\"")), "a  b c\n");
    assert_eq!(stdout(&listed("echo $HOME * ; ls")), "$HOME * ; ls\n");
}

#[test]
fn a_program_ended_by_a_signal_has_a_negative_status() {
    assert_eq!(shell("kill -TERM $$").status, -15);
    assert_eq!(shell("kill -SEGV $$").status, -11);
}

#[test]
fn bytes_that_are_no_utf8_reach_the_program_and_come_back() {
    let answer = Runner::new(Rules::Listed).run(b"echo '\xff\xfe  \x80'", STILL_THERE);
    assert_eq!(answer.stdout, b"\xff\xfe  \x80\n");
    let answer = Runner::new(Rules::Shell).run(b"printf %s '\xff'", STILL_THERE);
    assert_eq!(answer.stdout, b"\xff");
}

#[test]
fn what_is_not_allowed_is_one_line_with_status_126() {
    for line in [
        "rm x",
        "",
        "/bin/echo x",
        "echo 'a",
        "date 12:00",
        "hostname evil",
        "a\0b",
        "sh -c 'echo x'",
    ] {
        let answer = listed(line);
        assert_eq!(answer.status, NOT_ALLOWED, "{line}");
        assert!(
            stderr(&answer).starts_with("not allowed: "),
            "{line}: {}",
            stderr(&answer)
        );
        assert_eq!(stderr(&answer).matches('\n').count(), 1, "{line}");
        assert!(
            answer.stdout.is_empty() && stderr(&answer).ends_with('\n'),
            "{line}"
        );
    }
    assert_eq!(shell("echo a\0b").status, NOT_ALLOWED);
    assert!(stderr(&shell("echo a\0b")).starts_with("not allowed: a zero byte"));
}

#[test]
fn a_word_too_long_for_the_system_is_an_answer() {
    let answer = listed(&format!("echo {}", "x".repeat(MIB)));
    assert_eq!(answer.status, NOT_ALLOWED);
    assert!(
        stderr(&answer).starts_with("cannot run: echo: "),
        "{}",
        stderr(&answer)
    );
}

#[test]
fn a_line_that_begins_with_a_dash_is_no_option_of_the_shell() {
    assert_eq!(shell("-s").status, NOT_FOUND); // as an option, `sh -c -s` would be another failure: status 2
    assert_eq!(shell("-x echo a").status, NOT_FOUND);
}

#[test]
fn standard_input_is_empty() {
    assert_eq!(stdout(&shell("cat; echo end")), "end\n");
}

#[test]
fn the_output_limit_is_exact_and_counts_both_outputs() {
    let whole = shell(&format!(
        "head -c {} /dev/zero; head -c 7 /dev/zero >&2; exit 5",
        MIB - 7
    ));
    assert_eq!((whole.status, whole.cut), (5, false));
    assert_eq!((whole.stdout.len(), whole.stderr.len()), (MIB - 7, 7));
    assert_eq!(whole.body(MIB).len(), MIB);
    let over = shell(&format!(
        "head -c {} /dev/zero; head -c 8 /dev/zero >&2; exit 5",
        MIB - 7
    ));
    assert_eq!((over.status, over.cut), (OVER_LIMIT, true));
    assert_eq!(over.stdout.len() + over.stderr.len(), MIB);
}

#[test]
fn a_program_that_fills_one_pipe_before_it_uses_the_other_does_not_hang() {
    let first = shell("head -c 300000 /dev/zero >&2; echo done");
    assert_eq!(
        (first.status, first.stdout.as_slice(), first.stderr.len()),
        (0, b"done\n".as_slice(), 300_000)
    );
    let second = shell("head -c 300000 /dev/zero; echo done >&2");
    assert_eq!(
        (second.status, second.stdout.len(), second.stderr.as_slice()),
        (0, 300_000, b"done\n".as_slice())
    );
}

#[test]
fn a_command_that_could_not_be_started_is_one_line_with_the_reason() {
    let line = |error| String::from_utf8(did_not_run("date", &error).stderr).unwrap();
    let of_kind = |kind| line(io::Error::from(kind));
    assert_eq!(of_kind(io::ErrorKind::NotFound), "not found: date\n");
    assert_eq!(
        of_kind(io::ErrorKind::WouldBlock),
        "cannot run: date: no more processes can be started\n"
    );
    assert_eq!(
        of_kind(io::ErrorKind::PermissionDenied),
        "cannot run: date: permission denied\n"
    );
    assert_eq!(
        line(io::Error::from_raw_os_error(13)),
        "cannot run: date: permission denied\n"
    );
}

// What has to be seen in a process of its own: its environment, its descriptors. The test program starts itself again,
// with the name of one test and a variable that says what to do.

#[test]
fn helper_that_does_nothing_unless_it_was_started_by_another_test() {
    let Some(task) = std::env::var_os("RUNNER_TASK") else {
        return;
    };
    let task = task.into_string().unwrap();
    if let Some(line) = task.strip_prefix("listed ") {
        println!("answer {:?}", listed(line));
    } else if let Some(line) = task.strip_prefix("shell ") {
        println!("answer {:?}", shell(line));
    } else if task == "leak" {
        let count = || fs::read_dir("/proc/self/fd").unwrap().count();
        let children = || fs::read_to_string("/proc/thread-self/children").unwrap_or_default();
        let _ = (shell("true"), shell("exec sleep 0"));
        let before = count();
        for _ in 0..50 {
            let _ = (shell("sleep 1000 & true"), listed("rm x"), listed("echo x"));
            let _ = runner(Rules::Shell, within(1)).run(b"sleep 1000", STILL_THERE);
        }
        println!("answer {before} {} {:?}", count(), children());
    }
}

fn helper(task: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "runner::tests::helper_that_does_nothing_unless_it_was_started_by_another_test",
        "--nocapture",
    ]);
    command
        .env("RUNNER_TASK", task)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

fn answer_of(mut helper: Command) -> String {
    let output = helper.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (_, answer) = text
        .split_once("answer ")
        .unwrap_or_else(|| panic!("{text}"));
    answer.lines().next().unwrap().to_owned()
}

/// How these bytes look in the printed answer.
fn bytes(text: &str) -> String {
    format!("{:?}", text.as_bytes())
        .trim_matches(['[', ']'])
        .to_owned()
}

#[test]
fn a_program_that_is_not_there_is_status_127_and_one_line() {
    let mut helper = helper("listed whoami");
    helper.env("PATH", "/nonexistent");
    assert_eq!(
        answer_of(helper),
        format!(
            "{:?}",
            Answer {
                status: NOT_FOUND,
                stdout: Vec::new(),
                stderr: b"not found: whoami\n".into(),
                cut: false,
            }
        )
    );
}

#[test]
fn a_program_in_the_working_folder_is_never_found() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy("/bin/echo", folder.path().join("whoami")).unwrap();
    for path in [".:", ":", "", ".", ".:/nonexistent", ":/nonexistent:"] {
        let mut helper = helper("listed whoami");
        helper.env("PATH", path).current_dir(folder.path());
        let answer = answer_of(helper);
        // The trap would answer with an empty line, and the real one, if it is found, with a name.
        assert!(!answer.contains("stdout: [10]"), "{path:?}: {answer}");
        assert_eq!(
            answer.contains("status: 127"),
            path.contains("nonexistent"),
            "{path:?}: {answer}"
        );
    }
}

#[test]
fn the_environment_holds_three_names_and_no_secret() {
    let mut helper = helper("shell tr '\\0' ' ' < /proc/self/environ >&2; env; exit 9");
    helper
        .env("SECRET", "sesame")
        .env("HOME", "/nowhere/of/the/test")
        .env("LANG", "C")
        .env("LD_DEBUG_OUTPUT", "x");
    let answer = answer_of(helper);
    assert!(answer.starts_with("Answer { status: 9"), "{answer}");
    assert!(
        answer.contains(&bytes("HOME=/nowhere/of/the/test")) && answer.contains(&bytes("LANG=C")),
        "{answer}"
    );
    assert!(answer.contains(&bytes("PATH=/")), "{answer}");
    for secret in ["SECRET", "sesame", "RUNNER_TASK", "LD_DEBUG", "CARGO"] {
        assert!(!answer.contains(&bytes(secret)), "{secret}: {answer}");
    }
}

#[test]
fn nothing_leaks_neither_descriptors_nor_zombies() {
    if !Path::new("/proc/self/fd").exists() {
        println!("skipped: no /proc on this system");
        return;
    }
    let answer = answer_of(helper("leak"));
    let mut numbers = answer.split(' ');
    assert_eq!(numbers.next(), numbers.next(), "{answer}");
    assert_eq!(numbers.next(), Some("\"\""), "children left: {answer}");
}

#[test]
fn where_the_system_collects_children_itself_the_answer_says_what_is_wrong() {
    // Shells do not hand an ignored SIGCHLD on; Python can.
    let ignore = "import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])";
    let marker = marker();
    let itself = helper("");
    let mut python = Command::new("python3");
    python
        .args(["-c", ignore])
        .arg(itself.get_program())
        .args(itself.get_args());
    python.env(
        "RUNNER_TASK",
        format!("shell sleep {marker} & echo x; exit 3"),
    );
    python.stdin(Stdio::null()).stdout(Stdio::piped());
    // One that is there and does not start is not there. Not `eprintln!`: cargo keeps to itself what a test that passes
    // prints with it.
    let version = Command::new("python3").arg("--version").output();
    if !version.is_ok_and(|version| version.status.success()) {
        let _ = io::stderr()
            .write_all(b"skipped: an ignored SIGCHLD needs python3, which does not run here\n");
        return;
    }
    let answer = answer_of(python);
    assert!(
        answer.contains("status: 126") && answer.contains(&bytes("SIGCHLD is ignored here")),
        "{answer}"
    );
    assert!(nobody_left(&marker));
}
