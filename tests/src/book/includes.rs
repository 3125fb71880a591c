//! `{{#include path:anchor}}` and its kin: the file is there, the anchor is there, nothing is pasted.
//!
//! An anchor is a comment line `ANCHOR: name` and a later one `ANCHOR_END: name`; mdBook shows what stands between. In
//! a file with anchors every include names one, because a plain include would show the anchor comments as well. Line
//! numbers drift with the next edit, so they are refused.

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::{BOOK, line_of, options};
use crate::tree::{Tree, resolve};

/// Rust in a chapter that is not included: more lines than this are a copy that nobody compiles.
const PASTED: usize = 3;

pub(super) fn problems(tree: &Tree) -> Vec<String> {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for (page, text) in tree.texts(".md") {
        for (line, directive) in directives(text) {
            if let Err(why) = include(tree, page, directive, &mut used) {
                problems.push(format!("{page}:{line}: {why}"));
            }
        }
        let pasted = pasted_rust(text).into_iter();
        problems.extend(pasted.map(|(line, why)| format!("{page}:{line}: {why}")));
    }
    for path in tree
        .paths()
        .filter(|path| !path.ends_with(".md") && has_chapter(tree, path))
    {
        for (line, name) in anchors(tree.text(path).unwrap_or_default()) {
            if !used.contains(&(path.to_owned(), name.to_owned())) {
                problems.push(format!(
                    "{path}:{line}: no chapter includes the anchor `{name}`"
                ));
            }
        }
    }
    problems
}

/// Whether the chapter that would include from this file is written: code of a lesson comes before its chapter.
fn has_chapter(tree: &Tree, path: &str) -> bool {
    let lesson = path
        .strip_prefix(BOOK)
        .and_then(|inside| inside.split_once('/'));
    lesson.is_none_or(|(folder, _)| tree.has_file(&format!("{BOOK}{folder}/README.md")))
}

/// Judges one directive, the text between `{{#` and `}}`, and notes the anchor it uses.
fn include(
    tree: &Tree,
    page: &str,
    directive: &str,
    used: &mut BTreeSet<(String, String)>,
) -> Result<(), String> {
    let (kind, rest) = directive
        .split_once(char::is_whitespace)
        .unwrap_or((directive, ""));
    let mut words = rest.split_whitespace();
    match kind {
        _ if !page.starts_with(BOOK) => {
            return Err(format!(
                "`{{{{#{directive}}}}}` is only expanded in a chapter"
            ));
        }
        "title" => return Ok(()),
        "include" | "rustdoc_include" | "playground" => {}
        _ => return Err(format!("mdBook knows no `{{{{#{kind}`")),
    }
    let target = words
        .next()
        .ok_or(format!("`{{{{#{kind}` without a path"))?;
    let (relative, part) = target.split_once(':').unwrap_or((target, ""));
    let path = resolve(page, relative).ok_or(format!("{relative} leaves the repository"))?;
    let text = tree.text(&path).ok_or(format!("no text file {path}"))?;
    if part.is_empty() {
        return match anchors(text).first() {
            Some((_, name)) => Err(format!(
                "{path} has anchors (`{name}`), so it is included by anchor"
            )),
            None => Ok(()),
        };
    }
    if part.starts_with(|c: char| c.is_ascii_digit() || c == ':') {
        return Err(format!(
            "{target} is included by line numbers, which drift: use an anchor"
        ));
    }
    used.insert((path.clone(), part.to_owned()));
    anchored(text, part).map_err(|why| format!("{path}: {why}"))
}

/// The directives of a page with their lines: the text between `{{#` and `}}`. `\{{#...}}` is an escaped one.
fn directives(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        for (at, _) in line.match_indices("{{") {
            let before = line.get(..at).unwrap_or_default();
            let inside = line.get(at + 2..).unwrap_or_default().trim_start();
            if let Some(inside) = inside.strip_prefix('#')
                && !before.ends_with('\\')
            {
                found.push((
                    number + 1,
                    inside.split('}').next().unwrap_or_default().trim_end(),
                ));
            }
        }
    }
    found
}

