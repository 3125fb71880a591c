//! The runner's promises, each against a command that would break it.
//!
//! Processes are looked for by a marker that occurs in no other command line: a number of seconds that nobody else
//! sleeps. What a command has to tell (its number, that it has started) it tells through files and pipes of the test.
#![cfg(unix)]
// clippy.toml allows these in functions marked as tests; here the helpers are part of the tests too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, clippy::indexing_slicing)]

use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use lesson03::{Answer, Limits, NOT_ALLOWED, NOT_FOUND, OVER_LIMIT, Rules, Runner, TIMED_OUT, reset_watch};
use rustix::process::{Pid, Signal, kill_process};

const STILL_THERE: &dyn Fn() -> bool = &|| false;
/// Long enough for a slow machine, far shorter than what the commands would sleep.
const PATIENCE: Duration = Duration::from_secs(8);
const MIB: usize = 1 << 20;

fn shell(line: &str) -> Answer {
    Runner::new(Rules::Shell).run(line.as_bytes(), STILL_THERE)
}

fn listed(line: &str) -> Answer {
    Runner::new(Rules::Listed).run(line.as_bytes(), STILL_THERE)
}

fn within(milliseconds: u64) -> Limits {
    Limits { time: Duration::from_millis(milliseconds), ..Limits::default() }
}

fn stdout(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

fn stderr(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.stderr).into_owned()
}

/// `1000.` and digits that belong to this test run and this call: as an argument of `sleep`, a findable process.
fn marker() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(100);
    format!("1000.{}{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}

/// How many processes (zombies have no command line) carry the marker as an argument of their own.
fn alive(marker: &str) -> usize {
    if !Path::new("/proc/self/cmdline").exists() {
        println!("skipped: no /proc on this system, so nobody looked for processes that were left behind");
        return 0;
    }
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.filter(|line| line.split(|&byte| byte == 0).any(|word| word == marker.as_bytes())).count()
}

/// A killed process is gone a moment after the kill.
fn nobody_left(marker: &str) -> bool {
    eventually(|| alive(marker) == 0)
}

/// A collected process has no entry in /proc, a zombie still has one.
fn collected(id: &str) -> bool {
    !Path::new("/proc").join(id.trim()).exists()
}

fn eventually(condition: impl Fn() -> bool) -> bool {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if condition() {
            return true;
        }
        thread::yield_now();
    }
    false
}

