//! `cargo run -p check`: the command line. See `lib.rs` for the map.
#![forbid(unsafe_code)]

mod passed;

use std::io::{self, Write};
use std::process::ExitCode;

use check::{Exercise, Options};

fn main() -> ExitCode {
    let words = std::env::args_os().skip(1);
    let words: Result<Vec<String>, _> = words.map(std::ffi::OsString::into_string).collect();
    let Ok(words) = words else {
        return wrong("an argument: it is not UTF-8");
    };
    match words.split_first() {
        None => list(),
        Some((word, _)) if word == "--help" || word == "-h" => list(),
        Some((number, program)) => match (check::find(number), program) {
            (None, _) => wrong(&format!(
                "{}: no such exercise: `cargo run -p check` lists them",
                cli::shortened(number.as_bytes())
            )),
            (Some(_), []) => wrong(&format!(
                "{number}: no program named: try `cargo run -p check {number} python3 my.py {{port}}`"
            )),
            (Some(exercise), program) => judge(exercise, program),
        },
    }
}

/// One line an exercise.
fn list() -> ExitCode {
    let passed = passed::Passed::beside_this_program();
    for exercise in check::exercises() {
        let Exercise {
            number,
            title,
            starts,
            line_feed,
            ..
        } = exercise;
        let last = passed
            .last(number)
            .map(|last| format!("  passed last: {last}"));
        let last = last.unwrap_or_default();
        let line = format!("{number}  {title:<32}  {starts:<16}  line feed: {line_feed:<30}{last}");
        say(line.trim_end());
    }
    ExitCode::SUCCESS
}

fn judge(exercise: &Exercise, program: &[String]) -> ExitCode {
    let options = Options {
        say: |line| cli::log(line),
        ..Options::default()
    };
    match check::judge(exercise, program, options, &mut say) {
        Err(error) => wrong(&error.to_string()),
        Ok(report) => {
            if !report.stderr.is_empty() {
                say("its stderr:");
                say(report.stderr.trim_end());
            }
            if report.failed == 0 {
                passed::Passed::beside_this_program().remember(exercise.number, &program.join(" "));
            }
            say(&format!(
                "{} passed, {} failed",
                report.passed, report.failed
            ));
            ExitCode::from(u8::from(report.failed > 0))
        }
    }
}

/// A line on stdout, at once. Where nobody reads it, the status still says what came of it.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn wrong(what: &str) -> ExitCode {
    cli::log(format_args!("error: {what}"));
    ExitCode::from(2)
}
