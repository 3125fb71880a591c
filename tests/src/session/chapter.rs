//! Markdown to steps: which commands stand in a chapter, in which terminal, and what stands below each.

use std::ops::Range;

use super::lines::is_mark;

/// One command, or the return to a program that runs, with the lines below it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Step {
    /// The line it stands in, counted from 0.
    pub(super) at: usize,
    /// Which block it stands in.
    pub(super) block: usize,
    pub(super) terminal: String,
    /// `None`: what already runs there goes on.
    pub(super) command: Option<String>,
    pub(super) lines: Vec<Line>,
    /// Where the lines below it stand in the chapter.
    pub(super) below: Range<usize>,
}

/// A line below a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    Printed(String),
    Typed(String),
    /// Ctrl-C; whether it stands in the step's own line instead of below it.
    Interrupt {
        in_prompt: bool,
    },
    Status(i32),
}

impl Line {
    fn parse(text: &str) -> Result<Self, String> {
        if text == "^C" {
            return Ok(Self::Interrupt { in_prompt: false });
        }
        if text == ">" {
            return Ok(Self::Typed(String::new()));
        }
        if let Some(typed) = text.strip_prefix("> ") {
            return Ok(Self::Typed(typed.to_owned()));
        }
        if let Some(status) = text
            .strip_prefix("[status ")
            .and_then(|rest| rest.strip_suffix(']'))
        {
            return status
                .parse()
                .map(Self::Status)
                .map_err(|_| format!("{text}: a status is a number"));
        }
        Ok(Self::Printed(text.to_owned()))
    }
}

/// The terminal and the command of a line that begins one: `server$ COMMAND`.
pub(super) fn prompt(line: &str) -> Option<(&str, &str)> {
    let (terminal, command) = line.split_once("$ ")?;
    is_name(terminal).then_some((terminal, command))
}

/// The terminal of a line `(NAME goes on)`.
pub(super) fn goes_on(line: &str) -> Option<&str> {
    let inside = line.strip_prefix('(')?.strip_suffix("goes on)")?;
    let name = inside.strip_suffix(' ').unwrap_or(inside);
    is_name(name).then_some(name)
}

fn is_name(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// All steps of a chapter, in their order.
///
/// # Errors
/// What is no right session, each with its line.
pub(super) fn steps(text: &str) -> Result<Vec<Step>, Vec<String>> {
    let mut steps: Vec<Step> = Vec::new();
    let mut problems = Vec::new();
    let mut fence: Option<Fence> = None;
    let mut block = 0;
    for (at, line) in text.lines().enumerate() {
        let Some(open) = &fence else {
            fence = Fence::open(line);
            if fence.as_ref().is_some_and(|fence| fence.console) {
                block += 1;
                if !line.starts_with("```console") {
                    problems.push(format!(
                        "{}: a session stands at the left margin, behind ```",
                        at + 1
                    ));
                }
            }
            continue;
        };
        if open.is_closed_by(line) {
            fence = None;
            continue;
        }
        if open.console
            && let Err(why) = take(line, at, block, &mut steps)
        {
            problems.push(format!("{}: {why}", at + 1));
        }
    }
    if problems.is_empty() {
        Ok(steps)
    } else {
        Err(problems)
    }
}

/// Takes one line of a session: a step of its own, or a line below the last one.
fn take(line: &str, at: usize, block: usize, steps: &mut Vec<Step>) -> Result<(), String> {
    let begin = |terminal: &str, command: Option<&str>, lines| Step {
        at,
        block,
        terminal: terminal.to_owned(),
        command: command.map(str::to_owned),
        lines,
        below: at + 1..at + 1,
    };
    if let Some((terminal, command)) = prompt(line) {
        let interrupt = command == "^C";
        let lines = if interrupt {
            vec![Line::Interrupt { in_prompt: true }]
        } else {
            Vec::new()
        };
        steps.push(begin(terminal, (!interrupt).then_some(command), lines));
    } else if let Some(terminal) = goes_on(line) {
        steps.push(begin(terminal, None, Vec::new()));
    } else {
        let last = steps.last_mut().filter(|step| step.block == block);
        let last = last.ok_or("a line before the first command of its block")?;
        last.lines.push(Line::parse(line)?);
        last.below.end = at + 1;
    }
    Ok(())
}

/// The chapter with other lines below its steps (`None`: as they are).
pub(super) fn with_lines(text: &str, steps: &[Step], parts: Vec<Option<Vec<String>>>) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for (step, part) in steps.iter().zip(parts).rev() {
        if let Some(part) = part {
            lines.splice(step.below.clone(), part.into_iter().map(|line| line + "\n"));
        }
    }
    lines.concat()
}

/// A fenced block that is open.
struct Fence {
    mark: char,
    length: usize,
    console: bool,
}

