//! What was recorded, ready to be drawn.

use crate::rows::ladder;
use crate::state::Seen;
use crate::{svg, text};

/// A snapshot of a [`crate::Recorder`].
#[derive(Debug, Clone, Default)]
pub struct Recording(pub(crate) Seen);

impl Recording {
    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.events.is_empty()
    }

    /// The ladder for a terminal: one lane a side, one line an event (or a part of it), blocks with blank lines between.
    ///
    /// At most about 100 columns wide. What a peer sent cannot command the terminal: control characters are spelled out.
    #[must_use]
    pub fn text(&self) -> String {
        text::draw(&ladder(&self.0))
    }

    /// The same ladder as an SVG file, readable on light and on dark paper.
    ///
    /// `title` and `description` are what a screen reader says.
    #[must_use]
    pub fn svg(&self, title: &str, description: &str) -> String {
        svg::draw(&ladder(&self.0), title, description)
    }
}
