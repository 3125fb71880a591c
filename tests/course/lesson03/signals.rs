//! What ends a program also ends the command it runs; what was ignored when it began does not; a full quota is an error.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use rustix::process::{Pid, Signal, kill_process};
use tests::deadline::{PATIENCE, until};
use tests::programs::{Running, Server, program, run};

use super::client;

/// A server of commands through a shell, itself started by a shell that first does `before`.
fn server(before: &str, folder: &Path) -> Server {
    Server::launch(started_by_a_shell(
        before,
        "lesson03",
        &["command-server", "--shell", "--addr", "127.0.0.1:0"],
        folder,
    ))
}

fn started_by_a_shell(before: &str, lesson: &str, args: &[&str], folder: &Path) -> Command {
    let mut command = Command::new("/bin/sh");
    command
        .args(["-c", &format!("{before} exec \"$@\""), "sh"])
        .arg(program(lesson))
        .args(args)
        .current_dir(folder);
    command
}

fn send(signal: Signal, running: &Running) {
    let id = Pid::from_raw(running.id().try_into().unwrap()).unwrap();
    kill_process(id, signal).unwrap();
}

/// Starts a command that has a child and never ends, and gives the numbers of both.
fn endless(server: &Server, folder: &Path) -> (TcpStream, Vec<String>) {
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    stream
        .write_all(b"sleep 1000 & echo $$ $! > new; mv new ids; sleep 1000")
        .unwrap();
    let ids = until(PATIENCE, || fs::read_to_string(folder.join("ids")).ok()).unwrap();
    fs::remove_file(folder.join("ids")).unwrap();
    (stream, ids.split_whitespace().map(str::to_owned).collect())
}

/// A process that was killed has no command line any more, even while nobody has collected it.
fn has_ended(id: &str) -> bool {
    if !Path::new("/proc/self/cmdline").exists() {
        cli::log("skipped: no /proc on this system, so nobody looked for what was left behind");
        return true;
    }
    let command_line = fs::read(Path::new("/proc").join(id).join("cmdline"));
    command_line.unwrap_or_default().is_empty()
}

#[test]
fn each_signal_ends_the_running_command_and_then_the_program_with_128_and_its_number() {
    for (signal, status) in [
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
        (Signal::TERM, 143),
        // What ends a program by mistake: `ulimit -t`, an alarm set before exec, `kill -USR1` to another number. Two of
        // them have other numbers on other systems.
        (Signal::ALARM, 142),
        (Signal::USR1, 128 + Signal::USR1.as_raw()),
        (Signal::XCPU, 152),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut server = server("", folder.path());
        let (_stream, ids) = endless(&server, folder.path());
        // Again and again: in the instant of its exec a process has no command line either.
        let run = || ids.iter().all(|id| !has_ended(id)) || !Path::new("/proc").exists();
        assert!(until(PATIENCE, || run().then_some(())).is_some());
        send(signal, server.running());
        let finished = server.running().end_within(PATIENCE).unwrap();
        assert_eq!(finished.status.code(), Some(status), "{finished}");
        for id in ids {
            assert!(
                until(PATIENCE, || has_ended(&id).then_some(())).is_some(),
                "{signal:?} left {id} behind"
            );
        }
    }
}

/// The shell's `trap ''` does what `nohup` and `&` do.
#[test]
#[cfg(target_os = "linux")]
fn signals_that_were_ignored_at_the_start_end_neither_the_command_nor_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = server("trap '' HUP INT QUIT;", folder.path());
    let (_stream, ids) = endless(&server, folder.path());
    for signal in [Signal::HUP, Signal::INT, Signal::QUIT] {
        send(signal, server.running());
    }
    send(Signal::TERM, server.running()); // heard after the others, had they been heard
    let finished = server.running().end_within(PATIENCE).unwrap();
    assert_eq!(finished.status.code(), Some(143), "{finished}");
    for id in ids {
        assert!(until(PATIENCE, || has_ended(&id).then_some(())).is_some());
    }
}

#[test]
fn a_full_quota_is_an_error_and_not_the_end_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    for lesson in ["lesson03", "lesson04", "lesson05"] {
        let demo = ["--trace-svg", "demo.svg"];
        let started = started_by_a_shell("ulimit -f 1;", lesson, &demo, folder.path());
        let finished = run(started, b"");
        assert_eq!(finished.status.code(), Some(1), "{lesson}: {finished}");
        let err = finished.err();
        assert!(err.contains("file too large"), "{lesson}: {err}");
    }
    // The commands of others are not touched by that: there SIGXFSZ, 25 nearly everywhere, does what it does.
    let server = server("", folder.path());
    let line = "ulimit -f 1; ulimit -c 0; exec head -c 100000 /dev/zero > big";
    let told = run(
        client(
            &[
                "run",
                "--timeout",
                "10",
                "--",
                &format!("({line}); kill -l $?"),
            ],
            &server,
        ),
        b"",
    );
    assert!(told.out().starts_with("XFSZ\n"), "{told}");
}
