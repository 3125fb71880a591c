//! Bytes that were written and not yet read: so a read that got exactly what some writes gave says so, and its bytes are
//! not drawn twice.

use std::collections::HashMap;
use std::ops::Range;

use crate::call::Call;
use crate::event::Event;

/// From which side to which, and what was written and read in that direction.
#[derive(Default)]
pub(crate) struct Unread(HashMap<(usize, usize), Direction>);

#[derive(Default)]
struct Direction {
    /// The rows of writes, and which bytes of all that were written they wrote.
    writes: Vec<(usize, Range<u64>)>,
    written: u64,
    read: u64,
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
        let side = event.side;
        match event.call {
            // What an earlier connection left unread is lost.
            Call::Connect => self.0.retain(|(from, to), _| ![*from, *to].contains(&side)),
            Call::Write => {
                let direction = self.0.entry((side, peer)).or_default();
                let from = direction.written;
                direction.written += event.given;
                direction.writes.push((row, from..direction.written));
            }
            Call::Read if event.given > 0 => {
                let direction = self.0.get_mut(&(peer, side))?;
                let (from, to) = (direction.read, direction.read + event.given);
                direction.read = to;
                if to > direction.written {
                    self.0.remove(&(peer, side)); // these are not two ends of one connection
                    return None;
                }
                let mut writes = direction.writes.iter();
                let (first, _) = writes.clone().find(|(_, bytes)| bytes.start == from)?;
                let (last, _) = writes.find(|(_, bytes)| bytes.end == to)?;
                let same = event.first.starts_with(&events.get(*first)?.first)
                    && event.last.ends_with(&events.get(*last)?.last);
                return same.then_some((*first, *last));
            }
            _ => {}
        }
        None
    }
}
