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