/// The name behind `word` in this line, as mdBook's expression `word\s*([\w_-]+)` finds it.
fn name_behind<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let rest = line.split_once(word)?.1.trim_start();
    let end = rest
        .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
        .unwrap_or(rest.len());
    rest.get(..end).filter(|name| !name.is_empty())
}

/// The anchors that begin in this file, with their lines: comment lines of their own (this file speaks of anchors in
/// strings, and has none).
fn anchors(text: &str) -> Vec<(usize, &str)> {
    let begins = |line: &str| {
        let line = line.trim_start();
        ["//", "#", "<!--"]
            .iter()
            .any(|comment| line.starts_with(comment))
            && !line.starts_with("//!")
    };
    let lines = text.lines().enumerate().filter(|(_, line)| begins(line));
    lines
        .filter_map(|(number, line)| Some((number + 1, name_behind(line, "ANCHOR:")?)))
        .collect()
}

/// Whether the anchor begins once, ends once behind that, and has something between.
fn anchored(text: &str, name: &str) -> Result<(), String> {
    let lines = |word: &str| -> Vec<usize> {
        let here = text
            .lines()
            .enumerate()
            .filter(|(_, line)| name_behind(line, word) == Some(name));
        here.map(|(at, _)| at).collect()
    };
    let (begin, end) = match (lines("ANCHOR:").as_slice(), lines("ANCHOR_END:").as_slice()) {
        ([], _) => return Err(format!("no anchor `{name}`")),
        ([_], []) => return Err(format!("the anchor `{name}` has no end")),
        (&[begin], &[end]) => (begin, end),
        _ => return Err(format!("the anchor `{name}` stands there more than once")),
    };
    let length = end
        .checked_sub(begin + 1)
        .ok_or(format!("the anchor `{name}` ends before it begins"))?;
    // mdBook leaves out the comments of other anchors.
    let shown = |line: &str| {
        !line.trim().is_empty() && !line.contains("ANCHOR:") && !line.contains("ANCHOR_END:")
    };
    let mut between = text.lines().skip(begin + 1).take(length);
    if between.any(shown) {
        Ok(())
    } else {
        Err(format!("the anchor `{name}` is empty"))
    }
}

