//! The judge of exercises from outside: what `cargo run -p check` says about right, wrong and wild programs, in Rust and in
//! Python, and that nothing of them is left.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tests::deadline::{PATIENCE, until};
use tests::programs::{Finished, Running, example, program, run, workspace};
use tests::python;

/// `check` as if it had just been built: what it remembers stands in a folder of the test's own.
struct Check {
    folder: tempfile::TempDir,
}

impl Check {
    fn new() -> Self {
        let program = program("check");
        // A link and not a copy: what a thread beside this one starts holds the copy open for writing until its exec, and
        // what is open for writing cannot be run (ETXTBSY).
        let folder = tempfile::tempdir_in(program.parent().unwrap()).unwrap();
        fs::create_dir(folder.path().join("debug")).unwrap();
        fs::hard_link(&program, folder.path().join("debug/check")).unwrap();
        Self { folder }
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(self.folder.path().join("debug/check"));
        command.args(words).current_dir(workspace());
        command
    }

    fn run(&self, words: &[&str]) -> Finished {
        run(self.command(words), b"")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Programs that do the same, in Rust and, where there is one, in Python. `{file}` is theirs to write into.
fn both(check: &Check, how: &str, rust: &[&str]) -> Vec<Vec<String>> {
    let fixture = program("fixture").to_string_lossy().into_owned();
    let file = check.file("number").to_string_lossy().into_owned();
    let mut programs = vec![rust.iter().map(|&word| word.to_owned()).collect::<Vec<_>>()];
    if python::is_there("a program to judge") {
        let words = ["python3", "tests/python/judged.py", how, "{port}", "{file}"];
        programs.push(words.map(str::to_owned).to_vec());
    }
    for word in programs.iter_mut().flatten() {
        *word = word.replace("{fixture}", &fixture).replace("{file}", &file);
    }
    programs
}

fn words<'a>(number: &'a str, program: &'a [String]) -> Vec<&'a str> {
    std::iter::once(number)
        .chain(program.iter().map(String::as_str))
        .collect()
}

/// The number that a program has written, once it has.
fn number(file: &Path) -> u32 {
    let text = until(PATIENCE, || fs::read_to_string(file).ok()).unwrap();
    text.trim().parse().unwrap()
}

/// No process of this number is left; a zombie that nobody has collected yet is none.
#[track_caller]
fn is_no_more(pid: u32) {
    let gone = until(PATIENCE, || {
        let status = fs::read_to_string(format!("/proc/{pid}/stat"));
        status
            .map_or(true, |status| status.contains(") Z "))
            .then_some(())
    });
    assert!(gone.is_some(), "process {pid} was left behind");
}

#[test]
fn the_list_has_one_line_an_exercise_and_says_what_passed_last() {
    let check = Check::new();
    let listed = check.run(&[]);
    assert_eq!(listed.code(), 0);
    let lines: Vec<String> = listed.out().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), check::exercises().count(), "{listed}");
    let next = "judge one: `cargo run -p check 03.1 python3 my.py {port}`";
    assert!(listed.err().starts_with(next), "{listed}");
    for (number, starts) in [
        ("00.1", "filter"),
        ("01.2", "client"),
        ("03.1", "server on {port}"),
    ] {
        let line = lines.iter().find(|line| line.starts_with(number)).unwrap();
        assert!(
            line.contains(starts) && !line.contains("passed last"),
            "{line}"
        );
    }

    let start = example("l03_characters_start")
        .to_string_lossy()
        .into_owned();
    assert_eq!(check.run(&["03.2", &start, "{port}"]).code(), 1); // is not remembered
    let solution = example("l03_count_solution").to_string_lossy().into_owned();
    let passed = check.run(&["03.1", &solution, "{port}"]);
    assert_eq!(passed.code(), 0, "{passed}");
    let again = check.run(&[]).out();
    assert!(
        again.contains(&format!("passed last: {solution} {{port}}")),
        "{again}"
    );
    assert_eq!(again.matches("passed last").count(), 1);

    fs::write(check.file("check.txt"), b"\xff03.1\0\n").unwrap();
    assert!(!check.run(&[]).out().contains("passed last"));
}

/// The two commands in it can be typed as they stand: the start is an example of that package.
#[test]
fn the_help_explains_what_is_replaced_and_how_python_and_rust_are_judged() {
    let check = Check::new();
    let help = check.run(&["--help"]);
    assert_eq!(help.code(), 0, "{help}");
    for said in [
        "{port}, PORT ",
        "{dir}, DIR ",
        "\n  cargo run -p check 03.1 python3 my.py {port}\n",
        "\n  cargo run -p check 03.1 cargo run -q -p lesson03 --example l03_count_start {port}\n",
    ] {
        assert!(help.out().contains(said), "{said}: {help}");
    }
    assert!(example("l03_count_start").exists());
    assert!(help.out().lines().all(|line| line.len() <= 100), "{help}");
    assert_eq!(check.run(&["-h"]).out(), help.out());
}

