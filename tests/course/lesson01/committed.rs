//! The endings that the chapter shows are the ones that the library makes, as a picture and as its text twin.
//!
//! `UPDATE_DEMOS=1 cargo test -p tests lesson01::committed` writes them anew.

use tests::demos::rewrite;

use super::*;

/// Compares `text` with a committed file of this lesson, or rewrites the file.
fn compare(file: &str, text: &str) {
    let path = workspace().join("lessons/01-raw-tcp").join(file);
    if rewrite() {
        std::fs::write(&path, text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{file} is not what the library makes now; UPDATE_DEMOS=1 writes it anew:\n{text}"
    );
}

#[test]
fn the_endings_are_the_ones_in_the_chapter() {
    let recording = lesson01::scenes::endings_recording().unwrap();
    compare("pictures/endings.txt", &recording.text());
    let picture = lesson01::scenes::endings_svg().unwrap();
    assert!(
        !picture.contains("\n\n"),
        "a blank line ends mdBook's HTML block"
    );
    compare("pictures/endings.svg", &picture);
}
