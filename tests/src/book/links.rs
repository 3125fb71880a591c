//! Links, pictures and fragments of every Markdown file: what is relative must be there.
//!
//! A chapter's link must stay inside the book's sources, because the book is copied without the rest of the repository.
//! A link from a chapter to a folder shows a bare list of files; an absolute path depends on where the book is put; both
//! are refused. A picture says what it shows: who cannot see it has nothing else. A fragment of a source file is the name of an anchor in it. Addresses with a scheme are not looked at (no test
//! needs the internet).

use pulldown_cmark::{BrokenLink, Event, LinkType, Parser, Tag};

use super::{BOOK, blocks, headings, line_of, options};
use crate::tree::{Tree, resolve};

pub(super) fn problems(tree: &Tree) -> Vec<String> {
    let mut problems = Vec::new();
    for (page, text) in tree.texts(".md") {
        for (line, target) in targets(text) {
            let judged = target.and_then(|target| judge(tree, page, &target));
            problems.extend(judged.err().map(|why| format!("{page}:{line}: {why}")));
        }
    }
    problems
}

/// Every target of a page with its line: links, pictures, and those in HTML; an error for a reference without one.
fn targets(text: &str) -> Vec<(usize, Result<String, String>)> {
    let mut broken = Vec::new();
    let mut note = |link: BrokenLink<'_>| {
        // `[text]` alone is more often a pair of brackets than a link.
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            broken.push((
                link.span.start,
                Err(format!("no target for the reference [{}]", link.reference)),
            ));
        }
        None
    };
    let mut found = Vec::new();
    let events =
        Parser::new_with_broken_link_callback(text, options(), Some(&mut note)).into_offset_iter();
    for (event, range) in events {
        match event {
            Event::Start(Tag::Link {
                link_type: LinkType::Email,
                ..
            }) => {}
            Event::Start(Tag::Link { dest_url, .. }) => {
                found.push((range.start, Ok(dest_url.into_string())));
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                if text
                    .get(range.clone())
                    .is_some_and(|image| image.starts_with("![]"))
                {
                    let why = format!("the picture {dest_url} does not say what it shows");
                    found.push((range.start, Err(why)));
                }
                found.push((range.start, Ok(dest_url.into_string())));
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                for name in ["href", "src"] {
                    found.extend(
                        headings::attributes(&html, name)
                            .into_iter()
                            .map(|target| (range.start, Ok(target.to_owned()))),
                    );
                }
            }
            _ => {}
        }
    }
    found.append(&mut broken);
    found
        .into_iter()
        .map(|(at, target)| (line_of(text, at), target))
        .collect()
}

/// Whether `target` leads somewhere from `page`.
fn judge(tree: &Tree, page: &str, target: &str) -> Result<(), String> {
    if target.is_empty() {
        // In the table of contents that is a chapter to come.
        return if page == "lessons/SUMMARY.md" {
            Ok(())
        } else {
            Err("a link without a target".into())
        };
    }
    if has_scheme(target) {
        return Ok(());
    }
    if target.starts_with('/') {
        return Err(format!(
            "{target}: an absolute path depends on where the book is put"
        ));
    }
    let (relative, fragment) = match target.split_once('#') {
        Some((relative, fragment)) => (percent_decoded(relative), Some(percent_decoded(fragment))),
        None => (percent_decoded(target), None),
    };
    let path = if relative.is_empty() {
        page.to_owned()
    } else {
        resolve(page, &relative).ok_or(format!("{target} leaves the repository"))?
    };
    if tree.has_folder(&path) {
        // Where the repository itself is looked at, a folder is a page as good as any.
        let dead = page.starts_with(BOOK) || fragment.is_some();
        return if dead {
            Err(format!("{target}: {path} is a folder, which is no page"))
        } else {
            Ok(())
        };
    }
    if !tree.has_file(&path) {
        return Err(format!("{target}: {path} is not there"));
    }
    if page.starts_with(BOOK) && !path.starts_with(BOOK) {
        return Err(format!(
            "{target}: {path} is not part of the book, so the link is dead in it"
        ));
    }
    match fragment {
        None => Ok(()),
        Some(name) if !path.ends_with(".md") => {
            let anchored = blocks::anchored(tree.text(&path).unwrap_or_default(), &name);
            anchored.map(drop).map_err(|why| format!("{path}: {why}"))
        }
        Some(id) if headings::ids(tree.text(&path).unwrap_or_default()).contains(&id) => Ok(()),
        Some(id) => Err(format!("{target}: no heading of {path} has the id `{id}`")),
    }
}

