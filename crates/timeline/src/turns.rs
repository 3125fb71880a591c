//! Two threads that take turns, so that their calls happen in the same order every time.
//!
//! Nothing is sorted afterwards. By turns, a read **waits before it is made** until the other side waits to read as
//! well, or has ended:
//!
//! ```text
//! client  write, write, read ....waits.............. reads   the server waits now, and bytes are on their way
//! server  read ..waits.. reads, write, write, read ..waits   the client waits now, and its bytes have all been read
//! ```
//!
//! So at any time one of the two is at work. When both wait, the one to whom bytes are on their way goes on; when both
//! have some, both read, and a program that does this is no conversation. A tap that was closed, half-closed or dropped has
//! ended (a thread that fails or panics drops it).
//!
//! What one side writes before it reads has to fit into the socket's buffers: nobody empties them meanwhile. A wait ends
//! with an error after 10 s, so that a mistake is seen and nothing hangs. Waiting is a condition variable, no polling.

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::call::Call;
use crate::event::Outcome;
use crate::state::{Seen, State};

/// Longer than any step of a demo takes on a busy machine.
const LIMIT: Duration = Duration::from_secs(10);

/// The recording, and who waits for it to change.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Shared {
    /// Looks at the recording or changes it, and tells everybody who waits.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A thread that panicked while it recorded leaves whole events behind: go on with them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is this tap's turn to read.
    pub(crate) fn wait_for_turn(&self, tap: u32) -> io::Result<()> {
        let set_waits = |waits| {
            self.change(|state| state.tap_mut(tap).map(|tap| tap.waits = waits));
        };
        set_waits(true);
        let its_turn = self.wait("the other side neither read nor ended", |state| {
            may_read(&state.seen, tap)
        });
        set_waits(false);
        its_turn
    }

    /// Waits until a side has made so many calls of this kind.
    pub(crate) fn until(&self, side: &str, call: Call, calls: u64) -> io::Result<()> {
        self.wait("the call awaited was not made", |state| {
            let side = state.seen.sides.iter().position(|known| known.name == side);
            let made = state.seen.events.iter().filter(|event| {
                Some(event.side) == side && event.call == call && event.outcome != Outcome::Pending
            });
            made.map(|event| event.calls).sum::<u64>() >= calls
        })
    }

    fn wait(&self, why: &str, is_so: impl Fn(&State) -> bool) -> io::Result<()> {
        let not_yet = |state: &mut State| !is_so(state);
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), LIMIT, not_yet)
            .unwrap_or_else(PoisonError::into_inner);
        if waited.1.timed_out() {
            let why = format!("{why} for {} s", LIMIT.as_secs());
            return Err(io::Error::new(io::ErrorKind::TimedOut, why));
        }
        Ok(())
    }
}

/// Whether the other side has ended; or waits too, and it is for us that bytes are on their way.
fn may_read(seen: &Seen, tap: u32) -> bool {
    let (Some(own), Some(other)) = (seen.tap(tap), seen.other_end(tap)) else {
        return false; // the other end is not there yet
    };
    let for_us = other.written > own.read;
    let for_other = own.written > other.read;
    other.ended || other.waits && (for_us || !for_other)
}
