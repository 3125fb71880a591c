//! Sixteen at once; the next waits its turn.
//!
//! A counter behind a mutex would do, but whoever asks at the right moment would overtake those who wait. So each
//! takes a ticket, and only the oldest ticket may take a free slot.
//!
//! It knows nothing of commands.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often somebody who waits is asked whether the answer is still wanted.
const ASK_EVERY: Duration = Duration::from_millis(10);

/// A fixed number of places.
#[derive(Debug)]
pub(crate) struct Slots {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    free: usize,
    next_ticket: u64,
    /// The tickets of those who wait, oldest first.
    waiting: VecDeque<u64>,
}

/// A place that is taken; dropping it frees the place.
#[derive(Debug)]
pub(crate) struct Slot<'a>(&'a Slots);

impl Slots {
    pub(crate) fn new(free: usize) -> Self {
        Self {
            state: Mutex::new(State {
                free,
                next_ticket: 0,
                waiting: VecDeque::new(),
            }),
            changed: Condvar::new(),
        }
    }

    /// Waits for a place, behind those who came before. `None`: `gone` became true while waiting.
    pub(crate) fn take(&self, gone: &dyn Fn() -> bool) -> Option<Slot<'_>> {
        let ticket = Ticket::draw(self);
        loop {
            let state = self.lock();
            if let Some(slot) = ticket.redeem(state) {
                return Some(slot);
            }
            if gone() {
                return None;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue; dropping it leaves the queue.
struct Ticket<'a> {
    slots: &'a Slots,
    number: u64,
}

impl<'a> Ticket<'a> {
    fn draw(slots: &'a Slots) -> Self {
        let mut state = slots.lock();
        let number = state.next_ticket;
        state.next_ticket += 1;
        state.waiting.push_back(number);
        Self { slots, number }
    }

    /// A slot if it is our turn; otherwise waits a moment, so that the lock is free while `gone` is asked.
    fn redeem(&self, mut state: MutexGuard<'_, State>) -> Option<Slot<'a>> {
        if !self.is_next(&state) {
            let waited = self.slots.changed.wait_timeout(state, ASK_EVERY);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        if !self.is_next(&state) {
            return None;
        }
        state.free -= 1;
        Some(Slot(self.slots))
    }

    fn is_next(&self, state: &State) -> bool {
        state.free > 0 && state.waiting.front() == Some(&self.number)
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let number = self.number;
        self.slots.lock().waiting.retain(|&other| other != number);
        self.slots.changed.notify_all();
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.0.lock().free += 1;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    const STILL_THERE: &dyn Fn() -> bool = &|| false;

    /// A queue seen from outside: how many wait.
    fn wait_until_waiting(slots: &Slots, count: usize) {
        while slots.lock().waiting.len() != count {
            thread::yield_now();
        }
    }

    #[test]
    fn never_more_than_the_number_of_slots_at_once_and_all_get_their_turn() {
        let slots = Slots::new(3);
        let (now, most, done) = (
            AtomicUsize::new(0),
            AtomicUsize::new(0),
            AtomicUsize::new(0),
        );
        thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let _slot = slots.take(STILL_THERE).unwrap();
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert!(most.into_inner() <= 3);
        assert_eq!(done.into_inner(), 1_000);
    }

    #[test]
    fn those_who_wait_are_served_in_order() {
        let slots = Slots::new(1);
        let (sender, served) = mpsc::channel();
        thread::scope(|scope| {
            let first = slots.take(STILL_THERE).unwrap();
            for number in 0..10 {
                let (slots, sender) = (&slots, sender.clone());
                scope.spawn(move || {
                    let _slot = slots.take(STILL_THERE).unwrap();
                    sender.send(number).unwrap();
                });
                wait_until_waiting(slots, number + 1);
            }
            drop(first);
        });
        drop(sender);
        assert!(served.iter().eq(0..10));
    }

    #[test]
    fn somebody_who_leaves_does_not_hold_up_those_behind() {
        let slots = Slots::new(1);
        let left = AtomicBool::new(false);
        thread::scope(|scope| {
            let first = slots.take(STILL_THERE).unwrap();
            let leaver = scope.spawn(|| slots.take(&|| left.load(Ordering::SeqCst)).is_none());
            wait_until_waiting(&slots, 1);
            let behind = scope.spawn(|| slots.take(STILL_THERE).is_some());
            wait_until_waiting(&slots, 2);
            left.store(true, Ordering::SeqCst);
            assert!(leaver.join().unwrap(), "left without a slot");
            wait_until_waiting(&slots, 1);
            drop(first);
            assert!(behind.join().unwrap());
        });
        assert_eq!(slots.lock().free, 1);
    }

    #[test]
    fn a_panic_inside_frees_the_slot() {
        let slots = Slots::new(1);
        thread::scope(|scope| {
            let broken = scope.spawn(|| {
                let _slot = slots.take(STILL_THERE).unwrap();
                panic!("on purpose");
            });
            assert!(broken.join().is_err());
        });
        assert!(slots.take(STILL_THERE).is_some());
    }
}