#[test]
fn an_answer_holds_the_status_and_both_outputs() {
    assert_eq!(
        shell("echo out; echo err >&2; exit 3"),
        Answer { status: 3, stdout: b"out\n".into(), stderr: b"err\n".into(), cut: false }
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
    for line in
        ["rm x", "", "/bin/echo x", "echo 'a", "date 12:00", "hostname evil", "a\0b", "sh -c 'echo x'"]
    {
        let answer = listed(line);
        assert_eq!(answer.status, NOT_ALLOWED, "{line}");
        assert!(stderr(&answer).starts_with("not allowed: "), "{line}: {}", stderr(&answer));
        assert_eq!(stderr(&answer).matches('\n').count(), 1, "{line}");
        assert!(answer.stdout.is_empty() && stderr(&answer).ends_with('\n'), "{line}");
    }
    assert_eq!(shell("echo a\0b").status, NOT_ALLOWED);
}

#[test]
fn a_word_too_long_for_the_system_is_an_answer() {
    let answer = listed(&format!("echo {}", "x".repeat(MIB)));
    assert_eq!(answer.status, NOT_ALLOWED);
    assert!(stderr(&answer).starts_with("cannot run: echo: "), "{}", stderr(&answer));
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
fn at_the_time_limit_the_whole_group_is_ended_and_collected() {
    let (one, two) = (marker(), marker());
    let line = format!("echo $$; sleep {one} & (sleep {two}; true)");
    let start = Instant::now();
    let answer = Runner::new(Rules::Shell).with_limits(within(300)).run(line.as_bytes(), STILL_THERE);
    assert!(start.elapsed() < PATIENCE);
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(answer.status, TIMED_OUT);
    assert!(!answer.cut);
    assert!(collected(&stdout(&answer)), "a zombie remains");
    assert!(nobody_left(&one) && nobody_left(&two));
}

#[test]
fn a_listed_sleep_times_out_too() {
    let marker = marker();
    let runner = Runner::new(Rules::Listed).with_limits(within(50));
    assert_eq!(runner.run(format!("sleep {marker}").as_bytes(), STILL_THERE).status, TIMED_OUT);
    assert!(nobody_left(&marker));
}

#[test]
fn a_program_that_closes_its_outputs_and_stays_times_out() {
    let marker = marker();
    let line = format!("echo $$; exec >&- 2>&-; exec sleep {marker}");
    let answer = Runner::new(Rules::Shell).with_limits(within(300)).run(line.as_bytes(), STILL_THERE);
    assert_eq!(answer.status, TIMED_OUT);
    assert!(nobody_left(&marker) && collected(&stdout(&answer)));
}

#[test]
fn a_program_that_ignores_signals_or_stops_itself_times_out() {
    for line in ["trap '' TERM INT HUP; while :; do :; done", "echo $$; kill -STOP $$"] {
        let answer = Runner::new(Rules::Shell).with_limits(within(300)).run(line.as_bytes(), STILL_THERE);
        assert_eq!(answer.status, TIMED_OUT, "{line}");
    }
}

#[test]
fn endless_output_is_ended_at_the_limit_and_says_so() {
    for line in ["yes", "yes >&2", "seq 100000000", "while :; do echo o; echo e >&2; done"] {
        let answer = shell(&format!("exec 3>&-; echo $$; {line}"));
        assert_eq!(answer.status, OVER_LIMIT, "{line}");
        assert!(answer.cut);
        assert_eq!(answer.stdout.len() + answer.stderr.len(), MIB, "{line}");
        let body = answer.body(MIB);
        assert!(body.len() <= MIB);
        let text = String::from_utf8_lossy(&body);
        let last = text.lines().last().unwrap();
        assert!(last.starts_with("output cut at 10485") && last.ends_with(" bytes"), "{line}: {last}");
        assert!(collected(text.lines().next().unwrap()) || line == "yes >&2", "{line}");
    }
    assert_eq!(listed("seq 100000000").status, OVER_LIMIT);
}

#[test]
fn the_output_limit_is_exact_and_counts_both_outputs() {
    let whole = shell(&format!("head -c {} /dev/zero; head -c 7 /dev/zero >&2; exit 5", MIB - 7));
    assert_eq!((whole.status, whole.cut), (5, false));
    assert_eq!((whole.stdout.len(), whole.stderr.len()), (MIB - 7, 7));
    assert_eq!(whole.body(MIB).len(), MIB);
    let over = shell(&format!("head -c {} /dev/zero; head -c 8 /dev/zero >&2; exit 5", MIB - 7));
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
fn all_that_the_leader_wrote_arrives_also_when_others_hold_the_pipe() {
    let marker = marker();
    let answer = shell(&format!("sleep {marker} & head -c 60000 /dev/zero; echo last >&2"));
    assert_eq!((answer.status, answer.stdout.len(), stderr(&answer).as_str()), (0, 60_000, "last\n"));
    assert!(nobody_left(&marker));
}

#[test]
fn whoever_stays_behind_ends_with_the_leader() {
    let marker = marker();
    let start = Instant::now();
    let answer = shell(&format!("sleep {marker} & (trap '' HUP TERM; sleep {marker}) & echo $$; exit 4"));
    assert!(start.elapsed() < PATIENCE, "waited for the pipe instead of the leader");
    assert_eq!(answer.status, 4);
    assert!(nobody_left(&marker) && collected(&stdout(&answer)));
}

#[test]
fn somebody_who_left_the_group_and_holds_the_pipe_cannot_make_us_wait() {
    if Command::new("setsid").arg("true").stdout(Stdio::null()).status().is_err() {
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
        let answer = Runner::new(Rules::Shell).with_limits(within(2_000)).run(line.as_bytes(), STILL_THERE);
        let took = start.elapsed();
        // It is out of reach: that is the documented limit of process groups. The test ends it by its number.
        let id = fs::read_to_string(&id_file).unwrap().trim().parse().unwrap();
        kill_process(Pid::from_raw(id).unwrap(), Signal::KILL).unwrap();
        fs::remove_file(&id_file).unwrap();
        assert!(took < PATIENCE);
        assert_eq!((answer.status, answer.stdout.as_slice()), (status, b"here\n".as_slice()));
        assert!(nobody_left(&marker));
    }
}

#[test]
fn somebody_who_left_the_group_and_writes_for_ever_cannot_make_us_read_for_ever() {
    if Command::new("setsid").arg("true").stdout(Stdio::null()).status().is_err() {
        println!("skipped: there is no `setsid` program here");
        return;
    }
    let marker = marker();
    let start = Instant::now();
    // `yes` ends by itself as soon as our end of the pipe is closed. `sleep` gives it time to begin.
    let limits = Limits { time: Duration::from_millis(1_500), output: usize::MAX };
    let line = format!("setsid yes {marker} | cat & sleep 0.1");
    let _ = Runner::new(Rules::Shell).with_limits(limits).run(line.as_bytes(), STILL_THERE);
    let _ = shell(&format!("setsid yes {marker} & sleep 0.1"));
    assert!(start.elapsed() < PATIENCE);
    assert!(nobody_left(&marker));
}

#[test]
fn when_nobody_waits_any_more_the_group_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let (started, marker) = (folder.path().join("started"), marker());
    let line = format!("sleep {marker} & echo $$ > {}; sleep {marker}", started.display());
    let start = Instant::now();
    let _ = Runner::new(Rules::Shell).run(line.as_bytes(), &|| started.exists());
    assert!(start.elapsed() < PATIENCE);
    assert!(nobody_left(&marker));
    assert!(eventually(|| fs::read_to_string(&started).unwrap().ends_with('\n')));
    assert!(collected(&fs::read_to_string(&started).unwrap()));
}

#[test]
fn a_client_that_resets_ends_its_command_and_one_that_half_closes_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let (started, marker) = (folder.path().join("started"), marker());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (mut server, _) = listener.accept().unwrap();

    client.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(server.read(&mut [0]).unwrap(), 0, "the half-close is here");
    assert_eq!(Runner::new(Rules::Listed).run(b"sleep 0.05", &reset_watch(&server)).status, 0);

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
    assert!(start.elapsed() < PATIENCE);
    assert_ne!(answer.status, TIMED_OUT);
    assert!(nobody_left(&marker));
}

#[test]
fn a_panic_of_the_caller_ends_the_group_too() {
    let folder = tempfile::tempdir().unwrap();
    let (started, marker) = (folder.path().join("started"), marker());
    let line =
        format!("sleep {marker} & echo $$ > {0}.new; mv {0}.new {0}; sleep {marker}", started.display());
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
    assert_eq!(runner.run(b"exit 7", STILL_THERE).status, 7, "the slot is free again");
}

#[test]
fn the_seventeenth_waits_and_its_time_starts_when_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    let (started, release) = (folder.path().join("started"), folder.path().join("release"));
    assert!(Command::new("mkfifo").args([&started, &release]).status().unwrap().success());
    let runner = Runner::new(Rules::Shell);
    let holding = format!("echo started > {}; read line < {}", started.display(), release.display());
    // Open both ways, so that neither end ever waits for the other to open.
    let open = |path: &Path| OpenOptions::new().read(true).write(true).open(path).unwrap();
    let mut says = BufReader::new(open(&started));
    let mut releases = open(&release);
    thread::scope(|scope| {
        for _ in 0..16 {
            let (runner, holding) = (runner.clone(), &holding);
            scope.spawn(move || assert_eq!(runner.run(holding.as_bytes(), STILL_THERE).status, 0));
        }
        for _ in 0..16 {
            says.read_line(&mut String::new()).unwrap();
        }
        let (sender, answers) = mpsc::channel();
        let (asked, first_question) = mpsc::channel();
        let late = runner.clone().with_limits(within(1_000));
        scope.spawn(move || {
            let gone = || {
                let _ = asked.send(());
                false
            };
            sender.send(late.run(b"echo seventeenth", &gone)).unwrap();
        });
        first_question.recv().unwrap(); // it waits, and is asked whether it still wants to
        let impatient = runner.run(b"echo eighteenth", &|| true);
        assert_eq!(stdout(&impatient), "", "left the queue without running");
        // Longer than its own time limit.
        assert!(answers.recv_timeout(Duration::from_millis(1_300)).is_err(), "17 at once");
        releases.write_all(b"\n").unwrap();
        let answer = answers.recv_timeout(PATIENCE).unwrap();
        assert_eq!((answer.status, stdout(&answer).as_str()), (0, "seventeenth\n"));
        releases.write_all(&[b'\n'; 15]).unwrap();
    });
}

