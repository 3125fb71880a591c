//! The sources of the book hold together: includes, anchors, links, pictures, fragments, the table of contents.

use tests::book;
use tests::tree::Tree;

#[test]
fn the_sources_of_the_book_hold_together() {
    let problems = book::problems(&Tree::of_the_workspace().unwrap());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
