//! What the recorder's lock protects: lanes, taps, and the rows in the order in which the calls happened.
//!
//! Memory is bounded, whatever a program does for a week: 1,000 events with 288 bytes each, 1,000 taps, 32 lanes.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};

use crate::call::Call;
use crate::event::{Event, Outcome, Rows};

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
    /// The last event that was not kept: reads that continue it are not counted again.
    beyond: Option<Event>,
    events_made: u64,
    taps_made: u32,
    turn: u32,
}

/// One lane.
#[derive(Debug, Clone)]
pub(crate) struct Side {
    pub(crate) name: String,
    /// Drawn even if it does nothing: somebody asked for it or faces it.
    pub(crate) fixed: bool,
}

/// What is known about a tap besides its events.
#[derive(Debug, Clone, Default)]
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
    /// The number of a side; a new name gets the next lane. `fixed`: it is drawn even if it does nothing.
    pub(crate) fn side(&mut self, name: &str, fixed: bool) -> usize {
        let sides = &mut self.seen.sides;
        let known = |name: &str, sides: &[Side]| sides.iter().position(|side| side.name == name);
        let full = sides.len() >= LANES - 1 && known(name, sides).is_none();
        let name = if full { "others" } else { name };
        let number = known(name, sides).unwrap_or(sides.len());
        match sides.get_mut(number) {
            Some(side) => side.fixed |= fixed,
            None => sides.push(Side {
                name: name.to_owned(),
                fixed,
            }),
        }
        number
    }

    /// The number of a new tap; the first is 1.
    pub(crate) fn new_tap(&mut self, side: usize, ends: Option<(SocketAddr, SocketAddr)>) -> u32 {
        let comparable = |addr: SocketAddr| (addr.ip().to_canonical(), addr.port());
        self.taps_made = self.taps_made.saturating_add(1);
        if self.seen.taps.len() < KEPT {
            self.seen.taps.push(TapInfo {
                id: self.taps_made,
                side,
                ends: ends.map(|(here, there)| (comparable(here), comparable(there))),
                ..TapInfo::default()
            });
        }
        self.taps_made
    }

    pub(crate) fn tap_mut(&mut self, id: u32) -> Option<&mut TapInfo> {
        self.seen.taps.iter_mut().find(|tap| tap.id == id)
    }

    /// Gives a call a row, and the row's number; a read may share the row of the read before it.
    pub(crate) fn push(&mut self, mut event: Event) -> u64 {
        self.events_made += 1;
        (event.id, event.turn) = (self.events_made, self.turn);
        let joins = event.call == Call::Read && event.how.rows != Rows::EveryCall;
        let full = self.seen.events.len() >= KEPT;
        match self.beyond.as_mut().or(self.seen.events.last_mut()) {
            Some(before) if joins && event.continues(before) => before.absorb(&event),
            _ if !full => self.seen.events.push(event),
            _ => {
                self.seen.more += 1;
                self.beyond = Some(event);
            }
        }
        self.events_made
    }

    /// Completes the row of a call that has come back.
    pub(crate) fn complete(&mut self, id: u64, came_back: impl FnOnce(&mut Event)) {
        let events = &mut self.seen.events;
        let row = events.iter().rposition(|event| event.id == id);
        let Some((row, event)) = row.and_then(|row| Some((row, events.get_mut(row)?))) else {
            return; // it was not kept, or somebody has taken the recording away meanwhile
        };
        came_back(event);
        match (event.outcome, event.call, event.how.rows) {
            // A call that a signal interrupted moved nothing and is made again.
            (Outcome::Failed(ErrorKind::Interrupted), ..) => drop(events.remove(row)),
            (Outcome::Done, Call::Write, Rows::Folded) => self.fold(),
            _ => {}
        }
    }

    /// Makes one row of the last writes if there are more than eight.
    fn fold(&mut self) {
        let events = &mut self.seen.events;
        let Some(last) = events.last() else { return };
        let run = events
            .iter()
            .rev()
            .take_while(|event| last.continues(event));
        let (rows, calls) = run.fold((0, 0), |(rows, calls), event| {
            (rows + 1, calls + event.calls)
        });
        if calls > ALIKE {
            for later in events.split_off(events.len() - (rows - 1)) {
                if let Some(first) = events.last_mut() {
                    first.absorb(&later);
                }
            }
        }
    }

    pub(crate) fn next_turn(&mut self) {
        self.turn = self.turn.saturating_add(1);
    }

    /// Gives the recording away and begins anew; taps that still live are known to it.
    pub(crate) fn take(&mut self) -> Seen {
        let seen = self.seen.clone();
        self.beyond = None;
        self.seen.events.clear();
        self.seen.more = 0;
        self.seen.taps.retain(|tap| !tap.ended);
        seen
    }
}
