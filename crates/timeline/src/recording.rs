//! What was recorded, ready to be drawn.

use crate::event::Event;
use crate::pairing::pair;
use crate::rows::ladder;
use crate::state::{Side, TapInfo};
use crate::{json, order, svg};

/// A snapshot of a [`crate::Recorder`].
#[derive(Debug, Clone, Default)]
pub struct Recording {
    pub(crate) sides: Vec<Side>,
    pub(crate) taps: Vec<TapInfo>,
    pub(crate) events: Vec<Event>,
    /// Events beyond the limit: counted, not kept.
    pub(crate) more: u64,
    pub(crate) joined: bool,
}

impl Recording {
    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// The ladder for a terminal: one lane a side, one line an event (or a part of it), blocks with blank lines between.
    ///
    /// At most about 100 columns wide. What a peer sent cannot command the terminal: control characters are spelled out.
    #[must_use]
    pub fn text(&self) -> String {
        crate::ladder::draw(&ladder(self))
    }

    /// The same ladder as SVG, to stand in a page as it is.
    ///
    /// `id` must be unique in the page; `title` and `description` are what a screen reader says.
    #[must_use]
    pub fn svg(&self, id: &str, title: &str, description: &str) -> String {
        svg::draw(&ladder(self), id, title, description)
    }

    /// One JSON object a line, as [the crate's page](crate#json) describes them.
    #[must_use]
    pub fn json_lines(&self) -> String {
        json::lines(self)
    }

    /// Where calls were joined, events that could have happened either way round get one certain order.
    pub(crate) fn settled(mut self) -> Self {
        if self.joined {
            let places = order::order(&self.events, &pair(&self));
            self.events = places
                .into_iter()
                .filter_map(|at| self.events.get(at).cloned())
                .collect();
        }
        self
    }

    /// Which lanes are drawn: those that did something, and those somebody asked for.
    pub(crate) fn shown(&self) -> Vec<bool> {
        let acts = |lane: usize| self.events.iter().any(|event| event.side == lane);
        self.sides
            .iter()
            .enumerate()
            .map(|(lane, side)| side.fixed || acts(lane))
            .collect()
    }
}
