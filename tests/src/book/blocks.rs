//! Code and output stand *in* a chapter, under a link that says where they come from, and are equal to their source.
//!
//! ```text
//! [`src/fixed_header.rs`](src/fixed_header.rs#decode)         a line that is only this link,
//! ```` ```rust,ignore ````                                    right above a fence (one blank line may stand between)
//! ```
//!
//! The fragment names an anchor: a comment line `ANCHOR: name` and a later one `ANCHOR_END: name`; the lines between them are
//! meant, without the indentation they share. No fragment: the whole file. Comments of anchors are never shown.
//! mdBook's own directives (`{{#include ...}}`) are nothing on a code host or in an editor, so there are none.
//!
//! `UPDATE_SESSIONS=1 cargo test -p tests sessions` rewrites the blocks, too.

use std::collections::BTreeSet;
use std::ops::Range;

use super::BOOK;
use crate::tree::{Tree, resolve};

/// Rust in a chapter that has no link above it: more lines than this are a copy that nobody compiles.
const PASTED: usize = 3;

pub(super) fn problems(tree: &Tree) -> Vec<String> {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for (page, text) in chapters(tree) {
        for (line, number) in text.lines().zip(1..) {
            if line.contains("{{#") {
                problems.push(format!(
                    "{page}:{number}: only mdBook knows `{{{{#`: show the block under a link to its source"
                ));
            }
        }
        for block in fences(text) {
            let judged = match &block.source {
                Some((name, target)) if !names(name, target) => Err(format!(
                    "the caption says {name}, its link leads to {target}"
                )),
                Some((_, target)) => equal(tree, page, target, &block, text, &mut used),
                None => not_pasted(&block, text),
            };
            problems.extend(
                judged
                    .err()
                    .map(|why| format!("{page}:{}: {why}", block.line)),
            );
        }
    }
    for path in tree.paths().filter(|path| is_shown(tree, path)) {
        for (line, name) in anchors(tree.text(path).unwrap_or_default()) {
            if !used.contains(&(path.to_owned(), name.to_owned())) {
                problems.push(format!(
                    "{path}:{line}: no chapter shows the anchor `{name}`"
                ));
            }
        }
    }
    problems
}

/// A page whose blocks are those of their sources. Whatever has no source that can be shown stays, and is a problem.
pub fn rewritten(tree: &Tree, page: &str, text: &str) -> String {
    let mut new = text.to_owned();
    for block in fences(text).into_iter().rev() {
        let source = block
            .source
            .as_ref()
            .map(|(_, target)| shown(tree, page, target));
        if let Some(Ok((_, source))) = source {
            new.replace_range(block.content, &source);
        }
    }
    new
}

fn chapters(tree: &Tree) -> impl Iterator<Item = (&str, &str)> {
    tree.texts(".md").filter(|(page, _)| page.starts_with(BOOK))
}

/// Whether anchors of this file have to be shown somewhere: code of a lesson comes before its chapter.
fn is_shown(tree: &Tree, path: &str) -> bool {
    let lesson = path
        .strip_prefix(BOOK)
        .and_then(|inside| inside.split_once('/'));
    !path.ends_with(".md")
        && lesson.is_none_or(|(folder, _)| tree.has_file(&format!("{BOOK}{folder}/README.md")))
}

/// A fenced block.
struct Block {
    /// The line of the fence, or of the link above it.
    line: usize,
    /// What stands after the backticks.
    info: String,
    /// What the link above it says, and where it leads.
    source: Option<(String, String)>,
    /// Its lines, as bytes of the page.
    content: Range<usize>,
}

