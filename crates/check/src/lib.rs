//! Judges an exercise: a *program*, in any language, by its bytes.
//!
//! ```sh
//! cargo run -p check                             # the exercises, and what passed each last
//! cargo run -p check 03.1 python3 my.py {port}   # judges one
//! ```
//!
//! | file | knows |
//! |---|---|
//! | `exercises.rs` | what an exercise is, and the table of all. Read this first |
//! | `exercises/lesson0N.rs` | the cases of one lesson: what is sent, what is wanted |
//! | `judge.rs` | what a program is started as: a server, a client, a filter, over UDP |
//! | `peers.rs` | how it is talked to, until an absolute deadline |
//! | `program.rs` | how it is run, typed into, and ended with all that it started |
//! | `report.rs` | what was wanted and what came, for a reader |
//! | `main.rs` | the command line |
//! | `passed.rs` | what was passed last |
//!
//! **To add an exercise**: put `lNN_NAME_start.rs` and `lNN_NAME_solution.rs` into the lesson's `exercises/` (and both into
//! its manifest), a row into the lesson's `EXERCISES`, and a function that returns its cases: `talk` and `lines` where data
//! is enough, `case` with a closure where it is not. A new lesson is one more file and one more line in `exercises.rs`. The
//! suite finds the row by itself, and asserts that each start fails and each solution passes.
#![forbid(unsafe_code)]

mod exercises;
mod judge;
mod peers;
mod program;
mod report;

use std::io;

pub use exercises::{Case, Exercise, Starts, exercises, find};
pub use judge::Options;
pub use report::Report;

use judge::Judge;