/// `rust` fences that hold Rust of their own, or that mdBook would offer to run.
fn pasted_rust(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut block: Option<(usize, String)> = None;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let mut classes = info
                    .split([' ', '\t', ','])
                    .filter(|class| !class.is_empty());
                if classes.next() == Some("rust") {
                    let line = line_of(text, range.start);
                    if !classes.any(|class| class == "ignore") {
                        found.push((
                            line,
                            "a `rust` block without `ignore`: Cargo builds it already".to_owned(),
                        ));
                    }
                    block = Some((line, String::new()));
                }
            }
            Event::Text(code) => block.iter_mut().for_each(|(_, text)| text.push_str(&code)),
            Event::End(TagEnd::CodeBlock) => {
                if let Some((line, code)) = block.take() {
                    let own = code.lines().filter(|line| {
                        !line.trim().is_empty() && !line.trim_start().starts_with("{{#")
                    });
                    let count = own.count();
                    if count > PASTED {
                        found.push((
                            line,
                            format!("{count} lines of Rust are pasted here: include them"),
                        ));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "lessons/05/README.md";

    #[track_caller]
    fn assert_problem(page: &str, source: &str, expected: &str) {
        let tree = Tree::of(&[
            (PAGE, page),
            ("lessons/05/src/lib.rs", source),
            ("lessons/05/demo.txt", "plain\n"),
        ]);
        let found = problems(&tree);
        if expected.is_empty() {
            assert_eq!(found, [""; 0], "{page}");
        } else {
            assert!(
                found.iter().any(|problem| problem.contains(expected)),
                "{page}: {found:?}"
            );
        }
    }

    const SOURCE: &str = "fn a() {}\n// ANCHOR: b\nfn b() {}\n// ANCHOR_END: b\n";

    #[test]
    fn what_is_there_is_no_problem() {
        assert_problem(
            "{{#include src/lib.rs:b}}\n{{#include demo.txt}}\n",
            SOURCE,
            "",
        );
        assert_problem(
            "{{ #rustdoc_include ./src/../src/lib.rs:b }}\n{{#title x}}",
            SOURCE,
            "",
        );
        assert_problem("\\{{#include no.rs}}\n", "", "");
    }

    #[test]
    fn a_missing_file_is_found() {
        assert_problem(
            "\n{{#include src/no.rs}}\n",
            "",
            "lessons/05/README.md:2: no text file lessons/05/src/no.rs",
        );
        assert_problem("{{#include ../../../x}}\n", "", "leaves the repository");
    }

    #[test]
    fn a_missing_anchor_is_found() {
        assert_problem(
            "{{#include src/lib.rs:c}}\n",
            SOURCE,
            "lessons/05/src/lib.rs: no anchor `c`",
        );
        assert_problem(
            "{{#include src/lib.rs:b}}",
            "// ANCHOR: b-2\nx\n// ANCHOR_END: b-2\n",
            "no anchor `b`",
        );
    }

    #[test]
    fn an_anchor_that_never_ends_or_ends_first_or_twice_is_found() {
        assert_problem(
            "{{#include src/lib.rs:b}}",
            "// ANCHOR: b\nx\n",
            "has no end",
        );
        assert_problem(
            "{{#include src/lib.rs:b}}",
            "// ANCHOR_END: b\nx\n// ANCHOR: b\n",
            "ends before it begins",
        );
        assert_problem(
            "{{#include src/lib.rs:b}}",
            &SOURCE.repeat(2),
            "more than once",
        );
    }

    #[test]
    fn an_empty_anchor_is_found() {
        assert_problem(
            "{{#include src/lib.rs:b}}",
            "// ANCHOR: b\n// ANCHOR: c\n\n// ANCHOR_END: b\n",
            "is empty",
        );
    }

    #[test]
    fn an_anchor_that_nobody_includes_is_found() {
        assert_problem(
            "",
            SOURCE,
            "lessons/05/src/lib.rs:2: no chapter includes the anchor `b`",
        );
        assert_problem("", "let text = \"// ANCHOR: b\";\n", "");
    }

    #[test]
    fn an_anchor_may_wait_for_its_chapter() {
        let tree = Tree::of(&[("lessons/06/src/lib.rs", SOURCE)]);
        assert_eq!(problems(&tree), [""; 0]);
        let tree = Tree::of(&[("crates/common/src/lib.rs", SOURCE)]);
        assert_eq!(problems(&tree).len(), 1);
    }

    #[test]
    fn a_file_with_anchors_included_whole_is_found() {
        assert_problem(
            "{{#include src/lib.rs}} {{#include src/lib.rs:b}}",
            SOURCE,
            "included by anchor",
        );
    }

    #[test]
    fn line_numbers_are_found() {
        assert_problem("{{#include demo.txt:1:2}}", "", "line numbers");
        assert_problem("{{#include demo.txt::2}}", "", "line numbers");
    }

    #[test]
    fn a_misspelt_directive_is_found() {
        assert_problem("{{#inclde demo.txt}}", "", "mdBook knows no `{{#inclde`");
        assert_problem("{{#include}}", "", "without a path");
    }

    #[test]
    fn pasted_rust_is_found_and_a_short_quote_is_not() {
        let block = |lines: usize| format!("```rust,ignore\n{}```\n", "let a = 1;\n".repeat(lines));
        assert_problem(&block(4), "", "README.md:1: 4 lines of Rust are pasted");
        assert_problem(&block(3), "", "");
        assert_problem(
            "```rust,ignore\n{{#include src/lib.rs:b}}\n\n\n\n```\n",
            SOURCE,
            "",
        );
        assert_problem(
            "1. a list\n\n   ```rust,ignore\n   1\n   2\n   3\n   4\n   ```\n",
            "",
            "pasted",
        );
        assert_problem("```python\n1\n2\n3\n4\n```\n", "", "");
    }

    #[test]
    fn a_rust_block_that_mdbook_would_run_is_found() {
        assert_problem("```rust\n1\n```\n", "", "without `ignore`");
    }

    #[test]
    fn a_directive_outside_of_the_book_is_found() {
        let tree = Tree::of(&[("README.md", "{{#include demo.txt}}"), ("demo.txt", "")]);
        assert!(problems(&tree)[0].contains("only expanded in a chapter"));
    }
}
