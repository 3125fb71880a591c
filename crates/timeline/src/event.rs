//! What is kept of one socket call, or of a run of equal ones that share a row.

use std::io;

use crate::call::Call;
use crate::layout::Layout;

/// How many bytes at the beginning of an event are kept: enough for every header the course draws, and a body of
/// 1 GiB costs nothing.
pub(crate) const FIRST: usize = 256;
/// How many bytes at its end are kept: a digest behind a body is still shown.
pub(crate) const LAST: usize = 32;

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
    /// Of a call that moves no bytes, or whose bytes are told apart.
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
    pub(crate) side: usize,
    pub(crate) call: Call,
    /// Which tap made it (0: none; a call or a note that the program told).
    pub(crate) tap: u32,
    /// Bytes asked for (reading) or handed over (writing), summed over the run.
    pub(crate) asked: u64,
    /// Bytes that moved, summed over the run.
    pub(crate) given: u64,
    /// System calls in the run.
    pub(crate) calls: u64,
    pub(crate) outcome: Outcome,
    /// The first bytes of the run, and the last: at most [`FIRST`] and [`LAST`].
    pub(crate) first: Vec<u8>,
    pub(crate) last: Vec<u8>,
    /// The true size of a datagram that did not fit the buffer.
    pub(crate) cut_from: Option<u64>,
    pub(crate) note: String,
    pub(crate) layout: Option<Layout>,
    /// Whether reads like this one may share a row: then how much each asked for is not shown.
    pub(crate) joins: bool,
    /// How many turns had been made before it.
    pub(crate) turn: u32,
}

impl Event {
    /// Takes the first `given` bytes of `pieces` into the run.
    pub(crate) fn add_bytes<'b>(
        &mut self,
        pieces: impl IntoIterator<Item = &'b [u8]>,
        given: usize,
    ) {
        let mut left = given;
        for piece in pieces {
            let piece = piece.get(..left.min(piece.len())).unwrap_or_default();
            left -= piece.len();
            self.given += piece.len() as u64;
            let free = FIRST.saturating_sub(self.first.len()).min(piece.len());
            self.first
                .extend_from_slice(piece.get(..free).unwrap_or_default());
            let tail = piece
                .get(piece.len().saturating_sub(LAST)..)
                .unwrap_or_default();
            self.last.extend_from_slice(tail);
            self.last.drain(..self.last.len().saturating_sub(LAST));
        }
    }

    /// Takes a later call into this row.
    pub(crate) fn absorb(&mut self, later: &Self) {
        if self.first.len() as u64 == self.given {
            let free = FIRST.saturating_sub(self.first.len());
            self.first.extend(later.first.iter().take(free));
        }
        self.last.extend_from_slice(&later.last);
        self.last.drain(..self.last.len().saturating_sub(LAST));
        self.asked += later.asked;
        self.given += later.given;
        self.calls += later.calls;
        self.outcome = later.outcome;
    }

    /// The bytes from `offset` to `offset + len` of the run, as far as they were kept.
    pub(crate) fn bytes_at(&self, offset: u64, len: u64) -> &[u8] {
        let tail_at = self.given.saturating_sub(self.last.len() as u64);
        let in_first = piece(&self.first, offset, len);
        if in_first.len() as u64 == len || offset < tail_at {
            return in_first;
        }
        piece(&self.last, offset - tail_at, len)
    }
}

/// Up to `len` bytes at `offset`.
fn piece(bytes: &[u8], offset: u64, len: u64) -> &[u8] {
    let from = usize::try_from(offset)
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    let rest = bytes.get(from..).unwrap_or_default();
    rest.get(..usize::try_from(len).unwrap_or(usize::MAX).min(rest.len()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn event(call: Call) -> Event {
        Event {
            side: 0,
            call,
            tap: 0,
            asked: 0,
            given: 0,
            calls: 1,
            outcome: Outcome::Done,
            first: Vec::new(),
            last: Vec::new(),
            cut_from: None,
            note: String::new(),
            layout: None,
            joins: false,
            turn: 0,
        }
    }

    #[test]
    fn the_first_and_the_last_bytes_are_the_same_however_the_run_falls_into_pieces() {
        let bytes: Vec<u8> = (0..1000_u32).map(|n| n as u8).collect();
        for size in [1, 7, 32, 33, 255, 256, 257, 999, 1000] {
            let mut run = event(Call::Read);
            for piece in bytes.chunks(size) {
                run.add_bytes([piece], piece.len());
            }
            assert_eq!(run.given, 1000, "pieces of {size}");
            assert_eq!(run.first, &bytes[..256], "pieces of {size}");
            assert_eq!(run.last, &bytes[1000 - 32..], "pieces of {size}");
        }
    }

    #[test]
    fn only_what_moved_is_taken_from_the_pieces() {
        let mut run = event(Call::Write);
        run.add_bytes([&b"abc"[..], b"def", b"ghi"], 5);
        assert_eq!((run.given, run.first.as_slice()), (5, &b"abcde"[..]));
    }

    #[test]
    fn a_part_is_found_at_the_beginning_and_at_the_end() {
        let bytes: Vec<u8> = (0..1000_u32).map(|n| (n / 4) as u8).collect();
        let mut run = event(Call::Write);
        run.add_bytes([bytes.as_slice()], 1000);
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
            "a digest behind the body"
        );
        assert_eq!(run.bytes_at(2000, 10), b"", "beyond the end");

        let mut short = event(Call::Write);
        short.add_bytes([&bytes[..260]], 260);
        assert_eq!(
            short.bytes_at(244, 16),
            &bytes[244..260],
            "across the end of what is kept of the beginning"
        );
    }
}
