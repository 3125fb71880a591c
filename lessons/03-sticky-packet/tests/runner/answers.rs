//! Status and output are exactly the program's, or one line says why it did not run.

use lesson03::{Answer, NOT_ALLOWED, NOT_FOUND, OVER_LIMIT, Rules, Runner};

use super::{MIB, STILL_THERE, listed, shell, stderr, stdout};

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
