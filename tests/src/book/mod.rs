//! Checks on the sources of the book, because mdBook 0.5 says nothing: a missing anchor becomes an empty block, a dead
//! link a dead link, a chapter that is not in SUMMARY.md is left out.
//!
//! | file | knows |
//! |---|---|
//! | `blocks.rs` | blocks under a link to their source, anchors, Rust that has no source |
//! | `links.rs` | links, pictures, `#fragments` |
//! | `headings.rs` | the ids that mdBook gives to headings |
//! | `columns.rs` | code, sessions and demos fit the page |
//! | `words.rs` | a chapter is one sitting |
//! | `glossary.rs` | the glossary, and the links to it |
//! | `summary.rs` | SUMMARY.md lists every chapter that exists, once |
//!
//! Every check is a function from a [`Tree`] to lines `FILE:LINE: what is wrong`.

mod blocks;
mod columns;
mod glossary;
mod headings;
mod links;
mod summary;
mod words;

use pulldown_cmark::Options;

use crate::tree::Tree;

pub use blocks::rewritten;
pub use headings::ids;
pub use words::table;

/// The folder of the book's sources (`src` in book.toml).
pub const BOOK: &str = "lessons/";

/// Everything that is wrong in the book's sources and in the other Markdown files.
pub fn problems(tree: &Tree) -> Vec<String> {
    [
        blocks::problems(tree),
        columns::problems(tree),
        glossary::problems(tree),
        links::problems(tree),
        summary::problems(tree),
        words::problems(tree),
    ]
    .concat()
}

/// What mdBook 0.5 switches on in its Markdown parser.
fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
}

/// The number of the line in which this byte stands.
fn line_of(text: &str, byte: usize) -> usize {
    text.bytes()
        .take(byte)
        .filter(|&byte| byte == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A book of one lesson, in which everything is right.
    const BOOK: &[(&str, &str)] = &[
        (
            "lessons/SUMMARY.md",
            "- [05](05/README.md)\n  - [Going further](05/more.md)\n\n[Glossary](glossary.md)\n",
        ),
        (
            "lessons/glossary.md",
            "### frame\n**帧.** A piece.\n\n### peer\n**对端.** The other end.\n",
        ),
        (
            "lessons/05/README.md",
            "# Five\n\nA [frame](../glossary.md#frame), its [peer](../glossary.md#peer).\n\n\
             ![Who sends](demo.svg)\n\n[`src/lib.rs`](src/lib.rs#a)\n```rust,ignore\nfn a() {}\n```\n",
        ),
        ("book.toml", "\"/05/README.html\" = \"index.html\"\n"),
        ("lessons/05/more.md", "[Back](README.md#five)\n"),
        ("lessons/05/demo.svg", "<svg/>"),
        (
            "lessons/05/src/lib.rs",
            "// ANCHOR: a\nfn a() {}\n// ANCHOR_END: a\n",
        ),
    ];

    #[test]
    fn whatever_is_changed_is_named() {
        let changed = |old: &str, new: &str| {
            let files: Vec<(&str, String)> = BOOK
                .iter()
                .map(|(path, text)| (*path, text.replace(old, new)))
                .collect();
            let files: Vec<(&str, &str)> = (files.iter())
                .map(|(path, text)| (*path, text.as_str()))
                .collect();
            problems(&Tree::of(&files))
        };
        assert_eq!(changed("", ""), [""; 0]);
        let wide = &format!("{{{:100}}}", "");
        let cases: [(&str, &str, &str); 15] = [
            // A caption.
            (
                "`src/lib.rs`",
                "`src/main.rs`",
                "05/README.md:7: the caption says src/main.rs",
            ),
            // A line of shown source, and of the block that shows it.
            (
                "a() {}\n//",
                "b() {}\n//",
                "05/README.md:7: not what src/lib.rs#a holds",
            ),
            (
                "a() {}\n```",
                "b() {}\n```",
                "05/README.md:7: not what src/lib.rs#a holds",
            ),
            // An anchor, at its beginning and at its end.
            (
                "ANCHOR: a",
                "ANCHOR: b",
                "lessons/05/src/lib.rs: no anchor `a`",
            ),
            ("_END: a", "_END: b", "the anchor `a` has no end"),
            // A caption, and the picture itself.
            (
                "![Who sends]",
                "![]",
                "README.md:5: the picture demo.svg does not say",
            ),
            (
                "(demo.svg)",
                "(other.svg)",
                "other.svg: lessons/05/other.svg is not there",
            ),
            // A word of the glossary: its name, its Chinese, its text, its link, its place.
            (
                "### frame",
                "### frames",
                "no heading of lessons/glossary.md has the id `frame`",
            ),
            (
                "帧",
                "zhen",
                "\"frame\" does not begin with its **Chinese term**",
            ),
            (" A piece.", "", "glossary.md:1: \"frame\" is not explained"),
            (
                "[frame](../glossary.md#frame)",
                "frame",
                "README.md:3: the first use of \"frame\"",
            ),
            (
                "### peer",
                "### a peer",
                "\"a peer\" is not in its alphabetical place",
            ),
            // A heading, a width, the table of contents.
            (
                "# Five",
                "# Six",
                "05/more.md:1: README.md#five: no heading",
            ),
            ("{}", wide, "columns, 100 fit the page"),
            (
                "05/more.md)",
                "05/README.md)",
                "lessons/05/more.md: is not in lessons/SUMMARY.md",
            ),
        ];
        for (old, new, wanted) in cases {
            let found = changed(old, new);
            let named = found.iter().any(|problem| problem.contains(wanted));
            assert!(named, "{old} -> {new}: {found:#?}");
        }
    }
}
