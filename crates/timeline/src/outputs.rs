//! What `--trace`, `--trace-svg FILE` and `--trace-json FILE` ask for.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::recorder::Recorder;
use crate::recording::Recording;

/// Where a recording goes.
#[derive(Debug, Clone, Default)]
pub struct Outputs {
    text: bool,
    svg: Option<PathBuf>,
    json: Option<PathBuf>,
}

impl Outputs {
    /// The three flags, as they stand on the command line.
    #[must_use]
    pub fn new(text: bool, svg: Option<PathBuf>, json: Option<PathBuf>) -> Self {
        Self { text, svg, json }
    }

    /// A recorder that joins reads and writes; off if nothing was asked for.
    #[must_use]
    pub fn recorder(&self) -> Recorder {
        if self.text || self.svg.is_some() || self.json.is_some() {
            Recorder::joined()
        } else {
            Recorder::off()
        }
    }

    /// Writes what was asked for: the text to stderr, the drawing and the JSON into their files (replaced each time).
    ///
    /// # Errors
    /// A file cannot be written, or both would be the same one; its name is in the message. A closed stderr is no error.
    pub fn write(&self, recording: &Recording, title: &str) -> io::Result<()> {
        if let (Some(svg), Some(json)) = (&self.svg, &self.json)
            && same_file(svg, json)
        {
            let why = format!(
                "{}: the drawing and the JSON would replace each other",
                svg.display()
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        if self.text {
            // One write, so that lines of several threads do not mix.
            let _ = io::stderr()
                .lock()
                .write_all(format!("{title}\n\n{}\n", recording.text()).as_bytes());
        }
        if let Some(path) = &self.svg {
            let description =
                "Which side called which socket function, in order, with the bytes that moved.";
            let mut svg = recording.svg("trace", title, description);
            svg.push('\n');
            write_file(path, &svg)?;
        }
        match &self.json {
            Some(path) => write_file(path, &recording.json_lines()),
            None => Ok(()),
        }
    }
}

/// Two names of one file, or what would become one.
fn same_file(one: &Path, other: &Path) -> bool {
    one == other
        || matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}

fn write_file(path: &Path, text: &str) -> io::Result<()> {
    fs::write(path, text).map_err(|error| {
        let why = error.to_string();
        let why = why
            .split(" (os error")
            .next()
            .unwrap_or_default()
            .to_lowercase();
        io::Error::new(error.kind(), format!("{}: {why}", path.display()))
    })
}
