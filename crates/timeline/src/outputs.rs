//! What `--trace` and `--trace-svg FILE` ask for.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::event::Rows;
use crate::recorder::Recorder;
use crate::recording::Recording;

/// Where a recording goes.
#[derive(Debug, Clone, Default)]
pub struct Outputs {
    trace: bool,
    svg: Option<PathBuf>,
}

impl Outputs {
    /// The two flags, as they stand on the command line.
    #[must_use]
    pub fn new(trace: bool, svg: Option<PathBuf>) -> Self {
        Self { trace, svg }
    }

    /// A recorder that joins reads, and makes one row of more than eight writes in a row (a file is 400 of them); off if
    /// nothing was asked for.
    #[must_use]
    pub fn recorder(&self) -> Recorder {
        if self.trace || self.svg.is_some() {
            Recorder::on(Rows::Folded)
        } else {
            Recorder::off()
        }
    }

    /// Writes what was asked for: the text to stderr, the drawing into its file (replaced each time).
    ///
    /// # Errors
    /// The file cannot be written; its name is in the message. A closed stderr is no error.
    pub fn write(&self, recording: &Recording, title: &str) -> io::Result<()> {
        if self.trace {
            // One write, so that lines of several threads do not mix.
            let text = format!("{title}\n\n{}\n", recording.text());
            let _ = io::stderr().lock().write_all(text.as_bytes());
        }
        let Some(path) = &self.svg else {
            return Ok(());
        };
        let description =
            "Which side called which socket function, in order, with the bytes that moved.";
        fs::write(path, recording.svg(title, description)).map_err(|error| {
            let why = error.to_string().to_lowercase();
            let (why, _) = why.split_once(" (os error").unwrap_or((&why, ""));
            io::Error::new(error.kind(), format!("{}: {why}", path.display()))
        })
    }
}

#[cfg(test)]
mod tests;
