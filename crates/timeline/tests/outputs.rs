//! Where a recording goes.
#![cfg(test)]
#![forbid(unsafe_code)]

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use timeline::Outputs;

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
    let nothing = Outputs::new(false, None, None);
    assert!(!nothing.recorder().is_on());
    nothing
        .write(&nothing.recorder().recording(), "title")
        .unwrap();
    for asked in [
        Outputs::new(true, None, None),
        Outputs::new(false, Some("x".into()), None),
        Outputs::new(false, None, Some("x".into())),
    ] {
        assert!(asked.recorder().is_on());
    }
}

#[test]
fn the_files_hold_the_drawing_and_the_json_and_are_replaced() {
    let folder = Folder::new("files");
    let (svg, json) = (folder.0.join("a.svg"), folder.0.join("a.json"));
    let outputs = Outputs::new(false, Some(svg.clone()), Some(json.clone()));
    for text in ["first", "second"] {
        let recorder = outputs.recorder();
        recorder.note("client", text);
        outputs.write(&recorder.recording(), "A & B").unwrap();
        assert_eq!(
            fs::read_to_string(&json).unwrap(),
            recorder.recording().json_lines()
        );
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
    let outputs = Outputs::new(false, Some(path.clone()), None);
    let error = outputs
        .write(&outputs.recorder().recording(), "title")
        .unwrap_err();
    assert!(
        error.to_string().contains(&path.display().to_string()),
        "{error}"
    );
    assert!(!Path::new(&path).exists());
}
