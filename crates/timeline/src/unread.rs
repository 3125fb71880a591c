//! Bytes that were written and not yet read: so a read that got exactly what some writes gave says so, and its bytes are
//! not drawn twice.

use std::collections::{HashMap, VecDeque};

use crate::call::Call;
use crate::event::Event;

/// From which side to which, and the writes of which nobody has read all.
#[derive(Default)]
pub(crate) struct Unread(HashMap<(usize, usize), VecDeque<Write>>);

struct Write {
    row: usize,
    left: u64,
}

impl Unread {
    /// Follows one call, whose other end is `peer`; of a read that got all of one write or some, the rows of the first
    /// and the last.
    pub(crate) fn follow(
        &mut self,
        events: &[Event],
        row: usize,
        peer: usize,
    ) -> Option<(usize, usize)> {
        let event = events.get(row)?;
        match event.call {
            // What an earlier connection left unread is gone.
            Call::Connect => self
                .0
                .retain(|(from, to), _| ![*from, *to].contains(&event.side)),
            Call::Write => self
                .0
                .entry((event.side, peer))
                .or_default()
                .push_back(Write {
                    row,
                    left: event.given,
                }),
            Call::Read if event.given > 0 => {
                let (first, last) =
                    take(self.0.get_mut(&(peer, event.side))?, events, event.given)?;
                let same = event.first.starts_with(&events.get(first)?.first)
                    && event.last.ends_with(&events.get(last)?.last);
                return same.then_some((first, last));
            }
            _ => {}
        }
        None
    }
}

/// Takes so many bytes off the front: the rows they came from, if these are whole writes.
fn take(writes: &mut VecDeque<Write>, events: &[Event], size: u64) -> Option<(usize, usize)> {
    let first = writes.front()?;
    let whole = events
        .get(first.row)
        .is_some_and(|write| write.given == first.left);
    let (first, mut left) = (first.row, size);
    loop {
        let write = writes.front_mut()?; // more was read than written: these are not two ends of one connection
        if write.left > left {
            write.left -= left;
            return None;
        }
        left -= write.left;
        let last = write.row;
        writes.pop_front();
        if left == 0 {
            return whole.then_some((first, last));
        }
    }
}
