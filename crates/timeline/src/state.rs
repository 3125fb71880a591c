//! What the recorder's lock protects: lanes, events, and which run may still grow.
//!
//! Memory is bounded, whatever a program does for a week: 1,000 events with 288 bytes each, 1,000 taps, 32 lanes.

use std::net::SocketAddr;
use std::thread::{self, ThreadId};

use crate::call::Call;
use crate::event::{Event, Outcome};
use crate::layout::Layout;
use crate::recording::Recording;

/// At most so many events are kept; the others are counted. (The limit of `--trace` in the course's contract.)
pub(crate) const KEPT: usize = 1000;
/// At most so many lanes; more do not fit on any page. Later names share one lane.
const LANES: usize = 32;

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) sides: Vec<Side>,
    pub(crate) taps: Vec<TapInfo>,
    pub(crate) events: Vec<Event>,
    /// Events that were not kept.
    pub(crate) more: u64,
    /// What each thread did last: only that can be continued.
    runs: Vec<Run>,
    taps_made: u32,
    /// How many of them were made before the recording was taken last.
    taps_taken: u32,
    turn: u32,
    /// How often the recording was taken away: a call that began before that is not filled in any more.
    taken: u64,
}

/// One lane.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    pub(crate) name: String,
    /// Drawn even if it does nothing: somebody asked for it or faces it.
    pub(crate) fixed: bool,
}

/// What is known about a tap besides its events.
#[derive(Debug, Clone)]
pub(crate) struct TapInfo {
    pub(crate) id: u32,
    pub(crate) side: usize,
    pub(crate) facing: Option<usize>,
    /// Our address and the peer's.
    pub(crate) ends: Option<(SocketAddr, SocketAddr)>,
}

#[derive(Debug)]
struct Run {
    thread: ThreadId,
    tap: u32,
    call: Call,
    /// Whether another call of this kind may join.
    open: bool,
    /// Where its event is, if it was kept.
    place: Option<Place>,
}

/// Where an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    taken: u64,
    at: usize,
}

/// A call that is about to be recorded.
pub(crate) struct New {
    pub(crate) side: usize,
    pub(crate) tap: u32,
    pub(crate) call: Call,
    pub(crate) layout: Option<Layout>,
    /// Whether it may join a run of the same calls.
    pub(crate) joins: bool,
}

impl State {
    /// The number of a side; a new name gets the next lane.
    pub(crate) fn side(&mut self, name: &str) -> usize {
        let name = if self.sides.len() < LANES - 1 {
            name
        } else {
            self.known(name).unwrap_or("others")
        };
        if let Some(side) = self.sides.iter().position(|side| side.name == name) {
            return side;
        }
        self.sides.push(Side {
            name: name.to_owned(),
            fixed: false,
        });
        self.sides.len() - 1
    }

    fn known<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.sides
            .iter()
            .any(|side| side.name == name)
            .then_some(name)
    }

    /// A lane that is drawn even if it does nothing.
    pub(crate) fn fixed_side(&mut self, name: &str) -> usize {
        let side = self.side(name);
        if let Some(side) = self.sides.get_mut(side) {
            side.fixed = true;
        }
        side
    }

    /// The number of a new tap; the first is 1.
    pub(crate) fn tap(&mut self, side: usize, ends: Option<(SocketAddr, SocketAddr)>) -> u32 {
        self.taps_made = self.taps_made.saturating_add(1);
        if self.taps.len() >= KEPT {
            self.taps.remove(0); // most likely long gone
        }
        self.taps.push(TapInfo {
            id: self.taps_made,
            side,
            facing: None,
            ends,
        });
        self.taps_made
    }

    /// A place for a call: that of the run it joins, otherwise a new event's. `None`: counted only.
    pub(crate) fn place(&mut self, new: &New) -> Option<Place> {
        let thread = thread::current().id();
        let known = self.runs.iter().position(|run| run.thread == thread);
        if let Some(run) = known.and_then(|known| self.runs.get(known))
            && new.joins
            && run.open
            && run.tap == new.tap
            && run.call == new.call
        {
            return run.place;
        }
        let place = self.push(new, thread);
        let run = Run {
            thread,
            tap: new.tap,
            call: new.call,
            open: new.joins,
            place,
        };
        match known.and_then(|known| self.runs.get_mut(known)) {
            Some(last) => *last = run,
            None => {
                // Threads come and go and never say so. Forgetting one may only split a run.
                if self.runs.len() >= KEPT {
                    self.runs.clear();
                }
                self.runs.push(run);
            }
        }
        place
    }

    fn push(&mut self, new: &New, thread: ThreadId) -> Option<Place> {
        if self.events.len() >= KEPT {
            self.more += 1;
            return None;
        }
        self.events.push(Event {
            side: new.side,
            call: new.call,
            tap: new.tap,
            asked: 0,
            given: 0,
            calls: 0,
            outcome: Outcome::Pending,
            first: Vec::new(),
            last: Vec::new(),
            ends: None,
            cut_from: None,
            note: String::new(),
            layout: new.layout,
            thread,
            turn: self.turn,
        });
        Some(Place {
            taken: self.taken,
            at: self.events.len() - 1,
        })
    }

    pub(crate) fn event(&mut self, place: Option<Place>) -> Option<&mut Event> {
        place
            .filter(|place| place.taken == self.taken)
            .and_then(|place| self.events.get_mut(place.at))
    }

    /// Nothing joins what this thread did last.
    pub(crate) fn close_run(&mut self) {
        let thread = thread::current().id();
        if let Some(run) = self.runs.iter_mut().find(|run| run.thread == thread) {
            run.open = false;
        }
    }

    pub(crate) fn next_turn(&mut self) {
        self.turn = self.turn.saturating_add(1);
        self.runs.clear();
    }

    /// What has been recorded so far.
    pub(crate) fn recording(&self, joined: bool) -> Recording {
        // Of older taps only those that did something: a server takes a recording a connection, for weeks.
        let acts = |tap: &&TapInfo| {
            tap.id > self.taps_taken || self.events.iter().any(|event| event.tap == tap.id)
        };
        Recording {
            sides: self.sides.clone(),
            taps: self.taps.iter().filter(acts).cloned().collect(),
            events: self.events.clone(),
            more: self.more,
            joined,
        }
    }

    /// Recording begins anew.
    pub(crate) fn clear(&mut self) {
        self.taken += 1;
        self.taps_taken = self.taps_made;
        self.runs.clear();
        self.events.clear();
        self.more = 0;
    }
}
