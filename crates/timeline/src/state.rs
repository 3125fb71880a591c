//! What the recorder's lock protects: lanes, taps, and the rows in the order in which the calls happened.
//!
//! Memory is bounded, whatever a program does for a week: 1,000 events with 288 bytes each, 1,000 taps, 32 lanes.

use std::net::{IpAddr, SocketAddr};

use crate::call::Call;
use crate::event::{Event, Outcome};
use crate::layout::Layout;

/// At most so many events are kept; the others are counted. (The limit of `--trace` in the course's contract.)
pub(crate) const KEPT: usize = 1000;
/// At most so many lanes; more do not fit on any page. Later names share one lane.
const LANES: usize = 32;
/// Of so many equal writes in a row each has its own row, even in a trace. More become one row.
const ALIKE: u64 = 8;

/// What has been seen so far: all that a drawing needs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    pub(crate) sides: Vec<Side>,
    pub(crate) taps: Vec<TapInfo>,
    pub(crate) events: Vec<Event>,
    /// Events that were not kept.
    pub(crate) more: u64,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) seen: Seen,
    /// The calls that a next one like them may join.
    run: Option<Run>,
    taps_made: u32,
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
    pub(crate) ends: Option<(Addr, Addr)>,
    /// What `turns.rs` goes by: bytes that this tap wrote and read, whether it waits to read, whether it has ended.
    pub(crate) written: u64,
    pub(crate) read: u64,
    pub(crate) waits: bool,
    pub(crate) ended: bool,
}

/// An address to be compared: an IPv4 peer of an IPv6 socket is written in two ways.
pub(crate) type Addr = (IpAddr, u16);

/// Calls of one kind by one tap, with no row of anybody else between them.
#[derive(Debug)]
struct Run {
    tap: u32,
    call: Call,
    calls: u64,
    /// Where its first row is.
    row: usize,
}

/// Where an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    taken: u64,
    at: usize,
}

/// Which calls share a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    /// None.
    EveryCall,
    /// Reads, when nothing stands between them.
    JoinedReads,
    /// Reads, and writes when there are more than eight.
    Folded,
}

/// A call that is about to be recorded.
pub(crate) struct New {
    pub(crate) side: usize,
    pub(crate) tap: u32,
    pub(crate) call: Call,
    pub(crate) layout: Option<Layout>,
    pub(crate) rows: Rows,
}

impl Seen {
    /// The tap at the other end: the one whose addresses say so, or else the newest of another side.
    pub(crate) fn other_end(&self, tap: u32) -> Option<&TapInfo> {
        let own = self.tap(tap)?;
        let is_other = |other: &&TapInfo| match own.ends {
            Some((here, there)) => other.ends == Some((there, here)),
            None => other.ends.is_none() && other.side != own.side,
        };
        self.taps.iter().rev().find(is_other)
    }

    pub(crate) fn tap(&self, id: u32) -> Option<&TapInfo> {
        self.taps.iter().find(|tap| tap.id == id)
    }
}

impl State {
    /// The number of a side; a new name gets the next lane.
    pub(crate) fn side(&mut self, name: &str) -> usize {
        let known = |name: &str, sides: &[Side]| sides.iter().position(|side| side.name == name);
        if let Some(side) = known(name, &self.seen.sides) {
            return side;
        }
        let full = self.seen.sides.len() >= LANES - 1;
        let name = if full { "others" } else { name };
        known(name, &self.seen.sides).unwrap_or_else(|| {
            let name = name.to_owned();
            self.seen.sides.push(Side { name, fixed: false });
            self.seen.sides.len() - 1
        })
    }

    /// A lane that is drawn even if it does nothing.
    pub(crate) fn fixed_side(&mut self, name: &str) -> usize {
        let side = self.side(name);
        if let Some(side) = self.seen.sides.get_mut(side) {
            side.fixed = true;
        }
        side
    }

