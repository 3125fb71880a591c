//! A lesson's demo is in its library; what it prints and draws is committed beside the chapter, which shows it. Here
//! the two are compared, and rewritten by one command.
//!
//! ```text
//! UPDATE_DEMOS=1 cargo test -p tests demos
//! ```

use std::fs;
use std::io;
use std::path::Path;

/// A lesson's demo.
pub struct Demo {
    /// The lesson's folder in the workspace.
    pub folder: &'static str,
    /// `lessonNN::demo` into a vector.
    pub text: fn(&mut Vec<u8>) -> io::Result<()>,
    /// `lessonNN::demo_svg`, where the lesson draws one.
    pub svg: Option<fn() -> io::Result<String>>,
}

impl Demo {
    /// Runs the demo twice and compares both runs with `demo.txt` and `demo.svg` in the lesson's folder below `top`;
    /// with `rewrite` it writes these files first.
    ///
    /// # Errors
    /// One sentence: what failed, or which file differs where.
    pub fn check(&self, top: &Path, rewrite: bool) -> Result<(), String> {
        self.check_one(top, "demo.txt", rewrite, || {
            let mut out = Vec::new();
            (self.text)(&mut out)?;
            Ok(out)
        })?;
        match self.svg {
            Some(svg) => self.check_one(top, "demo.svg", rewrite, || Ok(svg()?.into_bytes())),
            None => Ok(()),
        }
    }

    fn check_one(
        &self,
        top: &Path,
        file: &str,
        rewrite: bool,
        run: impl Fn() -> io::Result<Vec<u8>>,
    ) -> Result<(), String> {
        let name = format!("{}/{file}", self.folder);
        let (first, second) = (run(), run());
        let first = first.map_err(|error| format!("{name}: the demo failed: {error}"))?;
        let second =
            second.map_err(|error| format!("{name}: the demo failed the second time: {error}"))?;
        if let Some(line) = differs(&first, &second) {
            return Err(format!("{name}: two runs differ in {line}"));
        }
        let path = top.join(self.folder).join(file);
        if rewrite {
            fs::write(&path, &first).map_err(|error| format!("{name}: {error}"))?;
        }
        let committed = fs::read(&path).map_err(|error| format!("{name}: {error} ({HOW})"))?;
        match differs(&committed, &first) {
            Some(line) => Err(format!(
                "{name} is not what the demo gives now ({HOW}): {line}"
            )),
            None => Ok(()),
        }
    }
}

const HOW: &str = "UPDATE_DEMOS=1 cargo test -p tests demos rewrites it";

/// Whether this run is to rewrite what is committed.
pub fn rewrite() -> bool {
    crate::update("UPDATE_DEMOS")
}

/// The first line that differs, shown; `None` for the same bytes.
fn differs(one: &[u8], other: &[u8]) -> Option<String> {
    if one == other {
        return None;
    }
    let lines = |bytes: &[u8]| -> Vec<String> {
        bytes
            .split(|&byte| byte == b'\n')
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect()
    };
    let (one, other) = (lines(one), lines(other));
    let at = one
        .iter()
        .zip(&other)
        .take_while(|(one, other)| one == other)
        .count();
    let show = |lines: &[String]| {
        lines
            .get(at)
            .map_or("the end".to_owned(), |line| format!("`{line}`"))
    };
    Some(format!(
        "line {}: {} became {}",
        at + 1,
        show(&one),
        show(&other)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    const STEADY: Demo = Demo {
        folder: "lesson",
        text: |out| {
            out.extend(b"one\ntwo\n");
            Ok(())
        },
        svg: Some(|| Ok("<svg/>".into())),
    };

    fn top(text: &str, svg: &str) -> tempfile::TempDir {
        let top = tempfile::tempdir().unwrap();
        fs::create_dir(top.path().join("lesson")).unwrap();
        fs::write(top.path().join("lesson/demo.txt"), text).unwrap();
        fs::write(top.path().join("lesson/demo.svg"), svg).unwrap();
        top
    }

    #[test]
    fn the_same_bytes_are_right() {
        let top = top("one\ntwo\n", "<svg/>");
        assert_eq!(STEADY.check(top.path(), false), Ok(()));
    }

    #[test]
    fn another_text_or_picture_is_found_and_told() {
        let told = STEADY
            .check(top("one\n2\n", "<svg/>").path(), false)
            .unwrap_err();
        assert!(
            told.contains("lesson/demo.txt") && told.contains("line 2: `2` became `two`"),
            "{told}"
        );
        let told = STEADY
            .check(top("one\ntwo\n", "<svg></svg>").path(), false)
            .unwrap_err();
        assert!(told.contains("lesson/demo.svg"), "{told}");
        let told = STEADY
            .check(top("one\ntwo\nthree", "<svg/>").path(), false)
            .unwrap_err();
        assert!(told.contains("line 3"), "{told}");
    }

    #[test]
    fn a_demo_that_differs_from_run_to_run_is_found() {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let moody = Demo {
            folder: "lesson",
            text: |out| {
                out.extend(format!("run {}\n", RUNS.fetch_add(1, Ordering::Relaxed)).bytes());
                Ok(())
            },
            svg: None,
        };
        let told = moody.check(top("run 0\n", "").path(), true).unwrap_err();
        assert!(told.contains("two runs differ in line 1"), "{told}");
    }

    #[test]
    fn one_command_rewrites_both() {
        let top = top("old\n", "old");
        assert_eq!(STEADY.check(top.path(), true), Ok(()));
        assert_eq!(
            fs::read(top.path().join("lesson/demo.txt")).unwrap(),
            b"one\ntwo\n"
        );
        assert_eq!(
            fs::read(top.path().join("lesson/demo.svg")).unwrap(),
            b"<svg/>"
        );
    }
}
