//! The endings that the chapter shows are the ones that the library makes, as a picture and as its text twin.
//!
//! `UPDATE_DEMOS=1 cargo test -p lesson01 --test committed` writes them anew.
#![forbid(unsafe_code)]

use std::path::Path;
use std::{env, fs, io};

/// Compares `text` with a committed file of this lesson, or rewrites the file.
fn compare(file: &str, text: &str) -> io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if env::var_os("UPDATE_DEMOS").is_some_and(|value| value != "0" && !value.is_empty()) {
        fs::write(&path, text)?;
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{file} is not what the library makes now; UPDATE_DEMOS=1 writes it anew:\n{text}"
    );
    Ok(())
}

#[test]
fn the_endings_are_the_ones_in_the_chapter() -> io::Result<()> {
    compare("endings.txt", &lesson01::endings_recording()?.text())?;
    let picture = lesson01::endings_svg()?;
    assert!(
        !picture.contains("\n\n"),
        "a blank line ends mdBook's HTML block"
    );
    compare("endings.svg", &picture)
}
