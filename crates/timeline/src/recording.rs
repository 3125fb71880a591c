//! What was recorded, ready to be drawn.

use crate::event::Event;
use crate::rows;
use crate::{json, ladder, svg};

/// A snapshot of a [`crate::Recorder`].
#[derive(Debug, Clone, Default)]
pub struct Recording {
    pub(crate) sides: Vec<String>,
    pub(crate) events: Vec<Event>,
    /// Events beyond the limit: counted, not kept.
    pub(crate) more: u64,
    pub(crate) joined: bool,
}

impl Recording {
    pub(crate) fn new(sides: Vec<String>, events: Vec<Event>, more: u64, joined: bool) -> Self {
        Self { sides, events, more, joined }
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The ladder for a terminal: one lane a side, one line an event (or a part of it), blocks with blank lines between.
    #[must_use]
    pub fn text(&self) -> String {
        ladder::draw(&rows::rows(self))
    }

    /// The same ladder as SVG. `id` must be unique in the page; `title` and `description` are what a screen reader says.
    #[must_use]
    pub fn svg(&self, id: &str, title: &str, description: &str) -> String {
        svg::draw(&rows::rows(self), id, title, description)
    }

    /// One JSON object a line.
    #[must_use]
    pub fn json_lines(&self) -> String {
        json::lines(self)
    }
}