/// The fenced blocks of a page, those at the left margin.
fn fences(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Option<(String, Block)> = None;
    // The link that stands alone in a line, and whether a blank line followed.
    let mut link: Option<(usize, (String, String))> = None;
    let (mut at, mut blanks) = (0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let (start, line) = (at, line.trim_end());
        at += text
            .get(at..)
            .and_then(|rest| rest.find('\n'))
            .map_or(text.len() - at, |end| end + 1);
        if let Some((fence, block)) = &mut open {
            if line.starts_with(&*fence) && line.trim_start_matches('`').is_empty() {
                block.content.end = start;
                blocks.extend(open.take().map(|(_, block)| block));
            }
            continue;
        }
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks >= 3 {
            let (fence, info) = line.split_at(ticks);
            let (above, source) = match link.take() {
                Some((above, source)) if blanks <= 1 => (above, Some(source)),
                _ => (number + 1, None),
            };
            let block = Block {
                line: above,
                info: info.to_owned(),
                source,
                content: at..text.len(),
            };
            open = Some((fence.to_owned(), block));
        } else if line.is_empty() {
            blanks += 1;
        } else {
            (link, blanks) = (sole_link(line).map(|link| (number + 1, link)), 0);
        }
    }
    blocks.extend(open.map(|(_, block)| block));
    blocks
}

/// Name and target of a line that is only a link to a file: ``[`NAME`](TARGET)``.
fn sole_link(line: &str) -> Option<(String, String)> {
    let (name, target) = line
        .strip_prefix("[`")?
        .strip_suffix(')')?
        .split_once("`](")?;
    let file = !target.contains([':', ')', ' ']) && !name.contains('`');
    file.then(|| (name.to_owned(), target.to_owned()))
}

/// Whether a caption says which file its link leads to.
fn names(name: &str, target: &str) -> bool {
    target.split('#').next() == Some(name)
}

/// Path and text of what a link leads to.
fn shown(tree: &Tree, page: &str, target: &str) -> Result<(String, String), String> {
    let (relative, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = resolve(page, relative).ok_or(format!("{relative} leaves the repository"))?;
    let text = tree.text(&path).ok_or(format!("no text file {path}"))?;
    let lines = match anchor {
        "" => text.trim_end().lines().collect(),
        name => anchored(text, name).map_err(|why| format!("{path}: {why}"))?,
    };
    let lines = Vec::from_iter(lines.into_iter().filter(|line| !is_anchor(line)));
    let indented = lines.iter().filter(|line| !line.trim().is_empty());
    let indented = indented
        .map(|line| line.len() - line.trim_start().len())
        .min();
    let mut shown = String::new();
    for line in lines {
        shown += line.get(indented.unwrap_or(0)..).unwrap_or_default();
        shown.push('\n');
    }
    if shown.trim().is_empty() {
        return Err(format!("{target} is empty"));
    }
    Ok((path, shown))
}

fn equal(
    tree: &Tree,
    page: &str,
    target: &str,
    block: &Block,
    text: &str,
    used: &mut BTreeSet<(String, String)>,
) -> Result<(), String> {
    let (path, source) = shown(tree, page, target)?;
    let anchor = target.split_once('#').map_or("", |(_, anchor)| anchor);
    used.insert((path, anchor.to_owned()));
    let here = text.get(block.content.clone()).unwrap_or_default();
    if here == source {
        return Ok(());
    }
    let pairs = here
        .lines()
        .map(Some)
        .chain([None])
        .zip(source.lines().map(Some).chain([None]));
    let differs = pairs.enumerate().find(|(_, (here, source))| here != source);
    let (at, (here, source)) = differs.unwrap_or_default();
    let end = "(the end)";
    let (here, source) = (here.unwrap_or(end), source.unwrap_or(end));
    Err(format!(
        "not what {target} holds, from its line {} on; here: {here}; there: {source} (UPDATE_SESSIONS=1 rewrites it)",
        at + 1
    ))
}

/// Rust of its own, or Rust that mdBook would offer to run.
fn not_pasted(block: &Block, text: &str) -> Result<(), String> {
    let mut classes = block.info.split([' ', '\t', ',']);
    if classes.next() != Some("rust") {
        return Ok(());
    }
    let code = text.get(block.content.clone()).unwrap_or_default();
    let count = code.lines().filter(|line| !line.trim().is_empty()).count();
    if count > PASTED {
        return Err(format!(
            "{count} lines of Rust without a link to where they come from"
        ));
    }
    Ok(())
}

/// Whether a line is the comment that begins or ends an anchor (this file speaks of anchors in strings, and has none).
fn is_anchor(line: &str) -> bool {
    name_after(line, "ANCHOR:")
        .or(name_after(line, "ANCHOR_END:"))
        .is_some()
}

/// The name after `word` in a line that is only this comment.
fn name_after<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let comment = ["// ", "# "]
        .iter()
        .find_map(|marks| line.trim().strip_prefix(marks))?;
    let name = comment.strip_prefix(word)?.trim();
    let right = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    (!name.is_empty() && name.chars().all(right)).then_some(name)
}