/// Judges a program: `words` are the program and its arguments, in which `{port}` and `{dir}` are replaced. Every line but
/// the program's stderr goes to `out` as soon as it is known.
///
/// # Errors
/// The program cannot be started, or this machine has no folder for the check.
pub fn judge(
    exercise: &Exercise,
    words: &[String],
    options: Options,
    out: &mut dyn FnMut(&str),
) -> io::Result<Report> {
    let mut judge = Judge::new(exercise.starts, words, options)?;
    let command = cli::escaped_line(words.join(" ").as_bytes());
    out(&format!("judging {}: {command}", exercise.number));
    let mut report = Report::default();
    let (mut late, mut given_up) = (0, None);
    for Case { name, check } in (exercise.cases)() {
        judge.begin(&name);
        let line = match given_up {
            Some(why) => Err(format!("FAILED {name}: not tried, because {why}")),
            None => check(&mut judge)
                .map(|()| format!("ok {name}"))
                .map_err(|failure| {
                    judge.fresh(); // the next case shall not suffer from this one
                    // A program that waits for ever is not given 10 s for each of 20 cases.
                    late += usize::from(failure.late);
                    given_up = match options.first_failure_only {
                        _ if !judge.up => Some("the program never did its part"),
                        true => Some("one failure is enough"),
                        false => {
                            (late > report.passed.min(2)).then_some("the time was over too often")
                        }
                    };
                    format!("FAILED {name}{failure}")
                }),
        };
        if let Some(why) = judge.not_started.take() {
            return Err(io::Error::other(why));
        }
        report.passed += usize::from(line.is_ok());
        report.failed += usize::from(line.is_err());
        let (Ok(line) | Err(line)) = line;
        out(&line);
        report.lines.push(line);
    }
    judge.fresh();
    report.stderr = cli::escaped_block(&judge.stderr);
    if judge.stderr.len() == judge::STDERR {
        report.stderr.push_str("\n... and more\n");
    }
    Ok(report)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    /// A shell line as the program, judged by these cases.
    fn judged(starts: Starts, line: &str, cases: fn() -> Vec<Case>, options: Options) -> Report {
        let exercise = Exercise {
            number: "00.0",
            title: "",
            starts,
            line_feed: "",
            examples: &[],
            cases,
        };
        let words = ["sh", "-c", line].map(str::to_owned);
        judge(&exercise, &words, options, &mut |_| {}).unwrap()
    }

    fn three() -> Vec<Case> {
        let case = |name| exercises::lines(name, [("a", "a"), ("b", "b")]);
        vec![case("first"), case("second"), case("third")]
    }

    #[test]
    fn a_filter_has_to_print_each_line_and_no_more() {
        let judged = |line| judged(Starts::Filter, line, three, Options::default());
        assert_eq!(judged("cat").passed, 3);
        for (wrong, said) in [
            (
                "echo a",
                "\n  sent:   1 byte \"b\" (62)\n  wanted: 1 byte \"b\" (62)\n  came:   nothing\n",
            ),
            (
                "cat; echo c",
                "\n  wanted: 2 lines\n  came:   more: 1 byte \"c\" (63)",
            ),
            (
                "cat; exit 3",
                "\n  wanted: exit status 0\n  came:   exit status 3\n  stdout: 4 bytes",
            ),
            ("kill -9 $$", "\n  came:   signal 9\n  stdout: nothing"),
        ] {
            let report = judged(wrong);
            assert_eq!((report.passed, report.failed), (0, 3));
            assert!(report.lines[0].contains(said), "{wrong}: {report:?}");
        }
    }

    #[test]
    fn a_client_has_to_end_well_or_not_as_the_case_asks() {
        fn ends(well: bool) -> Case {
            exercises::case(format!("well: {well}"), move |judge| {
                judge.post(b"")?;
                judge.ends(well, b"a\n")
            })
        }
        let cases: [fn() -> Vec<Case>; 2] = [|| vec![ends(true)], || vec![ends(false)]];
        for (line, passes) in [
            ("echo a", [true, false]),
            ("echo a; exit 3", [false, true]),
            ("echo b", [false, false]),
        ] {
            let reports = cases.map(|it| judged(Starts::UdpClient, line, it, Options::default()));
            let passed = [0, 1].map(|well| reports[well].passed == 1);
            assert_eq!(passed, passes, "{line}: {reports:?}");
        }
    }

    #[test]
    fn a_failure_does_not_stop_the_next_case_unless_it_was_asked_to() {
        let wrong = "read line; echo a; echo c";
        let all = judged(Starts::Filter, wrong, three, Options::default());
        assert!(
            all.lines
                .iter()
                .all(|line| line.contains("came:   1 byte \"c\"")),
            "{all:?}"
        );
        let first_failure_only = true;
        let options = Options {
            first_failure_only,
            ..Options::default()
        };
        let one = judged(Starts::Filter, wrong, three, options);
        assert!(
            one.lines[1].ends_with("not tried, because one failure is enough"),
            "{one:?}"
        );
        assert_eq!(one.failed, 3);
    }

    #[test]
    fn a_program_that_is_late_again_and_again_is_not_waited_for_in_every_case() {
        let line = "[ -e $DIR/mark ] && sleep 1000; touch $DIR/mark; cat";
        let six = || three().into_iter().chain(three()).collect();
        let limit = std::time::Duration::from_secs(1);
        let options = Options {
            limit,
            ..Options::default()
        };
        let report = judged(Starts::Filter, line, six, options);
        assert_eq!(report.passed, 1, "{report:?}");
        let (late, rest) = report.lines[1..].split_at(2);
        assert!(
            late.iter().all(|line| line.contains("it ran on")),
            "{report:?}"
        );
        let why = "not tried, because the time was over too often";
        assert!(rest.iter().all(|line| line.ends_with(why)), "{report:?}");
    }

    #[test]
    fn a_program_that_is_ended_has_a_moment_for_its_last_words() {
        let wrong = || {
            vec![exercises::case("a client", |judge| {
                judge.post(b"\n")?;
                Err(report::Failure::new("a client", "another"))
            })]
        };
        // A moment may be too short on a busy machine, but not ten times.
        let line = "read line; sleep 0.03; echo why >&2; exec sleep 1000";
        let judged = || judged(Starts::UdpClient, line, wrong, Options::default());
        assert!((0..10).any(|_| judged().stderr == "why\n"));
    }

    #[test]
    fn the_stderr_of_all_runs_stands_in_the_report_the_last_words_too() {
        let report = judged(
            Starts::Filter,
            "echo $PORT:$DIR >&2; cat",
            three,
            Options::default(),
        );
        assert_eq!(report.stderr.lines().count(), 3, "{report:?}");
        let last = judged(
            Starts::Server,
            "echo first >&2; echo last >&2",
            || vec![exercises::talk("a client", [])],
            Options::default(),
        );
        assert_eq!(last.stderr, "first\nlast\n");
        assert!(
            last.lines[0].ends_with("came:   refused\n  end:    exit status 0"),
            "{last:?}"
        );
    }
}
