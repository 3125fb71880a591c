//! SUMMARY.md is what mdBook builds: a chapter that is not in it does not exist for a reader.
//!
//! Chapters are the Markdown files of the book's folder and of each lesson's folder; what lies deeper (a sample folder
//! to share) is not. An unwritten chapter is a draft, `[06 socketserver]()`; as soon as its file exists, it is listed.
//! That what is listed exists, `links.rs` says. A `more.md` is nested under its chapter. And book.toml redirects the page that
//! mdBook links to, `README.html`, to the one it writes, `index.html`.

use pulldown_cmark::{Event, Parser, Tag};

use super::{BOOK, options};
use crate::tree::{Tree, resolve};

const SUMMARY: &str = "lessons/SUMMARY.md";

pub(super) fn problems(tree: &Tree) -> Vec<String> {
    let listed: Vec<String> = Parser::new_ext(tree.text(SUMMARY).unwrap_or_default(), options())
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) if !dest_url.is_empty() => {
                resolve(SUMMARY, &dest_url)
            }
            _ => None,
        })
        .collect();
    let mut problems = Vec::new();
    for (chapter, _) in tree.texts(".md").filter(|(path, _)| is_chapter(path)) {
        match listed.iter().filter(|path| *path == chapter).count() {
            0 => problems.push(format!("{chapter}: is not in {SUMMARY}")),
            1 => {}
            times => problems.push(format!("{chapter}: is {times} times in {SUMMARY}")),
        }
        let inside = chapter
            .strip_prefix(BOOK)
            .and_then(|inside| inside.split_once('/'));
        problems.extend(match inside {
            Some((folder, "more.md")) => is_not_nested(tree, folder),
            Some((folder, "README.md")) => is_not_redirected(tree, folder),
            _ => None,
        });
    }
    problems
}

fn is_not_nested(tree: &Tree, folder: &str) -> Option<String> {
    let summary = tree.text(SUMMARY).unwrap_or_default();
    let mut lines = summary
        .lines()
        .skip_while(|line| !line.contains(&format!("({folder}/README.md)")));
    let next = lines.nth(1).unwrap_or_default();
    let nested = next.starts_with("  - [") && next.ends_with(&format!("({folder}/more.md)"));
    (!nested)
        .then(|| format!("{BOOK}{folder}/more.md: is not nested under its chapter in {SUMMARY}"))
}

fn is_not_redirected(tree: &Tree, folder: &str) -> Option<String> {
    let line = format!("\"/{folder}/README.html\" = \"index.html\"");
    let book = tree.text("book.toml").unwrap_or_default();
    (!book.lines().any(|here| here == line))
        .then(|| format!("{BOOK}{folder}/README.md: book.toml has no redirect {line}"))
}

fn is_chapter(path: &str) -> bool {
    path.strip_prefix(BOOK)
        .is_some_and(|inside| inside.matches('/').count() <= 1)
        && path != SUMMARY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_problems(summary: &str, expected: &[&str]) {
        let tree = Tree::of(&[
            (SUMMARY, summary),
            ("lessons/README.md", ""),
            ("lessons/05-json-header/README.md", ""),
            ("lessons/05-json-header/share/notes.md", ""),
            ("book.toml", REDIRECT),
        ]);
        assert_eq!(problems(&tree), expected, "{summary}");
    }

    const REDIRECT: &str = "\"/05-json-header/README.html\" = \"index.html\"\n";
    const INTRODUCTION: &str = "# Summary\n\n[Introduction](README.md)\n\n";

    #[test]
    fn every_chapter_listed_once_is_right() {
        assert_problems(
            &format!("{INTRODUCTION}- [05](05-json-header/README.md)\n- [06]()\n"),
            &[],
        );
    }

    #[test]
    fn a_chapter_that_is_missing_is_found_even_if_a_draft_stands_for_it() {
        let missing = &["lessons/05-json-header/README.md: is not in lessons/SUMMARY.md"];
        assert_problems(INTRODUCTION, missing);
        assert_problems(&format!("{INTRODUCTION}- [05]()\n"), missing);
    }

    #[test]
    fn a_chapter_that_stands_there_twice_is_found() {
        let twice = "- [05](05-json-header/README.md)\n- [again](./05-json-header/README.md)\n";
        assert_problems(
            &format!("{INTRODUCTION}{twice}"),
            &["lessons/05-json-header/README.md: is 2 times in lessons/SUMMARY.md"],
        );
    }

    #[test]
    fn what_goes_further_stands_under_its_chapter() {
        let found = |summary: &str| {
            let summary = format!("[Introduction](README.md)\n{summary}");
            problems(&Tree::of(&[
                (SUMMARY, summary.as_str()),
                ("lessons/README.md", ""),
                ("lessons/05-json-header/README.md", ""),
                ("lessons/05-json-header/more.md", ""),
                ("book.toml", REDIRECT),
            ]))
        };
        let (chapter, more) = (
            "- [05](05-json-header/README.md)\n",
            "- [more](05-json-header/more.md)\n",
        );
        assert_eq!(found(&format!("{chapter}  {more}")), [""; 0]);
        for wrong in [
            format!("{chapter}{more}"),
            format!("{chapter}- [06]()\n  {more}"),
            format!("{more}{chapter}"),
        ] {
            let told = "lessons/05-json-header/more.md: is not nested under its chapter in lessons/SUMMARY.md";
            assert_eq!(found(&wrong), [told], "{wrong}");
        }
    }

    #[test]
    fn a_chapter_without_its_redirect_is_found() {
        let tree = Tree::of(&[
            (SUMMARY, "- [05](05-json-header/README.md)\n"),
            ("lessons/05-json-header/README.md", ""),
            (
                "book.toml",
                "\"/04-fixed-header/README.html\" = \"index.html\"\n",
            ),
        ]);
        let told = "lessons/05-json-header/README.md: book.toml has no redirect \"/05-json-header/README.html\" = \"index.html\"";
        assert_eq!(problems(&tree), [told]);
    }

    #[test]
    fn without_a_table_of_contents_no_chapter_is_listed() {
        let tree = Tree::of(&[("lessons/README.md", "")]);
        assert_eq!(
            problems(&tree),
            ["lessons/README.md: is not in lessons/SUMMARY.md"]
        );
    }
}