fn has_scheme(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    })
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digits = behind
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits
            .filter(|_| first == b'%')
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = behind
            .get(if byte.is_some() { 2 } else { 0 }..)
            .unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_problem(page: &str, expected: &str) {
        let tree = Tree::of(&[
            ("lessons/05/README.md", page),
            ("lessons/04/README.md", "# The rule\n"),
            ("lessons/04/demo.svg", "<svg/>"),
            ("lessons/04/名.txt", ""),
            ("crates/common/src/lib.rs", ""),
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

    #[test]
    fn what_is_there_is_no_problem() {
        assert_problem(
            "[a](../04/README.md) ![p](../04/demo.svg) [b](../04/README.md#the-rule)\n\n# Here\n[c](#here)",
            "",
        );
        assert_problem(
            "[a](../04/%E5%90%8D.txt) [b](https://example.test/x#y) <mailto:a@example.test>",
            "",
        );
        assert_problem("[a][ref]\n\n[ref]: ../04/demo.svg", "");
        assert_problem(
            "<img src=\"../04/demo.svg\"> and `[code](no.md)` and [..] and\n\n```\n[x](no.md)\n```\n",
            "",
        );
    }

    #[test]
    fn a_dead_link_is_found_however_it_is_written() {
        for dead in [
            "[a](no.md)",
            "![a](no.png)",
            "<img src=\"no.png\">",
            "<a href=\"no.md\">x</a>",
            "[a][r]\n\n[r]: no.md",
        ] {
            assert_problem(&format!("text\n\n{dead}"), "README.md:3: no.");
        }
        assert_problem("> | a |\n> |---|\n> | [x](no.md) |\n", "not there");
    }

    #[test]
    fn a_reference_without_a_target_is_found() {
        assert_problem("see [a][nowhere]", "no target for the reference [nowhere]");
    }

    #[test]
    fn a_picture_without_words_is_found() {
        assert_problem(
            "\n![](../04/demo.svg)",
            "README.md:2: the picture ../04/demo.svg does not say what it shows",
        );
    }

    #[test]
    fn a_missing_fragment_is_found() {
        assert_problem(
            "[a](../04/README.md#rule)",
            "no heading of lessons/04/README.md has the id `rule`",
        );
        assert_problem("[a](#here)", "no heading of lessons/05/README.md");
        assert_problem("[a](../04/demo.svg#L3)", "no anchor `L3`");
    }

    #[test]
    fn a_folder_and_an_absolute_path_are_found() {
        assert_problem("[a](../04/)", "is a folder");
        assert_problem("[a](/lessons/04/README.md)", "absolute path");
        let tree = Tree::of(&[
            ("README.md", "[a](lessons/04/) [b](lessons)"),
            ("lessons/04/demo.svg", ""),
        ]);
        assert_eq!(problems(&tree), [""; 0]);
    }

    #[test]
    fn a_link_that_leaves_the_book_is_found() {
        assert_problem(
            "[a](../../crates/common/src/lib.rs)",
            "not part of the book",
        );
        assert_problem("[a](../../../x)", "leaves the repository");
    }

    #[test]
    fn a_link_to_nothing_is_found_outside_of_the_table_of_contents() {
        assert_problem("[a]()", "without a target");
        let tree = Tree::of(&[("lessons/SUMMARY.md", "- [06 to come]()\n")]);
        assert_eq!(problems(&tree), [""; 0]);
    }
}
