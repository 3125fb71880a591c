//! What has to be seen in a process of its own: its environment, its end, its descriptors.
//!
//! The test program starts itself again, with the name of one test and a variable that says what to do.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use lesson03::{Answer, NOT_FOUND, Rules, Runner};
use rustix::process::{Pid, Signal, kill_process};

use super::{STILL_THERE, eventually, listed, marker, nobody_left, shell, within};

#[test]
fn helper_that_does_nothing_unless_it_was_started_by_another_test() {
    let Some(task) = std::env::var_os("LESSON03_TASK") else {
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
            let _ = Runner::new(Rules::Shell)
                .with_limits(within(1))
                .run(b"sleep 1000", STILL_THERE);
        }
        println!("answer {before} {} {:?}", count(), children());
    }
}

fn helper(task: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "own_process::helper_that_does_nothing_unless_it_was_started_by_another_test",
        "--nocapture",
    ]);
    command
        .env("LESSON03_TASK", task)
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
        .env("HOME", "/home/of/the/test")
        .env("LANG", "C")
        .env("LD_DEBUG_OUTPUT", "x");
    let answer = answer_of(helper);
    assert!(answer.starts_with("Answer { status: 9"), "{answer}");
    assert!(
        answer.contains(&bytes("HOME=/home/of/the/test")) && answer.contains(&bytes("LANG=C")),
        "{answer}"
    );
    assert!(answer.contains(&bytes("PATH=/")), "{answer}");
    for secret in ["SECRET", "sesame", "LESSON03_TASK", "LD_DEBUG", "CARGO"] {
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
        "LESSON03_TASK",
        format!("shell sleep {marker} & echo x; exit 3"),
    );
    python.stdin(Stdio::null()).stdout(Stdio::piped());
    if Command::new("python3")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("skipped: there is no python3 here");
        return;
    }
    let answer = answer_of(python);
    assert!(
        answer.contains("status: 126") && answer.contains(&bytes("SIGCHLD is ignored here")),
        "{answer}"
    );
    assert!(nobody_left(&marker));
}

#[test]
fn ctrl_c_ends_the_running_command_and_then_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let (started, marker) = (folder.path().join("started"), marker());
    let task = format!(
        "shell sleep {marker} & : > {}; sleep {marker}",
        started.display()
    );
    let mut program: Child = helper(&task).spawn().unwrap();
    assert!(eventually(|| started.exists()));
    kill_process(Pid::from_child(&program), Signal::INT).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(130));
    assert!(nobody_left(&marker));
}
