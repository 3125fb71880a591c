//! The exercises of all lessons, judged as `check` judges them: each start fails, each solution passes.

use std::path::Path;
use std::thread;
use std::time::Duration;

use check::{Exercise, Options, Report};
use tests::programs::{example, workspace};
use tests::python;

/// A right program gets the time that a busy machine needs.
const PATIENT: Options = Options {
    limit: Duration::from_secs(60),
    first_failure_only: false,
    say: |_| {},
};
/// A wrong one need not be waited for that long, and one failure is enough.
const QUICK: Options = Options {
    limit: Duration::from_secs(4),
    first_failure_only: true,
    say: |_| {},
};

fn judge(exercise: &Exercise, program: &[&Path], options: Options) -> Report {
    let words = program
        .iter()
        .map(|word| word.to_string_lossy().into_owned());
    let words: Vec<String> = words.chain(["{port}".into(), "{dir}".into()]).collect();
    check::judge(exercise, &words, options, &mut |_| {}).unwrap()
}

/// All exercises of a lesson at once: most of their time they wait.
fn lesson(number: &str) {
    let exercises = check::exercises().filter(|exercise| exercise.number.starts_with(number));
    thread::scope(|scope| {
        for exercise in exercises {
            for name in exercise.examples {
                scope.spawn(move || {
                    let start = example(&format!("{name}_start"));
                    let wrong = judge(exercise, &[&start], QUICK);
                    assert!(
                        wrong.failed > 0,
                        "{name}: the start passes, nothing is left to do"
                    );
                    let solution = example(&format!("{name}_solution"));
                    let right = judge(exercise, &[&solution], PATIENT);
                    assert_eq!(right.failed, 0, "{name}: the solution fails: {right:#?}");
                });
            }
        }
    });
}

#[test]
fn the_exercises_of_lesson_00() {
    lesson("00.");
}

#[test]
fn the_exercises_of_lesson_01() {
    lesson("01.");
}

#[test]
fn the_exercises_of_lesson_02() {
    lesson("02.");
}

#[test]
fn the_exercises_of_lesson_03() {
    lesson("03.");
}

#[test]
fn the_exercises_of_lesson_04() {
    lesson("04.");
}

#[test]
fn the_exercises_of_lesson_05() {
    lesson("05.");
}

#[test]
fn the_exercises_of_lesson_06() {
    lesson("06.");
}

#[test]
fn the_exercises_of_lesson_07() {
    lesson("07.");
}

#[test]
fn no_lesson_with_exercises_is_forgotten_here() {
    for exercise in check::exercises() {
        let name = format!("the_exercises_of_lesson_{}", &exercise.number[..2]);
        assert!(
            include_str!("exercises.rs").contains(&name),
            "no test {name}"
        );
    }
}

/// Each start of 04.1 in Python has the mistake of its twin in Rust, seen in the same case.
#[test]
fn the_four_receivers_in_python_make_the_mistakes_of_those_in_rust() {
    if !python::is_there("exercise 04.1") {
        return;
    }
    let exercise = check::find("04.1").unwrap();
    let all = Options {
        first_failure_only: false,
        ..QUICK
    };
    thread::scope(|scope| {
        for (name, case) in [
            (
                "l04_receiver_a",
                "FAILED messages whose header comes in two halves",
            ),
            ("l04_receiver_b", "FAILED a message of 10,000 bytes"),
            ("l04_receiver_c", "FAILED a message in one write"),
            (
                "l04_receiver_d",
                "FAILED three in one write, one of them empty",
            ),
        ] {
            let folder = workspace().join("lessons/04-fixed-header/exercises");
            let rust = vec![example(&format!("{name}_start"))];
            let python = vec!["python3".into(), folder.join(format!("{name}_start.py"))];
            for start in [rust, python] {
                scope.spawn(move || {
                    let words: Vec<&Path> = start.iter().map(|word| word.as_path()).collect();
                    let report = judge(exercise, &words, all);
                    let found = report.lines.iter().any(|line| line.starts_with(case));
                    assert!(found, "{start:?}: {report:#?}");
                });
            }
        }
    });
}
