//! A progress bar on stderr, for a person: without a terminal there is none.

use cli::escaped_line;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// One transfer's bar.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for the file `name`. indicatif draws nothing where stderr is not a terminal.
    pub(super) fn new(name: &str) -> Self {
        // Ten times a second: a bar that draws itself for each block would cost more than the copying.
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) = ProgressStyle::with_template(
            "{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec} {eta}",
        ) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(escaped_line(name.as_bytes()));
        Self { bar }
    }

    /// No bar at all.
    pub(super) fn hidden() -> Self {
        Self {
            bar: ProgressBar::hidden(),
        }
    }

    /// `done` of `size` bytes have passed.
    pub(super) fn at(&self, done: u64, size: u64) {
        self.bar.set_length(size);
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    /// Leaves the line free for the report that follows.
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