impl Fence {
    /// A fence in a quotation or a list counts too: a session that stands there must not be overlooked.
    fn open(line: &str) -> Option<Self> {
        let line = line.trim_start_matches(['>', ' ', '\t']);
        let mark = line.chars().next().filter(|&c| c == '`' || c == '~')?;
        let info = line.trim_start_matches(mark);
        let length = line.len() - info.len();
        let language = info.split([',', ' ']).find(|word| !word.is_empty());
        (length >= 3 && !info.contains('`')).then(|| Self {
            mark,
            length,
            console: language == Some("console"),
        })
    }

    fn is_closed_by(&self, line: &str) -> bool {
        let line = line.trim_start_matches(['>', ' ', '\t']).trim_end();
        line.len() >= self.length && line.chars().all(|c| c == self.mark)
    }
}

/// A printed line as it is written below a command: one that would be taken for a mark gets `[..]` for its first
/// character.
pub(super) fn printed(line: &str) -> String {
    let taken = is_mark(line)
        || prompt(line).is_some()
        || goes_on(line).is_some()
        || ["^C", ">"].contains(&line)
        || ["> ", "[status ", "```"]
            .iter()
            .any(|start| line.starts_with(start));
    let mut rest = line.chars();
    if taken && rest.next().is_some() {
        format!("[..]{}", rest.as_str())
    } else {
        line.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<Step> {
        steps(text).unwrap()
    }

    fn told(text: &str) -> String {
        steps(text).unwrap_err().join("\n")
    }

    #[test]
    fn a_block_is_told_apart_into_steps_and_lines() {
        let text = "# A\n```console,run-local\nserver$ a b\nout\n> typed\n>\n[status 3]\n$ c\nclient$ ^C\n(server goes on)\n^C\n```\n";
        let steps = parsed(text);
        let told: Vec<_> = steps
            .iter()
            .map(|step| (step.at, step.terminal.as_str(), step.command.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                (2, "server", Some("a b")),
                (7, "", Some("c")),
                (8, "client", None),
                (9, "server", None)
            ]
        );
        let typed = |text: &str| Line::Typed(text.into());
        assert_eq!(
            steps[0].lines,
            [
                Line::Printed("out".into()),
                typed("typed"),
                typed(""),
                Line::Status(3)
            ]
        );
        assert_eq!(steps[0].below, 3..7);
        assert_eq!(steps[2].lines, [Line::Interrupt { in_prompt: true }]);
        assert_eq!(
            (&steps[3].lines[..], &steps[3].below),
            (&[Line::Interrupt { in_prompt: false }][..], &(10..11))
        );
    }

    #[test]
    fn other_blocks_are_not_sessions() {
        assert_eq!(
            parsed(
                "```text\n$ rm -rf /\n```\n````md\n```console\n$ x\n```\n````\n~~~sh\n$ y\n~~~\n"
            ),
            []
        );
    }

    #[test]
    fn a_session_that_would_be_overlooked_is_an_error() {
        for hidden in [
            "  ```console\n  $ a\n  ```\n",
            "> ```console\n> $ a\n> ```\n",
            "~~~console\n$ a\n~~~\n",
            "``` console\n$ a\n```\n",
        ] {
            assert!(
                told(hidden).contains("1: a session stands at the left margin"),
                "{hidden}"
            );
        }
    }

    #[test]
    fn output_without_a_command_is_an_error() {
        assert!(
            told("```console\n$ a\n```\n```console\nout\n```\n")
                .contains("5: a line before the first command")
        );
    }

    #[test]
    fn lines_are_put_back_where_they_stood() {
        let text = "a\n```console\n$ x\nold\nold\n$ y\n```\nend";
        let steps = parsed(text);
        let parts = vec![Some(vec!["new".into()]), Some(vec!["1".into(), "2".into()])];
        assert_eq!(
            with_lines(text, &steps, parts),
            "a\n```console\n$ x\nnew\n$ y\n1\n2\n```\nend"
        );
        assert_eq!(with_lines(text, &steps, vec![None, None]), text);
    }

    #[test]
    fn a_printed_line_is_never_taken_for_a_mark() {
        for line in [
            "$ a",
            "x-1$ b",
            "(goes on)",
            "(a goes on)",
            "^C",
            "> a",
            ">",
            "[status 1]",
            "[...]",
            "```",
        ] {
            let text = format!("```console\n$ a\n{}\n```\n", printed(line));
            let steps = parsed(&text);
            assert!(
                matches!(&steps[0].lines[..], [Line::Printed(_)]),
                "{line}: {steps:?}"
            );
        }
        for line in ["a$b", "Server$ x", "", "5 > 3", "(so it goes on)", "[x]"] {
            assert_eq!(printed(line), line);
        }
    }
}
