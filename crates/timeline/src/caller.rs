//! What a tap knows about itself, and how it tells the recorder what it saw.
//!
//! A call by which something leaves (connect, write, close, ...) takes its row **before** the system call and is filled
//! in afterwards; a call by which something arrives (accept, read, ...) takes it when it is back. So a read never stands
//! before the write that fed it, however the threads were scheduled.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, MutexGuard};

use crate::call::Call;
use crate::event::{Event, Outcome};
use crate::layout::Layout;
use crate::state::{KEPT, New, Place, Rows, State};
use crate::turns::Shared;

/// How calls are recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    pub(crate) rows: Rows,
    pub(crate) by_turns: bool,
    pub(crate) layout: Option<Layout>,
}

/// Who makes a call. Dropping it tells the other side that this one has ended.
#[derive(Debug)]
pub(crate) struct Caller {
    shared: Option<Arc<Shared>>,
    how: How,
    side: usize,
    /// 0 for a program that tells about itself.
    tap: u32,
}

impl Caller {
    /// A side that tells about itself.
    pub(crate) fn new(shared: Option<Arc<Shared>>, how: How, side: &str) -> Self {
        let lane = shared.as_ref().map(|shared| shared.lock().side(side));
        Self {
            shared,
            how,
            side: lane.unwrap_or(0),
            tap: 0,
        }
    }

    /// The same side with a tap of its own.
    pub(crate) fn tapped(mut self, ends: Option<(SocketAddr, SocketAddr)>) -> Self {
        let side = self.side;
        self.tap = self.lock().map_or(0, |mut state| state.new_tap(side, ends));
        self
    }

    pub(crate) fn is_on(&self) -> bool {
        self.shared.is_some()
    }

    /// Whether the next event is still kept: what serves only the drawing can be spared otherwise.
    pub(crate) fn is_kept(&self) -> bool {
        self.lock()
            .is_some_and(|state| state.seen.events.len() < KEPT)
    }

    /// The side at the other end.
    pub(crate) fn face(&self, side: &str) {
        if let Some(mut state) = self.lock() {
            let facing = state.fixed_side(side);
            if let Some(tap) = state.tap_mut(self.tap) {
                tap.facing = Some(facing);
            }
        }
    }

    /// By turns: waits until the other side waits as well.
    pub(crate) fn wait_for_turn(&self) -> io::Result<()> {
        match &self.shared {
            Some(shared) if self.how.by_turns => shared.wait_for_turn(self.tap),
            _ => Ok(()),
        }
    }

    /// Makes a call by which something leaves.
    pub(crate) fn leave<T>(
        &self,
        call: Call,
        make: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let place = self.reserve(call, 0);
        let result = make();
        self.fill(place, Outcome::of(&result), [], 0);
        if call.ends() {
            self.end();
        }
        result
    }

    /// Makes a call by which bytes leave.
    pub(crate) fn send<'b>(
        &self,
        call: Call,
        pieces: impl Iterator<Item = &'b [u8]> + Clone,
        make: impl FnOnce() -> io::Result<usize>,
    ) -> io::Result<usize> {
        let place = self.reserve(call, pieces.clone().map(<[u8]>::len).sum());
        let result = make();
        let given = result.as_ref().copied().unwrap_or(0);
        self.fill(place, Outcome::of(&result), pieces, given);
        result
    }

    /// Records a call that has come back; `more` completes its event.
    pub(crate) fn record(
        &self,
        call: Call,
        bytes: &[u8],
        outcome: Outcome,
        given: usize,
        more: impl FnOnce(&mut Event),
    ) {
        if outcome == Outcome::Failed(io::ErrorKind::Interrupted) {
            return;
        }
        let Some(mut state) = self.lock() else {
            return;
        };
        // The end of a stream, and an error, stand for themselves.
        if outcome != Outcome::Done {
            state.close_run();
        }
        let place = state.place(&self.about(call));
        if let Some(event) = state.event(place) {
            event.asked += bytes.len() as u64;
            event.calls += 1;
            event.outcome = outcome;
            event.add_bytes([bytes], given);
            more(event);
        }
        if outcome != Outcome::Done {
            state.close_run();
        }
        if let Some(tap) = state.tap_mut(self.tap) {
            tap.read += given as u64;
        }
        self.tell();
    }

    /// Takes a row, before the call is made; [`Caller::fill`] completes it.
    fn reserve(&self, call: Call, asked: usize) -> Option<Place> {
        let mut state = self.lock()?;
        let place = state.place(&self.about(call));
        if let Some(event) = state.event(place) {
            event.asked += asked as u64;
            event.calls += 1;
        }
        place
    }

    /// Completes a row with the call's result and the bytes that moved: the first `given` of `pieces`.
    fn fill<'b>(
        &self,
        place: Option<Place>,
        outcome: Outcome,
        pieces: impl IntoIterator<Item = &'b [u8]>,
        given: usize,
    ) {
        let Some(mut state) = self.lock() else {
            return;
        };
        if let Some(tap) = state.tap_mut(self.tap) {
            tap.written += given as u64;
        }
        if let Some(event) = state.event(place) {
            event.outcome = outcome;
            event.add_bytes(pieces, given);
        }
        match outcome {
            Outcome::Done => {}
            Outcome::Failed(io::ErrorKind::Interrupted) => state.take_back(place),
            _ => state.close_run(),
        }
        self.tell();
    }

    /// Nothing more comes from this tap: whoever waits for it need not.
    fn end(&self) {
        if let Some(mut state) = self.lock()
            && let Some(tap) = state.tap_mut(self.tap)
        {
            tap.ended = true;
        }
        self.tell();
    }

    fn tell(&self) {
        if let Some(shared) = &self.shared {
            shared.tell();
        }
    }

    fn lock(&self) -> Option<MutexGuard<'_, State>> {
        self.shared.as_ref().map(|shared| shared.lock())
    }

    fn about(&self, call: Call) -> New {
        New {
            side: self.side,
            tap: self.tap,
            call,
            layout: self.how.layout,
            rows: self.how.rows,
        }
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.end();
    }
}
