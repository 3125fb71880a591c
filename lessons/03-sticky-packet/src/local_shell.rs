//! `shell`: a command prompt without any network. The result of a command is three things, not one.
//!
//! The tutorials' prompt prints return code, stdout and stderr, but with `stderr=subprocess.STDOUT` it has poured the
//! errors into the output: the third is always `None`. Two pipes keep them apart.

use common::plain_block;

use crate::answer::Answer;

/// What the prompt shows of an answer: each part labelled, each beginning on a line of its own.
pub(crate) fn labelled(answer: &Answer) -> String {
    format!("status {}\noutput:\n{}errors:\n{}", answer.status, block(&answer.stdout), block(&answer.stderr))
}

/// Text that a terminal may see, ending with a line feed.
fn block(bytes: &[u8]) -> String {
    let mut text = plain_block(bytes);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_labelled_and_harmless() {
        let answer =
            Answer { status: 2, stdout: b"out\x1b[2J".to_vec(), stderr: b"err\n".to_vec(), cut: false };
        assert_eq!(labelled(&answer), "status 2\noutput:\nout\\u{1b}[2J\nerrors:\nerr\n");
        let silent = Answer { status: 0, stdout: vec![], stderr: vec![], cut: false };
        assert_eq!(labelled(&silent), "status 0\noutput:\nerrors:\n");
    }
}
