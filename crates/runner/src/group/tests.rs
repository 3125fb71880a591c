//! A command ends, and everything it started that stayed in its group, whatever it does.
// What was skipped, and why, is for whoever reads the output; a helper panics where a test fails.
#![allow(clippy::print_stdout, clippy::panic, clippy::unwrap_used)]

use std::cell::Cell;
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rustix::process::kill_process;

use super::*;
use crate::tests::{
    LONG, MIB, STILL_THERE, collected, listed, marker, nobody_left, runner, shell, stderr, stdout,
    within,
};
use crate::{Rules, Runner, reset_watch};

#[test]
fn at_the_time_limit_the_whole_group_is_ended_and_collected() {
    let (one, two) = (marker(), marker());
    let line = format!("echo $$; sleep {one} & (sleep {two}; true)");
    let start = Instant::now();
    let answer = runner(Rules::Shell, within(300)).run(line.as_bytes(), STILL_THERE);
    assert!(start.elapsed() < LONG);
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(answer.status, TIMED_OUT);
    assert!(!answer.cut);
    assert!(collected(&stdout(&answer)), "a zombie remains");
    assert!(nobody_left(&one) && nobody_left(&two));
}

#[test]
fn a_listed_sleep_times_out_too() {
    let marker = marker();
    let runner = runner(Rules::Listed, within(50));
    assert_eq!(
        runner
            .run(format!("sleep {marker}").as_bytes(), STILL_THERE)
            .status,
        TIMED_OUT
    );
    assert!(nobody_left(&marker));
}

#[test]
fn a_program_that_closes_its_outputs_and_stays_times_out() {
    let marker = marker();
    let line = format!("echo $$; exec >&- 2>&-; exec sleep {marker}");
    let answer = runner(Rules::Shell, within(300)).run(line.as_bytes(), STILL_THERE);
    assert_eq!(answer.status, TIMED_OUT);
    assert!(nobody_left(&marker) && collected(&stdout(&answer)));
}

#[test]
fn a_program_that_ignores_signals_or_stops_itself_times_out() {
    let marker = marker();
    let ignoring = format!("trap '' TERM INT HUP; echo $$; exec sleep {marker}"); // `sleep` inherits what is ignored
    for line in [ignoring.as_str(), "echo $$; kill -STOP $$"] {
        let answer = runner(Rules::Shell, within(300)).run(line.as_bytes(), STILL_THERE);
        assert_eq!(answer.status, TIMED_OUT, "{line}");
        assert!(collected(&stdout(&answer)), "{line}");
    }
    assert!(nobody_left(&marker));
}

#[test]
fn endless_output_is_ended_at_the_limit_and_says_so() {
    for line in [
        "yes",
        "yes >&2",
        "seq 100000000",
        "while :; do echo o; echo e >&2; done",
    ] {
        let start = Instant::now();
        let answer = shell(&format!("echo $$; {line}"));
        assert!(start.elapsed() < LONG, "{line} was ended at the time limit");
        assert_eq!(answer.status, OVER_LIMIT, "{line}");
        assert!(answer.cut);
        assert_eq!(answer.stdout.len() + answer.stderr.len(), MIB, "{line}");
        let body = answer.body(MIB);
        assert!(body.len() <= MIB);
        let text = String::from_utf8_lossy(&body);
        let last = text.lines().last().unwrap();
        assert!(
            last.starts_with("output cut at 10485") && last.ends_with(" bytes"),
            "{line}: {last}"
        );
        assert!(
            collected(text.lines().next().unwrap()) || line == "yes >&2",
            "{line}"
        );
    }
    assert_eq!(listed("seq 100000000").status, OVER_LIMIT);
}

#[test]
fn all_that_the_leader_wrote_arrives_also_when_others_hold_the_pipe() {
    let marker = marker();
    let answer = shell(&format!(
        "sleep {marker} & head -c 60000 /dev/zero; echo last >&2"
    ));
    assert_eq!(
        (answer.status, answer.stdout.len(), stderr(&answer).as_str()),
        (0, 60_000, "last\n")
    );
    assert!(nobody_left(&marker));
}

#[test]
fn whoever_stays_behind_ends_with_the_leader() {
    let folder = tempfile::tempdir().unwrap();
    let ready = folder.path().join("ready");
    let marker = marker();
    let line = format!(
        "sleep {marker} & (trap '' HUP TERM; : > {0}; exec sleep {marker}) & \
         until [ -e {0} ]; do :; done; echo $$; exit 4",
        ready.display()
    );
    let start = Instant::now();
    let answer = shell(&line);
    assert!(
        start.elapsed() < LONG,
        "waited for the pipe instead of the leader"
    );
    assert_eq!(answer.status, 4);
    assert!(nobody_left(&marker) && collected(&stdout(&answer)));
}

