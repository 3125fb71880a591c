//! What a tap knows about itself, and how it tells the recorder what it saw.

use std::io;
use std::net::SocketAddr;

use crate::call::Call;
use crate::event::{Event, Outcome};
use crate::recorder::Recorder;
use crate::state::{KEPT, New, Place};

/// Who makes a call.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    recorder: Recorder,
    side: usize,
    tap: u32,
}

impl Caller {
    pub(crate) fn new(
        recorder: &Recorder,
        side: &str,
        ends: Option<(SocketAddr, SocketAddr)>,
    ) -> Self {
        let (side, tap) = match recorder.lock() {
            Some(mut state) => {
                let side = state.side(side);
                (side, state.tap(side, ends))
            }
            None => (0, 0),
        };
        Self {
            recorder: recorder.clone(),
            side,
            tap,
        }
    }

    pub(crate) fn is_on(&self) -> bool {
        self.recorder.is_on()
    }

    /// Whether the next event is still kept: what serves only the drawing can be spared otherwise.
    pub(crate) fn is_kept(&self) -> bool {
        self.recorder
            .lock()
            .is_some_and(|state| state.events.len() < KEPT)
    }

    /// The side at the other end.
    pub(crate) fn face(&self, side: &str) {
        let Some(mut state) = self.recorder.lock() else {
            return;
        };
        let facing = state.fixed_side(side);
        if let Some(tap) = state.taps.iter_mut().find(|tap| tap.id == self.tap) {
            tap.facing = Some(facing);
        }
    }

    /// Takes a place in the order, before the call is made; [`Caller::fill`] completes it.
    pub(crate) fn reserve(&self, call: Call, asked: usize) -> Option<Place> {
        let mut state = self.recorder.lock()?;
        let place = state.place(&self.about(call));
        if let Some(event) = state.event(place) {
            event.asked += asked as u64;
            event.calls += 1;
        }
        place
    }

    /// Completes a reserved call with its result and the bytes that moved: the first `given` of `pieces`.
    pub(crate) fn fill<'b>(
        &self,
        place: Option<Place>,
        outcome: Outcome,
        pieces: impl IntoIterator<Item = &'b [u8]>,
        given: usize,
    ) {
        // Not kept, or nobody records: nothing to copy.
        if place.is_none() && outcome == Outcome::Done {
            return;
        }
        let Some(mut state) = self.recorder.lock() else {
            return;
        };
        if let Some(event) = state.event(place) {
            event.outcome = outcome;
            event.add_bytes(pieces, given);
        }
        // A call that a signal interrupted moved nothing and is made again: that joins.
        if !matches!(
            outcome,
            Outcome::Done | Outcome::Failed(io::ErrorKind::Interrupted)
        ) {
            state.close_run();
        }
    }

    /// Records a call that has come back; `more` completes its event.
    pub(crate) fn record<'b>(
        &self,
        call: Call,
        asked: usize,
        outcome: Outcome,
        pieces: impl IntoIterator<Item = &'b [u8]>,
        given: usize,
        more: impl FnOnce(&mut Event),
    ) {
        if outcome == Outcome::Failed(io::ErrorKind::Interrupted) {
            return;
        }
        let Some(mut state) = self.recorder.lock() else {
            return;
        };
        // The end of a stream, and an error, stand for themselves.
        if outcome != Outcome::Done {
            state.close_run();
        }
        let place = state.place(&self.about(call));
        if let Some(event) = state.event(place) {
            event.asked += asked as u64;
            event.calls += 1;
            event.outcome = outcome;
            event.add_bytes(pieces, given);
            more(event);
        }
        if outcome != Outcome::Done {
            state.close_run();
        }
    }

    /// Tells which addresses a datagram travelled between.
    pub(crate) fn between(&self, place: Option<Place>, ends: Option<(SocketAddr, SocketAddr)>) {
        let Some(mut state) = self.recorder.lock() else {
            return;
        };
        if let Some(event) = state.event(place) {
            event.ends = ends;
        }
    }

    fn about(&self, call: Call) -> New {
        let joins = self.recorder.joins() && matches!(call, Call::Read | Call::Write);
        New {
            side: self.side,
            tap: self.tap,
            call,
            layout: self.recorder.layout(),
            joins,
        }
    }
}
