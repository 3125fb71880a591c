//! What is kept of one socket call, or of a run of equal ones that share a row.

use std::io::{self, IoSlice};

use crate::call::Call;
use crate::layout::Layout;

/// How many bytes at the beginning of an event are kept: enough for every header the course draws, and a body of
/// 1 GiB costs nothing.
pub(crate) const FIRST: usize = 256;
/// How many bytes at its end are kept: a digest after a body is still shown.
pub(crate) const LAST: usize = 32;

/// How calls are recorded.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct How {
    pub(crate) rows: Rows,
    pub(crate) by_turns: bool,
    pub(crate) layout: Option<Layout>,
}

/// Which calls share a row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Rows {
    /// None.
    #[default]
    EveryCall,
    /// Reads, when nothing stands between them.
    JoinedReads,
    /// Reads, and writes when there are more than eight.
    Folded,
}

/// How a call came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The call had not come back when the recording was taken.
    Pending,
    /// It did what it should.
    Done,
    /// `Ok(0)`: the end of the stream.
    End,
    /// An error of this kind.
    Failed(io::ErrorKind),
}

impl Outcome {
    /// Of a call for which `Ok(0)` is nothing special.
    pub(crate) fn of<T>(result: &io::Result<T>) -> Self {
        match result {
            Ok(_) => Self::Done,
            Err(error) => Self::Failed(error.kind()),
        }
    }
}

/// One call, or a run of equal calls drawn as one.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// Where a call that was under way finds its row again.
    pub(crate) id: u64,
    pub(crate) side: usize,
    /// Which tap made it (0: none; a call or a note that the program told).
    pub(crate) tap: u32,
    pub(crate) call: Call,
    pub(crate) how: How,
    /// How many turns had been made before it.
    pub(crate) turn: u32,
    pub(crate) outcome: Outcome,
    /// System calls in the run.
    pub(crate) calls: u64,
    /// Bytes asked for (reading) or handed over (writing), summed over the run.
    pub(crate) asked: u64,
    /// Bytes that moved, summed over the run.
    pub(crate) given: u64,
    /// The first bytes of the run, and the last: at most [`FIRST`] and [`LAST`].
    pub(crate) first: Vec<u8>,
    pub(crate) last: Vec<u8>,
    /// The true size of a datagram that did not fit the buffer.
    pub(crate) cut_from: Option<u64>,
    pub(crate) note: String,
}

impl Event {
    /// A call that is about to be made.
    pub(crate) fn new(side: usize, tap: u32, call: Call, how: How) -> Self {
        Self {
            id: 0,
            side,
            tap,
            call,
            how,
            turn: 0,
            outcome: Outcome::Pending,
            calls: 1,
            asked: 0,
            given: 0,
            first: Vec::new(),
            last: Vec::new(),
            cut_from: None,
            note: String::new(),
        }
    }

    /// The call has come back: of `pieces` the first `given` bytes moved.
    pub(crate) fn came_back(&mut self, outcome: Outcome, pieces: &[IoSlice<'_>], given: usize) {
        self.outcome = outcome;
        let mut left = given;
        for piece in pieces {
            self.asked += piece.len() as u64;
            let moved = piece.get(..left.min(piece.len())).unwrap_or_default();
            left -= moved.len();
            let tail = moved.len().saturating_sub(LAST);
            self.keep(moved, moved.get(tail..).unwrap_or_default());
            self.given += moved.len() as u64;
        }
    }

    /// Whether both are calls of one run, which may share a row.
    pub(crate) fn continues(&self, before: &Self) -> bool {
        let run = |event: &Self| (event.tap, event.call, event.turn, event.outcome);
        self.tap != 0 && self.outcome == Outcome::Done && run(self) == run(before)
    }

    /// Takes a later call into this row.
    pub(crate) fn absorb(&mut self, later: &Self) {
        self.keep(&later.first, &later.last);
        self.asked += later.asked;
        self.given += later.given;
        self.calls += later.calls;
    }

    /// Of the bytes that follow those given so far: the first as far as they fit, the last instead of earlier ones.
    fn keep(&mut self, first: &[u8], last: &[u8]) {
        let free = FIRST.saturating_sub(self.first.len());
        self.first.extend(first.iter().take(free));
        self.last.extend_from_slice(last);
        self.last.drain(..self.last.len().saturating_sub(LAST));
    }

    /// The bytes from `offset` to `offset + len` of the run, as far as they were kept.
    pub(crate) fn bytes_at(&self, offset: u64, len: u64) -> &[u8] {
        let piece = |bytes: &'_ [u8], from: u64| {
            let to = from.saturating_add(len).min(bytes.len() as u64);
            from.min(to) as usize..to as usize
        };
        let in_first = piece(&self.first, offset);
        let tail_at = self.given.saturating_sub(self.last.len() as u64);
        if in_first.len() as u64 == len || offset < tail_at {
            return self.first.get(in_first).unwrap_or_default();
        }
        let in_last = piece(&self.last, offset - tail_at);
        self.last.get(in_last).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(call: Call) -> Event {
        Event::new(0, 0, call, How::default())
    }

    #[test]
    fn the_first_and_the_last_bytes_are_the_same_however_the_run_falls_into_pieces() {
        let bytes: Vec<u8> = (0..1000_u32).map(|n| n as u8).collect();
        for size in [1, 7, 32, 33, 255, 256, 257, 999, 1000] {
            let mut run = event(Call::Read);
            for piece in bytes.chunks(size) {
                run.came_back(Outcome::Done, &[IoSlice::new(piece)], piece.len());
            }
            assert_eq!(run.given, 1000, "pieces of {size}");
            assert_eq!(run.first, &bytes[..256], "pieces of {size}");
            assert_eq!(run.last, &bytes[1000 - 32..], "pieces of {size}");
        }
    }

    #[test]
    fn only_what_moved_is_taken_from_the_pieces() {
        let mut run = event(Call::Write);
        run.came_back(
            Outcome::Done,
            &[&b"abc"[..], b"def", b"ghi"].map(IoSlice::new),
            5,
        );
        assert_eq!((run.given, run.first.as_slice()), (5, &b"abcde"[..]));
    }

    #[test]
    fn a_part_is_found_at_the_beginning_and_at_the_end() {
        let bytes: Vec<u8> = (0..1000_u32).map(|n| (n / 4) as u8).collect();
        let mut run = event(Call::Write);
        run.came_back(Outcome::Done, &[IoSlice::new(&bytes)], 1000);
        assert_eq!(run.bytes_at(0, 4), &bytes[..4]);
        assert_eq!(
            run.bytes_at(250, 100),
            &bytes[250..256],
            "as far as it was kept"
        );
        assert_eq!(run.bytes_at(300, 10), b"", "nothing from the middle");
        assert_eq!(
            run.bytes_at(984, 16),
            &bytes[984..],
            "a digest after the body"
        );
        assert_eq!(run.bytes_at(2000, 10), b"", "beyond the end");

        let mut short = event(Call::Write);
        short.came_back(Outcome::Done, &[IoSlice::new(&bytes[..260])], 260);
        assert_eq!(
            short.bytes_at(244, 16),
            &bytes[244..260],
            "across the end of what is kept of the beginning"
        );
    }
}