/// The anchors that begin in this file, with their lines.
fn anchors(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate();
    lines.filter_map(|(number, line)| Some((number + 1, name_after(line, "ANCHOR:")?)))
}

/// The lines of an anchor, which begins once and ends once after that.
pub(super) fn anchored<'a>(text: &'a str, name: &str) -> Result<Vec<&'a str>, String> {
    let lines = |word: &str| -> Vec<usize> {
        let here = text
            .lines()
            .enumerate()
            .filter(|(_, line)| name_after(line, word) == Some(name));
        here.map(|(at, _)| at).collect()
    };
    let (begin, end) = match (lines("ANCHOR:").as_slice(), lines("ANCHOR_END:").as_slice()) {
        ([], _) => return Err(format!("no anchor `{name}`")),
        ([_], []) => return Err(format!("the anchor `{name}` has no end")),
        (&[begin], &[end]) => (begin, end),
        _ => return Err(format!("the anchor `{name}` stands there more than once")),
    };
    let length = end.checked_sub(begin + 1);
    let length = length.ok_or(format!("the anchor `{name}` ends before it begins"))?;
    Ok(text.lines().skip(begin + 1).take(length).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "lessons/05/README.md";
    const SOURCE: &str =
        "fn a() {}\n    // ANCHOR: b\n    fn b() {\n        1\n    }\n    // ANCHOR_END: b\n";
    const SHOWN: &str = "fn b() {\n    1\n}\n";

    fn tree(page: &str, source: &str) -> Tree {
        Tree::of(&[
            (PAGE, page),
            ("lessons/05/src/lib.rs", source),
            ("lessons/05/demo.txt", "plain\n"),
        ])
    }

    #[track_caller]
    fn assert_problem(page: &str, source: &str, expected: &str) {
        let found = problems(&tree(page, source));
        if expected.is_empty() {
            assert_eq!(found, [""; 0], "{page}");
        } else {
            let named = found.iter().any(|problem| problem.contains(expected));
            assert!(named, "{page}: {found:?}");
        }
    }

    fn block(target: &str, content: &str) -> String {
        let name = target.split('#').next().unwrap_or_default();
        format!("[`{name}`]({target})\n```rust,ignore\n{content}```\n")
    }

    #[test]
    fn what_is_equal_is_no_problem() {
        let page = block("src/lib.rs#b", SHOWN) + &block("demo.txt", "plain\n");
        assert_problem(&page, SOURCE, "");
        assert_problem(&page.replace(")\n```", ")\n\n```"), SOURCE, "");
        // A link to a file in a sentence, or with nothing below it, shows no block.
        let page = page + "see [`lib`](src/lib.rs)\n\n[`lib`](src/lib.rs)\n\nends\n";
        assert_problem(&page, SOURCE, "");
    }

    #[test]
    fn a_changed_line_is_named_on_either_side() {
        let page = block("src/lib.rs#b", SHOWN);
        let other = SOURCE.replace("1", "2");
        assert_problem(
            &page,
            &other,
            "README.md:1: not what src/lib.rs#b holds, from its line 2 on",
        );
        assert_problem(
            &page.replace("    1", "    3"),
            SOURCE,
            "here:     3; there:     1",
        );
        let shorter = block("src/lib.rs#b", "fn b() {\n    1\n");
        assert_problem(&shorter, SOURCE, "here: (the end); there: }");
        let longer = block("src/lib.rs#b", &format!("{SHOWN}more\n"));
        assert_problem(&longer, SOURCE, "here: more; there: (the end)");
    }

    #[test]
    fn a_missing_file_or_anchor_is_named() {
        assert_problem(
            &block("src/no.rs", "x\n"),
            "",
            "no text file lessons/05/src/no.rs",
        );
        assert_problem(&block("../../../x", "x\n"), "", "leaves the repository");
        assert_problem(&block("src/lib.rs#c", SHOWN), SOURCE, "no anchor `c`");
        let b2 = SOURCE.replace(": b", ": b-2");
        assert_problem(&block("src/lib.rs#b", SHOWN), &b2, "no anchor `b`");
        let endless = "// ANCHOR: b\nx\n";
        assert_problem(&block("src/lib.rs#b", "x\n"), endless, "has no end");
        let turned = "// ANCHOR_END: b\nx\n// ANCHOR: b\n";
        assert_problem(
            &block("src/lib.rs#b", "x\n"),
            turned,
            "ends before it begins",
        );
        assert_problem(
            &block("src/lib.rs#b", SHOWN),
            &SOURCE.repeat(2),
            "more than once",
        );
        let empty = "// ANCHOR: b\n\n// ANCHOR_END: b\n";
        assert_problem(&block("src/lib.rs#b", "\n"), empty, "is empty");
    }

    #[test]
    fn an_anchor_that_no_chapter_shows_is_named() {
        assert_problem(
            "text\n",
            SOURCE,
            "src/lib.rs:2: no chapter shows the anchor `b`",
        );
    }

    #[test]
    fn rust_without_a_source_is_named() {
        let page = "```rust,ignore\n1\n2\n3\n4\n```\n";
        assert_problem(page, "", "4 lines of Rust without a link");
        assert_problem("```rust,ignore\n1\n2\n3\n```\n", "", "");
        // Two blank lines, or a word, and the link is no longer that of the block.
        let page = block("src/lib.rs#b", SHOWN).replace(")\n```", ")\n\n\n```");
        assert_problem(
            &(page + "\n```rust\n1\n2\n3\n4\n```\n"),
            SOURCE,
            "4 lines of Rust",
        );
    }

    #[test]
    fn a_caption_that_names_another_file_is_named() {
        let page = format!("[`src/other.rs`](src/lib.rs#b)\n```rust\n{SHOWN}```\n");
        let problems = problems(&tree(&page, SOURCE));
        assert_eq!(
            problems[0],
            "lessons/05/README.md:1: the caption says src/other.rs, its link leads to src/lib.rs#b"
        );
    }

    #[test]
    fn a_directive_is_named() {
        let page = "```text\n{{#include demo.txt}}\n```\n";
        assert_problem(page, "", "README.md:2: only mdBook knows `{{#`");
    }

    #[test]
    fn a_longer_fence_holds_a_shorter_one() {
        let page = "[`demo.txt`](demo.txt)\n````text\n```\n````\n";
        let tree = Tree::of(&[(PAGE, page), ("lessons/05/demo.txt", "```\n")]);
        assert_eq!(problems(&tree), [""; 0]);
    }

    #[test]
    fn rewriting_puts_every_source_in_its_place_and_changes_nothing_else() {
        let page = format!(
            "one\n\n{}two\n\n{}three\n",
            block("src/lib.rs#b", "old\n"),
            block("demo.txt", "")
        );
        let tree = tree(&page, SOURCE);
        let new = rewritten(&tree, PAGE, &page);
        let wanted = page
            .replace("old\n", SHOWN)
            .replace("ignore\n```", "ignore\nplain\n```");
        assert_eq!(new, wanted);
        assert_eq!(rewritten(&tree, PAGE, &new), new);
    }
}
