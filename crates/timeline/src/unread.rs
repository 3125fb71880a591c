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

#[cfg(test)]
mod tests {
    use std::io::IoSlice;

    use super::*;
    use crate::event::{How, Outcome};

    /// Side 0 writes to side 1 (and 2), and they read: for each call, the rows of the writes it got.
    fn followed(calls: &[(usize, Call, &[u8])]) -> Vec<Option<(usize, usize)>> {
        let mut events = Vec::new();
        for (side, call, bytes) in calls {
            let mut event = Event::new(*side, 0, *call, How::default());
            event.came_back(Outcome::Done, &[IoSlice::new(bytes)], bytes.len());
            events.push(event);
        }
        let mut unread = Unread::default();
        let peer = |side: usize| if side == 0 { 1 } else { 0 };
        let rows = 0..events.len();
        rows.map(|row| unread.follow(&events, row, peer(events[row].side)))
            .collect()
    }

    const WRITE: Call = Call::Write;
    const READ: Call = Call::Read;

    #[test]
    fn a_read_of_one_whole_write_or_of_some_knows_the_first_and_the_last() {
        let calls = [
            (0, WRITE, &b"a"[..]),
            (0, WRITE, b"bcd"),
            (0, WRITE, b"ef"),
            (1, READ, b"a"),
            (1, READ, b""),
            (1, READ, b"bcdef"),
            (0, WRITE, b"g"),
            (1, READ, b"g"),
        ];
        let (one, two, three) = (Some((0, 0)), Some((1, 2)), Some((6, 6)));
        let expected = [None, None, None, one, None, two, None, three];
        assert_eq!(followed(&calls), expected);
    }

    #[test]
    fn a_read_that_begins_or_ends_within_a_write_is_shown_for_itself() {
        let calls = [
            (0, WRITE, &b"abc"[..]),
            (0, WRITE, b"def"),
            (1, READ, b"ab"),
            (1, READ, b"c"),
            (1, READ, b"de"),
            (1, READ, b"f"),
            (0, WRITE, b"ghi"),
            (1, READ, b"ghi"),
        ];
        let mut expected = [None; 8];
        expected[7] = Some((6, 6));
        assert_eq!(followed(&calls), expected);
    }

    #[test]
    fn equal_bytes_do_not_make_a_part_of_a_write_the_whole() {
        let bytes = [b'x'; 120]; // the first and the last bytes of each piece are the same
        for (first, second) in [(40, 80), (80, 40), (100, 20)] {
            let calls = [
                (0, WRITE, &bytes[..60]),
                (0, WRITE, &bytes[60..]),
                (1, READ, &bytes[..first]),
                (1, READ, &bytes[..second]),
            ];
            assert_eq!(followed(&calls), [None; 4], "{first} and {second}");
        }
    }

    #[test]
    fn other_bytes_at_the_beginning_or_at_the_end_are_not_the_same() {
        let long = [b'x'; 500]; // longer than what is kept of it
        for at in [0, 499] {
            let mut other = long;
            other[at] = b'o';
            let calls = [(0, WRITE, &long[..]), (1, READ, &other)];
            assert_eq!(followed(&calls), [None, None], "byte {at}");
        }
    }

    #[test]
    fn who_read_more_than_was_written_was_no_end_of_this_connection() {
        let calls = [
            (0, WRITE, &b"a"[..]),
            (1, READ, b"ab"),
            (0, WRITE, b"c"),
            (1, READ, b"c"),
        ];
        assert_eq!(followed(&calls), [None, None, None, Some((2, 2))]);
    }

    #[test]
    fn what_an_earlier_connection_left_unread_is_lost() {
        for side in [0, 1] {
            let calls = [
                (0, WRITE, &b"lost"[..]),
                (side, Call::Connect, b""),
                (0, WRITE, b"new"),
                (1, READ, b"new"),
            ];
            assert_eq!(followed(&calls)[3], Some((2, 2)), "side {side}");
        }
        let other = [
            (0, WRITE, &b"kept"[..]),
            (2, Call::Connect, b""),
            (1, READ, b"kept"),
        ];
        assert_eq!(followed(&other)[2], Some((0, 0)));
    }
}
