//! What a page shows as code, session or demo is at most 100 columns wide: as wide as `book.css` makes the page. A wider
//! line scrolls, and a reader of a printed page never sees its end.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr as _;

use super::{line_of, options};
use crate::tree::Tree;

const COLUMNS: usize = 100;

pub(super) fn problems(tree: &Tree) -> Vec<String> {
    let mut problems = Vec::new();
    for (page, text) in tree.texts(".md") {
        for (number, line) in code_lines(text) {
            problems.extend(too_wide(page, number, line));
        }
    }
    for (demo, text) in tree.texts("/demo.txt") {
        let lines = text.lines().zip(1..);
        problems.extend(lines.filter_map(|(line, number)| too_wide(demo, number, line)));
    }
    problems
}

fn too_wide(file: &str, number: usize, line: &str) -> Option<String> {
    let columns = width(line);
    (columns > COLUMNS)
        .then(|| format!("{file}:{number}: {columns} columns, {COLUMNS} fit the page: {line}"))
}

/// How many columns a line takes: two for a Chinese character, and a tab goes to the next eighth.
fn width(line: &str) -> usize {
    let mut columns = 0;
    for (number, part) in line.split('\t').enumerate() {
        if number > 0 {
            columns = (columns / 8 + 1) * 8;
        }
        columns += part.width();
    }
    columns
}

/// The lines of all code blocks of a page, each with its number.
fn code_lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut inside = false;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => inside = true,
            Event::End(TagEnd::CodeBlock) => inside = false,
            Event::Text(_) if inside => {
                let first = line_of(text, range.start);
                let here = text.get(range).unwrap_or_default();
                lines.extend((first..).zip(here.lines()));
            }
            _ => {}
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_widest(line: &str, wide: &str) {
        let page = |line: &str| format!("text\n\n```text\nshort\n{line}\n```\n");
        let tree = |line: &str| Tree::of(&[("lessons/05/README.md", page(line).as_str())]);
        assert_eq!(problems(&tree(line)), [""; 0], "{line}");
        let found = problems(&tree(wide)).join("\n");
        assert!(
            found.starts_with("lessons/05/README.md:5: 10") && found.ends_with(wide),
            "{found}"
        );
    }

    #[test]
    fn a_line_of_more_than_a_hundred_columns_is_named() {
        assert_widest(&"x".repeat(100), &"x".repeat(101));
        assert_widest(&"粘".repeat(50), &("粘".repeat(50) + "x"));
        assert_widest(&("\t".repeat(12) + "four"), &("\t".repeat(12) + "fives"));
    }

    #[test]
    fn prose_wraps_and_a_demo_does_not() {
        let wide = "y".repeat(101);
        let tree = Tree::of(&[
            ("lessons/05/README.md", &format!("{wide} `{wide}`\n")),
            ("lessons/05/demo.txt", &format!("\n{wide}\n")),
        ]);
        let found = problems(&tree).join("\n");
        assert!(
            found.starts_with("lessons/05/demo.txt:2: 101 columns"),
            "{found}"
        );
    }
}