#[test]
fn a_right_program_passes_and_the_first_and_the_last_line_say_so() {
    let check = Check::new();
    let solution = example("l03_count_solution").to_string_lossy().into_owned();
    for program in both(&check, "right", &[&solution, "{port}"]) {
        let judged = check.run(&words("03.1", &program));
        let out = judged.out();
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(judged.code(), 0, "{judged}");
        assert_eq!(lines[0], format!("judging 03.1: {}", program.join(" ")));
        let (last, cases) = lines[1..].split_last().unwrap();
        assert!(cases.iter().all(|line| line.starts_with("ok ")), "{out}");
        assert_eq!(*last, format!("{} passed, 0 failed", cases.len()));
    }
}

#[test]
fn the_port_and_the_folder_are_in_the_environment_too() {
    let check = Check::new();
    let solution = example("l05_resume_solution")
        .to_string_lossy()
        .into_owned();
    let shell = ["sh", "-c", r#"exec "$0" "$PORT" "$DIR""#, &solution];
    let judged = check.run(&[&["05.2"], &shell[..]].concat());
    assert_eq!(judged.code(), 0, "{judged}");
}

#[test]
fn a_failed_case_shows_what_was_sent_what_was_wanted_and_what_came() {
    let check = Check::new();
    let start = example("l00_lengths_start").to_string_lossy().into_owned();
    let judged = check.run(&["00.2", &start]);
    assert_eq!(judged.code(), 1, "{judged}");
    let failed = r#"
FAILED letters of two bytes in either
  sent:   6 bytes "мир" (d0 bc d0 b8 d1 80)
  wanted: 3 bytes "6 6" (36 20 36)
  came:   3 bytes "9 6" (39 20 36)
  differ: from byte 0 on
"#;
    assert!(judged.out().contains(failed), "{judged}");
    let most = judged.out().lines().map(|line| line.chars().count()).max();
    assert!(most <= Some(100), "{judged}");
    assert!(judged.out().ends_with("\n0 passed, 4 failed\n"), "{judged}");
}

#[test]
fn no_such_exercise_no_program_and_one_that_cannot_be_started_are_errors() {
    let check = Check::new();
    for (words, said) in [
        (&["03.9", "true"][..], "error: 03.9: no such exercise"),
        (&["03_1", "true"], "error: 03_1: no such exercise"),
        (&["count"], "error: count: no such exercise"),
        (&["03.1"], "error: 03.1: no program named"),
        (
            &["03.1", "./no-such-program", "{port}"],
            "error: ./no-such-program: ",
        ),
        (&["00.1", ""], "error: "),
    ] {
        let judged = check.run(words);
        assert_eq!(judged.code(), 2, "{words:?}: {judged}");
        assert!(judged.err().starts_with(said), "{words:?}: {judged}");
        assert!(!judged.out().contains("passed"), "{words:?}: {judged}");
    }
}

#[test]
fn a_program_that_ends_at_once_fails_and_its_stderr_is_shown() {
    let check = Check::new();
    for program in both(&check, "fail", &["{fixture}", "fail", "3"]) {
        for number in ["03.1", "01.2", "02.1", "00.1"] {
            let judged = check.run(&words(number, &program));
            assert_eq!(judged.code(), 1, "{judged}");
            let out = judged.out();
            assert!(out.contains("it failed on purpose"), "{judged}");
            assert!(
                out.lines().last().unwrap().starts_with("0 passed, "),
                "{judged}"
            );
            let cases: Vec<&str> = out.split("FAILED ").skip(1).collect();
            assert!(cases[0].contains("exit status "), "{number}: {judged}");
            // The fixture prints a line before it fails: as a filter it has done something.
            let given_up = cases[1..].iter().all(|case| case.contains(": not tried, "));
            assert_eq!(
                given_up,
                number != "00.1" || program[0] == "python3",
                "{number}: {judged}"
            );
        }
    }
}

#[test]
fn a_program_that_never_listens_is_mentioned_while_it_is_waited_for_and_ctrl_c_ends_both() {
    let check = Check::new();
    let shell = [
        "sh",
        "-c",
        r#"echo $$ > "$0.new"; mv "$0.new" "$0"; exec {fixture} mute"#,
        "{file}",
    ];
    for program in both(&check, "mute", &shell) {
        let mut judging = Running::start(check.command(&words("03.1", &program)));
        let said = judging
            .stderr
            .line(PATIENCE, "waiting for the program to listen on 127.0.0.1:");
        assert!(
            said.unwrap()
                .ends_with(" (nothing came before the first count)")
        );
        let pid = number(&check.file("number"));
        judging.interrupt();
        let finished = judging.finish();
        assert!(finished.was_interrupted(), "{finished}");
        is_no_more(pid);
        fs::remove_file(check.file("number")).unwrap();
    }
}

#[test]
fn a_program_that_never_listens_fails_when_the_time_is_over_and_is_ended() {
    let check = Check::new();
    let program = &both(&check, "mute", &["{fixture}", "mute"])[0];
    std::thread::scope(|scope| {
        for number in ["03.1", "01.2", "02.1", "02.3", "00.1"] {
            scope.spawn(move || {
                let exercise = check::find(number).unwrap();
                let options = check::Options {
                    limit: Duration::from_secs(2),
                    ..check::Options::default()
                };
                let report = check::judge(exercise, program, options, &mut |_| {}).unwrap();
                assert_eq!(report.passed, 0, "{report:#?}");
                let (first, rest) = report.lines.split_first().unwrap();
                assert!(
                    first.contains("\n  wanted: ") && first.contains("\n  came: "),
                    "{first}"
                );
                assert!(
                    rest.iter().all(|line| line.contains(": not tried, ")),
                    "{rest:#?}"
                );
            });
        }
    });
}

#[test]
fn a_program_that_floods_its_client_and_both_outputs_fails_in_time() {
    let check = Check::new();
    for program in both(
        &check,
        "flood",
        &["{fixture}", "flood", "--addr", "127.0.0.1:{port}"],
    ) {
        let judged = check.run(&words("03.1", &program));
        let out = judged.out();
        let start: String = out.chars().take(9000).collect();
        assert_eq!(judged.code(), 1, "{start}");
        let line = "\n  wanted: 2 bytes \"0\\n\" (30 0a)\n  came:   2 bytes \"xx\" (78 78)\n";
        assert!(start.contains(line), "{start}");
        assert!(judged.stdout.len() < 2 * 1024 * 1024);
        // Each case gets a program of its own: none is left to one that is stuck in its first client.
        let mut cases = start.split("FAILED ").skip(1).take(9);
        assert!(cases.all(|case| case.contains("78 78")), "{start}");
    }
    // A filter: its stdout is what counts, and the time need not be over.
    let limit = Duration::from_secs(200);
    let options = check::Options {
        limit,
        ..check::Options::default()
    };
    let (begin, yes) = (Instant::now(), ["yes".to_owned()]);
    let networks = check::find("00.1").unwrap();
    let report = check::judge(networks, &yes, options, &mut |_| {}).unwrap();
    assert!(
        report.lines[0].contains("came:   it printed more than 32 MiB"),
        "{report:#?}"
    );
    assert!(begin.elapsed() < limit, "it was waited for");
}

#[test]
fn a_program_that_ignores_every_signal_and_a_child_left_behind_are_ended() {
    let check = Check::new();
    let solution = example("l03_count_solution").to_string_lossy().into_owned();
    let remember = r#"echo $PID > "$0.new"; mv "$0.new" "$0""#;
    let stubborn = format!(r#"trap "" INT TERM HUP; PID=$$; {remember}; exec {solution} {{port}}"#);
    let parent = format!("{{fixture}} mute & PID=$!; {remember}; exec {solution} {{port}}");
    let left = format!("{{fixture}} mute & PID=$!; {remember}; exit 1");
    let shell = |line: &str| both(&check, "stubborn", &["sh", "-c", line, "{file}"]);
    let mut programs = shell(&stubborn); // and in Python
    programs.extend(both(&check, "child", &["sh", "-c", &parent, "{file}"]));
    programs.extend(shell(&left).into_iter().take(1));
    for program in programs {
        let judged = check.run(&words("03.1", &program));
        let wrong = program.iter().any(|word| word.ends_with("exit 1"));
        assert_eq!(judged.code(), i32::from(wrong), "{program:?}: {judged}");
        is_no_more(number(&check.file("number")));
        fs::remove_file(check.file("number")).unwrap();
    }
}

#[test]
fn what_a_program_says_reaches_the_terminal_without_its_control_characters() {
    let check = Check::new();
    let judged = check.run(&[
        "00.1",
        "sh",
        "-c",
        r"printf 'a\033[2J\001\n' >&2; printf '\033[2J\n'",
        "\u{1b}[1m",
    ]);
    assert_eq!(judged.code(), 1);
    assert!(!judged.out().contains('\u{1b}'), "{judged}");
    assert!(judged.out().contains(r"a\u{1b}[2J\u{1}"), "{judged}");
}