    /// The number of a new tap; the first is 1.
    pub(crate) fn new_tap(&mut self, side: usize, ends: Option<(SocketAddr, SocketAddr)>) -> u32 {
        let comparable = |addr: SocketAddr| (addr.ip().to_canonical(), addr.port());
        self.taps_made = self.taps_made.saturating_add(1);
        if self.seen.taps.len() < KEPT {
            self.seen.taps.push(TapInfo {
                id: self.taps_made,
                side,
                facing: None,
                ends: ends.map(|(here, there)| (comparable(here), comparable(there))),
                written: 0,
                read: 0,
                waits: false,
                ended: false,
            });
        }
        self.taps_made
    }

    pub(crate) fn tap_mut(&mut self, id: u32) -> Option<&mut TapInfo> {
        self.seen.taps.iter_mut().find(|tap| tap.id == id)
    }

    /// A place for a call: a new row's, or that of the run which it continues. `None`: not kept.
    pub(crate) fn place(&mut self, new: &New) -> Option<Place> {
        let (tap, call) = (new.tap, new.call);
        let row = self.seen.events.len();
        let run = match &mut self.run {
            Some(run) if tap != 0 && (run.tap, run.call) == (tap, call) => run,
            run => run.insert(Run {
                tap,
                call,
                calls: 0,
                row,
            }),
        };
        run.calls += 1;
        let (calls, row) = (run.calls, run.row);
        let joins = match call {
            Call::Read => new.rows != Rows::EveryCall && calls > 1,
            Call::Write => new.rows == Rows::Folded && calls > ALIKE && self.fold(row),
            _ => false,
        };
        if !joins {
            self.push(new)
        } else if self.seen.more > 0 {
            None
        } else {
            self.last_place()
        }
    }

    /// Makes one row of all rows from this one on, if each call has come back.
    fn fold(&mut self, row: usize) -> bool {
        let done = |rows: &[Event]| rows.iter().all(|event| event.outcome == Outcome::Done);
        if !self.seen.events.get(row..).is_some_and(done) {
            return false;
        }
        // Beyond the limit nothing is left to fold: such a run is counted once.
        for later in self
            .seen
            .events
            .split_off((row + 1).min(self.seen.events.len()))
        {
            if let Some(first) = self.seen.events.last_mut() {
                first.absorb(&later);
            }
        }
        true
    }

    fn push(&mut self, new: &New) -> Option<Place> {
        if self.seen.events.len() >= KEPT {
            self.seen.more += 1;
            return None;
        }
        self.seen.events.push(Event {
            side: new.side,
            call: new.call,
            tap: new.tap,
            asked: 0,
            given: 0,
            calls: 0,
            outcome: Outcome::Pending,
            first: Vec::new(),
            last: Vec::new(),
            cut_from: None,
            note: String::new(),
            layout: new.layout,
            joins: new.rows != Rows::EveryCall,
            turn: self.turn,
        });
        self.last_place()
    }

    fn last_place(&self) -> Option<Place> {
        let at = self.seen.events.len().checked_sub(1)?;
        let taken = self.taken;
        Some(Place { taken, at })
    }

    pub(crate) fn event(&mut self, place: Option<Place>) -> Option<&mut Event> {
        let place = place.filter(|place| place.taken == self.taken)?;
        self.seen.events.get_mut(place.at)
    }

    /// Takes back a call that a signal interrupted: it moved nothing and is made again.
    pub(crate) fn take_back(&mut self, place: Option<Place>) {
        if place.is_some()
            && place == self.last_place()
            && self.event(place).is_some_and(|event| event.calls == 1)
        {
            self.seen.events.pop();
            if let Some(run) = &mut self.run {
                run.calls = run.calls.saturating_sub(1);
            }
        }
    }

    /// Nothing joins what was done last.
    pub(crate) fn close_run(&mut self) {
        self.run = None;
    }

    pub(crate) fn next_turn(&mut self) {
        self.turn = self.turn.saturating_add(1);
        self.close_run();
    }

    /// Gives the recording away and begins anew; taps that still live are known to it.
    pub(crate) fn take(&mut self) -> Seen {
        self.taken += 1;
        self.close_run();
        let seen = self.seen.clone();
        self.seen.events.clear();
        self.seen.more = 0;
        self.seen.taps.retain(|tap| !tap.ended);
        seen
    }
}
