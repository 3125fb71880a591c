//! SUMMARY.md is what mdBook builds: a chapter that is not in it does not exist for a reader.
//!
//! Chapters are the Markdown files of the book's folder and of each lesson's folder; what lies deeper (a sample folder
//! to share) is not. An unwritten chapter is a draft, `[06 socketserver]()`; as soon as its file exists, it is listed.
//! That what is listed exists, `links.rs` says.

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
    let chapters = tree
        .texts(".md")
        .map(|(path, _)| path)
        .filter(|path| is_chapter(path));
    chapters
        .filter_map(
            |chapter| match listed.iter().filter(|path| *path == chapter).count() {
                0 => Some(format!("{chapter}: is not in {SUMMARY}")),
                1 => None,
                times => Some(format!("{chapter}: is {times} times in {SUMMARY}")),
            },
        )
        .collect()
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
        ]);
        assert_eq!(problems(&tree), expected, "{summary}");
    }

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
    fn without_a_table_of_contents_no_chapter_is_listed() {
        let tree = Tree::of(&[("lessons/README.md", "")]);
        assert_eq!(
            problems(&tree),
            ["lessons/README.md: is not in lessons/SUMMARY.md"]
        );
    }
}