#[test]
fn somebody_who_left_the_group_and_holds_the_pipe_cannot_make_us_wait() {
    if Command::new("setsid")
        .arg("true")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("skipped: there is no `setsid` program here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let id_file = folder.path().join("id");
    let marker = marker();
    for (then, status) in [("exit 6", 6), ("sleep 1000", TIMED_OUT)] {
        let file = id_file.display();
        let line = format!(
            "setsid sh -c 'echo $$ > {file}.new; mv {file}.new {file}; exec sleep {marker}' & \
             until [ -e {file} ]; do :; done; echo here; {then}"
        );
        let start = Instant::now();
        let answer = runner(Rules::Shell, within(2_000)).run(line.as_bytes(), STILL_THERE);
        let took = start.elapsed();
        // It is out of reach: that is the documented limit of process groups. The test ends it by its number.
        let id = fs::read_to_string(&id_file)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        kill_process(Pid::from_raw(id).unwrap(), Signal::KILL).unwrap();
        fs::remove_file(&id_file).unwrap();
        assert!(took < LONG);
        assert_eq!(
            (answer.status, answer.stdout.as_slice()),
            (status, b"here\n".as_slice())
        );
        assert!(nobody_left(&marker));
    }
}

#[test]
fn somebody_who_left_the_group_and_writes_for_ever_cannot_make_us_read_for_ever() {
    if Command::new("setsid")
        .arg("true")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("skipped: there is no `setsid` program here");
        return;
    }
    let marker = marker();
    let start = Instant::now();
    // The leader ends while `yes` goes on. Once the limit of output is far away, once that of time.
    let line = format!("setsid yes {marker} & sleep 0.05");
    let limits = Limits {
        time: Duration::from_millis(150),
        output: 1 << 30,
    };
    let answer = runner(Rules::Shell, limits).run(line.as_bytes(), STILL_THERE);
    assert_ne!(
        answer.status,
        OVER_LIMIT,
        "{} bytes were read",
        answer.stdout.len()
    );
    assert_ne!(shell(&line).status, TIMED_OUT);
    assert!(start.elapsed() < LONG);
    assert!(
        nobody_left(&marker),
        "`yes` ends by itself as soon as nobody holds the other end"
    );
}

#[test]
fn when_nobody_waits_any_more_the_group_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (started, marker) = (folder.path().join("started"), marker());
    let line = format!(
        "sleep {marker} & echo $$ > {0}.new; mv {0}.new {0}; sleep {marker}",
        started.display()
    );
    let start = Instant::now();
    let _ = Runner::new(Rules::Shell).run(line.as_bytes(), &|| started.exists());
    assert!(start.elapsed() < LONG);
    assert!(nobody_left(&marker));
    assert!(collected(&fs::read_to_string(&started).unwrap()));
}

#[test]
fn a_client_that_resets_ends_its_command_and_one_that_half_closes_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let (started, marker) = (folder.path().join("started"), marker());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut server, _) = listener.accept().unwrap();

    client.shutdown(Shutdown::Write).unwrap();
    assert_eq!(server.read(&mut [0]).unwrap(), 0, "the half-close is here");
    assert_eq!(
        Runner::new(Rules::Listed)
            .run(b"sleep 0.05", &reset_watch(&server))
            .status,
        0
    );

    server.write_all(b"unread").unwrap();
    assert_eq!(client.peek(&mut [0]).unwrap(), 1);
    let client = Cell::new(Some(client));
    let watch = reset_watch(&server);
    let line = format!("sleep {marker} & : > {}; sleep {marker}", started.display());
    let start = Instant::now();
    let answer = Runner::new(Rules::Shell).run(line.as_bytes(), &|| {
        if started.exists() {
            client.take(); // closed with an unread byte: RST
        }
        watch()
    });
    assert!(client.take().is_none(), "the command had started");
    assert!(start.elapsed() < LONG);
    assert_ne!(answer.status, TIMED_OUT);
    assert!(nobody_left(&marker));
}

#[test]
fn a_panic_of_the_caller_ends_the_group_too() {
    let folder = tempfile::tempdir().unwrap();
    let (started, marker) = (folder.path().join("started"), marker());
    let line = format!(
        "sleep {marker} & echo $$ > {0}.new; mv {0}.new {0}; sleep {marker}",
        started.display()
    );
    let runner = Runner::new(Rules::Shell);
    let result = catch_unwind(AssertUnwindSafe(|| {
        runner.run(line.as_bytes(), &|| {
            assert!(!started.exists(), "on purpose");
            false
        })
    }));
    assert!(result.is_err());
    assert!(nobody_left(&marker));
    assert!(collected(&fs::read_to_string(&started).unwrap()));
    assert_eq!(runner.run(b"exit 7", STILL_THERE).status, 7);
}

#[test]
fn a_leader_that_has_ended_can_be_looked_at_twice_because_it_is_not_collected() {
    let (group, _pipes) = Group::start(Command::new("sh").args(["-c", "exit 3"]), 0).unwrap();
    while group.leader_status().unwrap().is_none() {
        thread::yield_now();
    }
    assert_eq!(group.leader_status().unwrap(), Some(3));
    let id = group.id;
    drop(group);
    assert!(
        waitid(
            WaitId::Pid(id),
            WaitIdOptions::EXITED | WaitIdOptions::NOHANG
        )
        .is_err(),
        "collected"
    );
}

#[test]
fn a_leader_that_cannot_be_killed_is_collected_by_somebody_else() {
    // `cat` ends when its stdin ends, and that is in our hand.
    let mut cat = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
    let (id, stdin) = (Pid::from_child(&cat), cat.stdin.take());
    let start = Instant::now();
    collect(cat, Duration::from_millis(10));
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "did not wait for its end"
    );
    drop(stdin);
    // ECHILD: it has been collected.
    while waitid(
        WaitId::Pid(id),
        WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT,
    )
    .is_ok()
    {
        thread::yield_now();
    }
}