// What follows has to be seen in a process of its own: its environment, its end, its descriptors. The test program
// starts itself again, with the name of one part and a variable that says what to do.

#[test]
fn helper_that_does_nothing_unless_it_was_started_by_another_test() {
    let Some(task) = std::env::var_os("LESSON03_TASK") else { return };
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
            let _ = Runner::new(Rules::Shell).with_limits(within(1)).run(b"sleep 1000", STILL_THERE);
        }
        println!("answer {before} {} {:?}", count(), children());
    }
}

fn helper(task: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "helper_that_does_nothing_unless_it_was_started_by_another_test",
        "--nocapture",
    ]);
    command.env("LESSON03_TASK", task).stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

fn answer_of(mut helper: Command) -> String {
    let output = helper.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (_, answer) = text.split_once("answer ").unwrap_or_else(|| panic!("{text}"));
    answer.lines().next().unwrap().to_owned()
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
        assert_eq!(answer.contains("status: 127"), path.contains("nonexistent"), "{path:?}: {answer}");
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
    let bytes = |text: &str| format!("{:?}", text.as_bytes()).trim_matches(['[', ']']).to_owned();
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
    let itself = helper("listed echo x");
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg("trap '' CHLD; exec \"$0\" \"$@\"")
        .arg(itself.get_program())
        .args(itself.get_args());
    command.env("LESSON03_TASK", "shell echo x; exit 3").stdin(Stdio::null()).stdout(Stdio::piped());
    let answer = answer_of(command);
    // Shells differ in whether they hand an ignored SIGCHLD on. Either is an answer, in time.
    assert!(answer.contains("status: 3") || answer.contains("status: 126"), "{answer}");
}

#[test]
fn ctrl_c_ends_the_running_command_and_then_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let (started, marker) = (folder.path().join("started"), marker());
    let task = format!("shell sleep {marker} & : > {}; sleep {marker}", started.display());
    let mut program: Child = helper(&task).spawn().unwrap();
    assert!(eventually(|| started.exists()));
    kill_process(Pid::from_child(&program), Signal::INT).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(130));
    assert!(nobody_left(&marker));
}
