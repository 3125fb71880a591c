//! What a command answered: status, stdout, stderr, and how the two are cut to fit a message.
//!
//! ```text
//! status   meaning                              body
//! 0..255   the program's exit code              stdout, then stderr
//! -N       ended by signal N                    stdout, then stderr
//! -9       ended by us at the output limit      what fits, then the line `output cut at N bytes`
//! 124      ended by us at the time limit        what there was
//! 126      not allowed, or could not be run     one line: `not allowed: ...`, `cannot run: ...`
//! 127      no such program                      one line: `not found: ...`
//! ```
//!
//! 124, 126 and 127 are what `timeout` and the shell use. A program may exit with one of them too; then its own output
//! says so.

use std::fmt::Display;

/// Status: ended at the output limit. The signal that ends a group is SIGKILL, number 9 on every Unix.
pub const OVER_LIMIT: i32 = -9;
/// Status: ended at the time limit, as `timeout` reports it.
pub const TIMED_OUT: i32 = 124;
/// Status: not allowed (a shell: found but cannot be run).
pub const NOT_ALLOWED: i32 = 126;
/// Status: no such program.
pub const NOT_FOUND: i32 = 127;

/// What a command answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Exit code, or one of the other numbers that the file's head lists.
    pub status: i32,
    /// What it wrote to stdout.
    pub stdout: Vec<u8>,
    /// What it wrote to stderr; for a command that never ran, the line that says why.
    pub stderr: Vec<u8>,
    /// There was more output than the limit; the rest was not kept.
    pub cut: bool,
}

impl Answer {
    /// The answer to a command that did not run: one line, `WHAT: WHY`, where its errors would be.
    pub fn line(status: i32, what: &str, why: impl Display) -> Self {
        Self {
            status,
            stdout: Vec::new(),
            stderr: format!("{what}: {why}\n").into_bytes(),
            cut: false,
        }
    }

    /// stdout followed by stderr, in at most `limit` bytes.
    ///
    /// What does not fit is cut, and the last line says so, inside the limit: `output cut at N bytes`, N being how many
    /// bytes of output stand before it. A limit smaller than that line gets its beginning.
    pub fn body(&self, limit: usize) -> Vec<u8> {
        let mut body = [self.stdout.as_slice(), &self.stderr].concat();
        if !self.cut && body.len() <= limit {
            return body;
        }
        // What is left of the limit beside the longest such line, and the LF that ends the line before it.
        body.truncate(limit.saturating_sub(cut_line(limit).len() + 1));
        let kept = body.len();
        if !body.is_empty() && !body.ends_with(b"\n") {
            body.push(b'\n');
        }
        body.extend(cut_line(kept).into_bytes());
        body.truncate(limit);
        body
    }
}

/// The line that stands after the first `bytes` bytes of an output that had more.
pub fn cut_line(bytes: usize) -> String {
    format!("output cut at {bytes} bytes\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(stdout: &str, stderr: &str, cut: bool) -> Answer {
        Answer {
            status: 0,
            stdout: stdout.into(),
            stderr: stderr.into(),
            cut,
        }
    }

    fn body(answer: &Answer, limit: usize) -> String {
        String::from_utf8(answer.body(limit)).unwrap()
    }

    #[test]
    fn stdout_comes_before_stderr_and_nothing_is_added() {
        assert_eq!(body(&answer("out", "err", false), 1_000), "outerr");
        assert_eq!(body(&answer("", "", false), 0), "");
    }

    #[test]
    fn what_fits_exactly_is_whole_and_one_byte_more_is_cut() {
        let answer = answer(&"o".repeat(60), &"e".repeat(40), false);
        assert_eq!(body(&answer, 100).len(), 100);
        assert!(!body(&answer, 100).contains("cut"));
        assert!(
            body(&answer, 99).ends_with("\noutput cut at 75 bytes\n"),
            "{:?}",
            body(&answer, 99)
        );
    }

    #[test]
    fn at_every_limit_the_body_fits_and_ends_with_the_true_number() {
        for (stdout, stderr) in [
            ("o".repeat(90), "e".repeat(60)),
            ("line\n".repeat(30), String::new()),
        ] {
            let whole = format!("{stdout}{stderr}");
            let answer = answer(&stdout, &stderr, false);
            for limit in 0..whole.len() {
                let body = body(&answer, limit);
                assert!(body.len() <= limit, "{limit}");
                let Some((before, number)) = body.rsplit_once("output cut at ") else {
                    assert!(limit < "output cut at ".len(), "{limit}");
                    assert!("output cut at 0 bytes\n".starts_with(&body), "{limit}");
                    continue;
                };
                if let Some(number) = number.strip_suffix(" bytes\n") {
                    let kept: usize = number.parse().unwrap();
                    assert_eq!(
                        before.trim_end_matches('\n'),
                        whole[..kept].trim_end_matches('\n'),
                        "{limit}"
                    );
                    assert!(before.is_empty() || before.ends_with('\n'), "{limit}");
                    assert!(
                        limit <= 24 || limit - body.len() <= 3,
                        "wasted at {limit}: {}",
                        body.len()
                    );
                } else {
                    assert!(limit < "output cut at 0 bytes\n".len(), "{limit}");
                }
            }
        }
    }

    #[test]
    fn output_that_was_cut_when_it_was_read_says_so_even_where_it_would_fit() {
        assert_eq!(
            body(&answer("y\ny\n", "", true), 1_000),
            "y\ny\noutput cut at 4 bytes\n"
        );
        assert_eq!(
            body(&answer("y\ny", "", true), 1_000),
            "y\ny\noutput cut at 3 bytes\n"
        );
        assert_eq!(
            body(&answer("", "", true), 1_000),
            "output cut at 0 bytes\n"
        );
    }
}
