//! `shell`: a command prompt without any network. The result of a command is three things, not one.
//!
//! The tutorials' prompt prints return code, stdout and stderr, but with `stderr=subprocess.STDOUT` it has poured the
//! errors into the output: the third is always `None`. Two pipes keep them apart.

use cli::{Flags, Output, Result, escaped_block, next_entry};
use runner::{Answer, cut_line};

use super::commands::ShellFlag;

/// A command prompt until `exit` or `bye`.
///
/// # Errors
/// An option for sockets was given; stdin failed.
pub fn shell(flags: &Flags, shell: ShellFlag) -> Result {
    flags.without_socket("shell")?;
    let runner = shell.runner();
    let mut out = Output;
    while let Some(line) = next_entry("> ")? {
        match line.trim_ascii() {
            b"exit" | b"bye" => break,
            b"" => {}
            _ => out.raw(labelled(&runner.run(&line, &|| false)).as_bytes())?,
        }
    }
    Ok(())
}

/// What the prompt shows of an answer: each part labelled, each beginning on a line of its own; and if the runner cut the
/// output, the line that a message over the wire ends with.
fn labelled(answer: &Answer) -> String {
    let cut = match answer.cut {
        true => cut_line(answer.stdout.len() + answer.stderr.len()),
        false => String::new(),
    };
    let (status, output, errors) = (answer.status, block(&answer.stdout), block(&answer.stderr));
    format!("status {status}\noutput:\n{output}errors:\n{errors}{cut}")
}

/// Text that a terminal may see, ending with a line feed.
fn block(bytes: &[u8]) -> String {
    let mut text = escaped_block(bytes);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_labelled_and_escaped() {
        let answer = Answer {
            status: 2,
            stdout: b"out\x1b[2J".to_vec(),
            stderr: b"err\n".to_vec(),
            cut: false,
        };
        assert_eq!(
            labelled(&answer),
            "status 2\noutput:\nout\\u{1b}[2J\nerrors:\nerr\n"
        );
        let silent = Answer {
            status: 0,
            stdout: vec![],
            stderr: vec![],
            cut: false,
        };
        assert_eq!(labelled(&silent), "status 0\noutput:\nerrors:\n");
        let cut = Answer {
            status: -9,
            stdout: b"1\n2".to_vec(),
            stderr: b"e".to_vec(),
            cut: true,
        };
        assert_eq!(
            labelled(&cut),
            "status -9\noutput:\n1\n2\nerrors:\ne\noutput cut at 4 bytes\n"
        );
    }
}
