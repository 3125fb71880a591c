//! `cargo run -p check`: the command line. See `lib.rs` for the map.
#![forbid(unsafe_code)]

mod passed;

use std::env::args_os;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use check::{Exercise, Options, Report};

const HINT: &str = "judge one: `cargo run -p check 03.1 python3 my.py {port}`; more: `cargo run -p check -- --help`";

const HELP: &str = "\
Judges an exercise: a program of yours, in any language, by its bytes.

  cargo run -p check                          lists the exercises
  cargo run -p check NN.K PROGRAM [ARG...]    judges PROGRAM

In each ARG these are replaced, and the program's environment says the same:
  {port}, PORT   the port: a server listens on it, at 127.0.0.1, and a client connects to it
  {dir}, DIR     a folder with the files that the exercise needs (05.2)
A filter needs neither: it reads stdin and writes stdout.

In Python, your file:
  cargo run -p check 03.1 python3 my.py {port}
In Rust, the start of the exercise, which fails until you change it:
  cargo run -p check 03.1 cargo run -q -p lesson03 --example l03_count_start {port}

The status is 0 if every case passed, 1 if one failed, 2 if nothing could be judged.";

fn main() -> ExitCode {
    match run() {
        Ok(all_passed) => ExitCode::from(u8::from(!all_passed)),
        Err(error) => {
            cli::log(format_args!("error: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Whether no case failed.
fn run() -> Result<bool, String> {
    let words: Result<Vec<String>, _> = args_os().skip(1).map(OsString::into_string).collect();
    let words = words.map_err(|_| "an argument: it is not UTF-8")?;
    let Some((number, program)) = words.split_first() else {
        list();
        return Ok(true);
    };
    if number == "--help" || number == "-h" {
        say(HELP);
        return Ok(true);
    }
    let exercise = check::find(number).ok_or_else(|| {
        let number = cli::shortened(number.as_bytes());
        format!("{number}: no such exercise: `cargo run -p check` lists them")
    })?;
    if program.is_empty() {
        let example = format!("cargo run -p check {number} python3 my.py {{port}}");
        return Err(format!("{number}: no program named: try `{example}`"));
    }
    judge(exercise, program).map_err(|error| error.to_string())
}

/// One line an exercise; what to do with it stands on stderr, where no program reads it.
fn list() {
    let passed = passed::read(&passed::file());
    for exercise in check::exercises() {
        let last = passed.get(exercise.number);
        let last = last.map_or(String::new(), |last| format!("passed last: {last}"));
        let (number, title) = (exercise.number, exercise.title);
        let (starts, line_feed) = (exercise.starts, exercise.line_feed);
        let line =
            format!("{number}  {title:<32}  {starts:<16}  line feed: {line_feed:<30}  {last}");
        say(line.trim_end());
    }
    cli::log(HINT);
}

fn judge(exercise: &Exercise, program: &[String]) -> io::Result<bool> {
    let options = Options {
        say: |line| cli::log(line),
        ..Options::default()
    };
    let report = check::judge(exercise, program, options, &mut say)?;
    if !report.stderr.is_empty() {
        say("its stderr:");
        say(report.stderr.trim_end());
    }
    if report.failed == 0 {
        passed::remember(&passed::file(), exercise.number, &program.join(" "));
    }
    let Report { passed, failed, .. } = report;
    say(&format!("{passed} passed, {failed} failed"));
    Ok(failed == 0)
}

/// A line on stdout, at once. Where nobody reads it, the status still says what came of it.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
