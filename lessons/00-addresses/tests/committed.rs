//! What the chapter includes is what the library prints.
//!
//! `REWRITE=1 cargo test -p lesson00 --test committed` writes the files anew; look at the difference before you commit.
#![forbid(unsafe_code)]

use std::path::Path;
use std::{env, fs, io};

/// Compares `text` with a committed file of this lesson, or rewrites the file.
fn compare(file: &str, text: &[u8]) -> io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if env::var_os("REWRITE").is_some() {
        fs::write(&path, text)?;
    }
    let committed = fs::read(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{file} is not what the library prints now; REWRITE=1 writes it anew:\n{}",
        String::from_utf8_lossy(text)
    );
    Ok(())
}

#[test]
fn the_demo_is_the_one_in_the_chapter() -> io::Result<()> {
    let mut demo = Vec::new();
    lesson00::demo(&mut demo)?;
    compare("demo.txt", &demo)
}
