//! A lesson is one sitting: its chapter has so many words of prose and code, and no more. What a first reading may skip
//! is in `more.md`, which may be as long as it likes.
//!
//! Output (blocks of `console` and `text`) is looked at rather than read, and does not count.

use std::fmt::Write as _;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::{BOOK, options};
use crate::tree::Tree;

/// The words of one sitting.
const SITTING: usize = 2_500;

pub(super) fn problems(tree: &Tree) -> Vec<String> {
    let mut problems = Vec::new();
    for (chapter, text, _) in split_chapters(tree) {
        let count = count(text);
        if count > SITTING {
            problems.push(format!(
                "{chapter}:1: {count} words of prose and code, one sitting has {SITTING}"
            ));
        }
    }
    problems
}

/// The words of each chapter and its `more.md`, as a table for authors.
pub fn table(tree: &Tree) -> String {
    let mut table = "README more.md\n".to_owned();
    for (chapter, text, more) in split_chapters(tree) {
        let _ = writeln!(table, "{:6} {:7} {chapter}", count(text), count(more));
    }
    table
}

/// The chapters that have a `more.md` beside them: path, text, and the other's text.
pub(super) fn split_chapters(tree: &Tree) -> impl Iterator<Item = (&str, &str, &str)> {
    tree.texts("/README.md").filter_map(|(path, text)| {
        let folder = path.strip_prefix(BOOK)?.strip_suffix("README.md")?;
        let more = tree.text(&format!("{BOOK}{folder}more.md"))?;
        Some((path, text, more))
    })
}

/// The words of prose and code in a page: whatever stands between blanks and has a letter or a digit.
fn count(markdown: &str) -> usize {
    let mut text = String::new();
    let mut in_output = false;
    for event in Parser::new_ext(markdown, options()) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                in_output = matches!(info.split([',', ' ']).next(), Some("console" | "text"));
            }
            Event::Text(_) if in_output => {}
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link) => {}
            Event::End(end) => {
                in_output &= end != TagEnd::CodeBlock;
                text.push(' ');
            }
            _ => {}
        }
    }
    text.split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_and_code_count_and_output_does_not() {
        for (markdown, words) in [
            ("# One two\nthree - *four*, [five](six.md) `seven`.\n", 6),
            ("it's **bo**ld, a-b\nc\n", 4),
            ("| a | b |\n|---|---|\n| c d | `e f` |\n", 6),
            ("```rust,ignore\nlet a = 1;\n}\n```\n", 3),
            (
                "```console\n$ cargo run\n```\n```text\nout put\n```\nafter\n",
                1,
            ),
            ("<summary>Answer</summary>\n\nyes\n", 1),
        ] {
            assert_eq!(count(markdown), words, "{markdown}");
        }
    }

    #[test]
    fn a_chapter_over_one_sitting_is_named_once_it_has_been_split() {
        let long = "word ".repeat(SITTING + 1);
        let fits = "word ".repeat(SITTING);
        let tree = Tree::of(&[
            ("lessons/04/README.md", &long),
            ("lessons/05/README.md", &long),
            ("lessons/05/more.md", &long),
            ("lessons/06/README.md", &fits),
            ("lessons/06/more.md", ""),
        ]);
        assert_eq!(
            problems(&tree),
            ["lessons/05/README.md:1: 2501 words of prose and code, one sitting has 2500"]
        );
        assert_eq!(
            table(&tree),
            "README more.md\n  2501    2501 lessons/05/README.md\n  2500       0 lessons/06/README.md\n"
        );
    }
}
