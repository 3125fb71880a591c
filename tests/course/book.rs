//! The sources of the book hold together: blocks and their sources, links, pictures, fragments, the table
//! of contents, the glossary, the width of code, the words of a sitting.

use tests::book;
use tests::tree::Tree;

#[test]
#[allow(
    clippy::print_stdout,
    reason = "a table for authors, seen with --nocapture"
)]
fn the_sources_of_the_book_hold_together() {
    let tree = Tree::of_the_workspace().unwrap();
    println!("words:\n{}", book::table(&tree));
    let problems = book::problems(&tree);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_readme_shows_lines_that_the_demo_prints() {
    // The README shows the first lines of a demo: a copy, held to its original here.
    let readme = include_str!("../../README.md");
    let demo = include_str!("../../lessons/05-json-header/demo.txt");
    let shown = readme
        .split("```text\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    assert!(
        shown.lines().count() > 3 && demo.contains(shown),
        "README.md shows what no run printed:\n{shown}"
    );
}
