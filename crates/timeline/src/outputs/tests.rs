//! Where a recording goes.
use std::path::{Path, PathBuf};
use std::{env, fs, process};

use crate::Outputs;

/// A folder of this test's own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("timeline-{}-{name}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn nothing_is_recorded_when_nothing_was_asked_for() {
    let nothing = Outputs::new(false, None);
    assert!(!nothing.recorder().is_on());
    nothing
        .write(&nothing.recorder().recording(), "title")
        .unwrap();
    for asked in [
        Outputs::new(true, None),
        Outputs::new(false, Some("x".into())),
    ] {
        assert!(asked.recorder().is_on());
    }
}

#[test]
fn the_file_holds_the_drawing_and_is_replaced() {
    let folder = Folder::new("files");
    let svg = folder.0.join("a.svg");
    let outputs = Outputs::new(false, Some(svg.clone()));
    for text in ["first", "second"] {
        let recorder = outputs.recorder();
        recorder.note("client", text);
        outputs.write(&recorder.recording(), "A & B").unwrap();
        let drawn = fs::read_to_string(&svg).unwrap();
        assert!(
            drawn.contains(text) && drawn.contains(">A &amp; B</title>"),
            "{drawn}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let folder = Folder::new("missing");
    let path = folder.0.join("no such folder").join("a.svg");
    let outputs = Outputs::new(false, Some(path.clone()));
    let error = outputs
        .write(&outputs.recorder().recording(), "title")
        .unwrap_err();
    assert!(
        error.to_string().contains(&path.display().to_string()),
        "{error}"
    );
    assert!(!Path::new(&path).exists());
}
