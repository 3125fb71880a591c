//! What a tap knows about itself, and how it tells the recorder what it saw.
//!
//! A call by which something leaves (connect, write, close, ...) takes its row **before** the system call and is filled
//! in afterwards; a call by which something arrives (accept, read, ...) takes it when it is back. So a read never stands
//! before the write that fed it, however the threads were scheduled.

use std::io::{self, ErrorKind, IoSlice};
use std::net::SocketAddr;
use std::sync::Arc;

use crate::call::Call;
use crate::event::{Event, How, Outcome};
use crate::state::{KEPT, State, TapInfo};
use crate::turns::Shared;

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
        let number = |shared: &Arc<Shared>| shared.change(|state| state.side(side, false));
        Self {
            side: shared.as_ref().map_or(0, number),
            shared,
            how,
            tap: 0,
        }
    }

    /// The same side with a tap of its own.
    pub(crate) fn tapped(mut self, ends: Option<(SocketAddr, SocketAddr)>) -> Self {
        if let Some(shared) = &self.shared {
            self.tap = shared.change(|state| state.new_tap(self.side, ends));
        }
        self
    }

    /// Whether the next event is still kept: what serves only the drawing can be spared otherwise.
    pub(crate) fn is_kept(&self) -> bool {
        let has_space = |state: &mut State| state.seen.events.len() < KEPT;
        let shared = self.shared.as_ref();
        shared.is_some_and(|shared| shared.change(has_space))
    }

    /// The side at the other end.
    pub(crate) fn face(&self, side: &str) {
        if let Some(shared) = &self.shared {
            let facing = shared.change(|state| state.side(side, true));
            self.update_tap(|tap| tap.facing = Some(facing));
        }
    }

    /// By turns: waits until the other side waits as well.
    pub(crate) fn wait_for_turn(&self) -> io::Result<()> {
        match &self.shared {
            Some(shared) if self.how.by_turns => shared.wait_for_turn(self.tap),
            _ => Ok(()),
        }
    }

    /// Makes a call by which something leaves: the first bytes of `pieces`, as many as `given` says.
    pub(crate) fn leave<T>(
        &self,
        call: Call,
        pieces: &[IoSlice<'_>],
        given: impl FnOnce(&T) -> usize,
        make: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let Some(shared) = &self.shared else {
            return make();
        };
        let row = shared.change(|state| state.push(self.about(call)));
        let result = make();
        let given = result.as_ref().map_or(0, given);
        let came_back = |event: &mut Event| event.came_back(Outcome::of(&result), pieces, given);
        shared.change(|state| state.complete(row, came_back));
        self.update_tap(|tap| {
            tap.written += given as u64;
            tap.ended |= call.ends();
        });
        result
    }

    /// Records a call that has come back: `given` bytes of `bytes` moved. `more` completes its event.
    pub(crate) fn record(
        &self,
        call: Call,
        outcome: Outcome,
        bytes: &[u8],
        given: usize,
        more: impl FnOnce(&mut Event),
    ) {
        // What a signal interrupted is made again.
        let is_told = outcome != Outcome::Failed(ErrorKind::Interrupted);
        if let Some(shared) = self.shared.as_ref().filter(|_| is_told) {
            let mut event = self.about(call);
            event.came_back(outcome, &[IoSlice::new(bytes)], given);
            more(&mut event);
            shared.change(|state| state.push(event));
            self.update_tap(|tap| tap.read += given as u64);
        }
    }

    fn about(&self, call: Call) -> Event {
        Event::new(self.side, self.tap, call, self.how)
    }

    fn update_tap(&self, update: impl FnOnce(&mut TapInfo)) {
        if let Some(shared) = &self.shared {
            shared.change(|state| state.tap_mut(self.tap).map(update));
        }
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        self.update_tap(|tap| tap.ended = true);
    }
}
