//! The promise: no more than so many commands at once, and whoever waits is served in order.
//!
//! A thousand clients may be connected and cost next to nothing; a thousand processes would bring the machine down. So a
//! command takes a permit before it starts and gives it back when it has ended. Its 10 s begin when it starts.
//!
//! ```text
//! next ──▶ 23   the number that the next one draws      (as at a counter with numbers to draw)
//! first ─▶ 17   17 waits and is next, 18 to 22 wait after it
//! free ──▶ 0    permits that nobody holds
//! ```
//!
//! The price: a lock for each command, and the patience of those who wait: with commands that use their 10 s the
//! hundredth waits for a minute.

use std::sync::PoisonError;

use crate::sys::{Condvar, Mutex, MutexGuard};

/// So many at once.
#[derive(Debug)]
pub struct Semaphore {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    free: usize,
    first: u64,
    next: u64,
}

impl Semaphore {
    /// With so many permits.
    pub fn new(permits: usize) -> Self {
        let state = State {
            free: permits,
            first: 0,
            next: 0,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::default(),
        }
    }

    /// Waits for a permit, after those who came before.
    pub fn acquire(&self) -> Permit<'_> {
        let mut state = self.lock();
        let mine = state.next;
        state.next += 1;
        let waits = |state: &mut State| state.first != mine || state.free == 0;
        let waited = self.changed.wait_while(state, waits);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        state.free -= 1;
        state.first += 1;
        drop(state);
        self.changed.notify_all(); // the one after us may find a permit as well
        Permit(self)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Given back when it is dropped.
#[derive(Debug)]
#[must_use = "dropping it at once gives it back"]
pub struct Permit<'a>(&'a Semaphore);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.0.lock().free += 1;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    #[test]
    fn no_more_than_the_permits_run_at_once_and_all_of_them_run() {
        let semaphore = Semaphore::new(3);
        let (now, most, all) = (
            AtomicUsize::new(0),
            AtomicUsize::new(0),
            AtomicUsize::new(0),
        );
        thread::scope(|scope| {
            for _ in 0..40 {
                scope.spawn(|| {
                    let permit = semaphore.acquire();
                    let running = now.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(running, Ordering::SeqCst);
                    thread::yield_now();
                    all.fetch_add(1, Ordering::SeqCst);
                    now.fetch_sub(1, Ordering::SeqCst);
                    drop(permit);
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= 3);
        assert_eq!(all.load(Ordering::SeqCst), 40);
        assert_eq!(semaphore.lock().free, 3);
    }

    #[test]
    fn who_waits_is_served_in_order() {
        for _ in 0..50 {
            let (semaphore, order) = (Semaphore::new(1), Mutex::new(Vec::new()));
            thread::scope(|scope| {
                let held = semaphore.acquire();
                for number in 0..10 {
                    let (semaphore, order) = (&semaphore, &order);
                    scope.spawn(move || {
                        let _permit = semaphore.acquire();
                        order.lock().unwrap().push(number);
                    });
                    while semaphore.lock().next < number + 2 {
                        thread::yield_now(); // until it has drawn its number
                    }
                }
                drop(held);
            });
            assert_eq!(*order.lock().unwrap(), Vec::from_iter(0..10));
        }
    }

    #[test]
    fn a_permit_comes_back_from_a_holder_that_panics() {
        let semaphore = Semaphore::new(1);
        thread::scope(|scope| {
            let holder = scope.spawn(|| {
                let _permit = semaphore.acquire();
                panic!("on purpose");
            });
            holder.join().unwrap_err();
        });
        drop(semaphore.acquire());
    }
}
