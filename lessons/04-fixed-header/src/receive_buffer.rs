//! What has arrived and was not yet taken.
//!
//! The goals: memory grows with what arrived, never with what was announced; a silent connection costs little;
//! however the stream is cut, all its bytes together are moved about twice at most. This file knows neither socket nor
//! layout.
//!
//! ```text
//!  0        start            end          bytes.len()
//!  +----------+----------------+---------------+
//!  |  taken   |    waiting     |     free      |
//!  +----------+----------------+---------------+
//!              `waiting()´      `free()´
//! ```
//!
//! Taking a message moves `start`. Bytes move only when less than a quarter of the block is free, and then only those of
//! the one message that is not whole yet. It lies at the front afterwards, so it moves again only when the block has to
//! grow for it, to twice its size each time. (Dropping each message from the front of a `Vec` moves everything after it,
//! every time: quadratic.)

/// The first block: 1,000 silent connections hold 4 MiB.
const FIRST: usize = 4 * 1024;

/// Reads fill at most a block of this size, unless one message is larger. Measured: 256 KiB a read is as quick as more.
const FULL: usize = 256 * 1024;

/// A block of memory that grows when reads fill it.
#[derive(Debug, Default)]
pub struct ReceiveBuffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// The last read filled all that was free: there is more where that came from.
    filled: bool,
}

impl ReceiveBuffer {
    /// What arrived and was not yet taken.
    #[inline]
    pub fn waiting(&self) -> &[u8] {
        match self.bytes.get(self.start..self.end) {
            Some(waiting) => waiting,
            None => nothing(),
        }
    }

    /// Takes the first `count` waiting bytes; `None`, and nothing is taken, if there are fewer.
    #[inline]
    pub fn take(&mut self, count: usize) -> Option<&[u8]> {
        let taken = self.bytes.get(self.start..self.end)?.get(..count)?;
        self.start += count;
        Some(taken)
    }

    /// Where the next read may write; never empty.
    pub fn free(&mut self) -> &mut [u8] {
        let size = self.bytes.len();
        if self.start == self.end || size - self.end < size / 4 {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.end == size || (self.filled && size < FULL) {
            // A new block rather than a longer one: the system hands out large zeroed blocks without touching them, so
            // that only what really arrives becomes resident.
            let mut bytes = vec![0; (2 * size).max(FIRST)];
            if let Some((front, _)) = bytes.split_at_mut_checked(self.end) {
                front.copy_from_slice(self.bytes.get(..self.end).unwrap_or_default());
            }
            self.bytes = bytes;
        }
        self.bytes.get_mut(self.end..).unwrap_or_default()
    }

    /// A read put `count` bytes into [`ReceiveBuffer::free`].
    pub fn arrived(&mut self, count: usize) {
        let free = self.bytes.len() - self.end;
        self.filled = count >= free;
        self.end += count.min(free);
    }

    /// Bytes of memory held.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }
}

/// Never called: `start` and `end` lie inside the block. Cold, so that the compiler guesses so too; a plain
/// `unwrap_or_default` costs each small message a quarter of its time.
#[cold]
fn nothing() -> &'static [u8] {
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrive(buffer: &mut ReceiveBuffer, bytes: &[u8]) {
        buffer.free()[..bytes.len()].copy_from_slice(bytes);
        buffer.arrived(bytes.len());
    }

    #[test]
    fn what_arrived_is_taken_in_order_and_only_once() {
        let mut buffer = ReceiveBuffer::default();
        arrive(&mut buffer, b"one two ");
        assert_eq!(buffer.take(4).unwrap(), b"one ");
        arrive(&mut buffer, b"three");
        assert_eq!(buffer.waiting(), b"two three");
        assert_eq!(buffer.take(10), None);
        assert_eq!(buffer.take(9).unwrap(), b"two three");
        assert_eq!(buffer.waiting(), b"");
    }

    #[test]
    fn it_grows_when_reads_fill_it_up_to_256_kib_and_then_only_for_one_large_message() {
        let mut buffer = ReceiveBuffer::default();
        for size in [4, 8, 16, 32, 64, 128, 256, 256, 256].map(|kib| kib * 1024) {
            let free = buffer.free().len();
            assert_eq!((free, buffer.size()), (size, size));
            buffer.arrived(free);
            buffer.take(free);
        }
        let free = buffer.free().len();
        buffer.arrived(free);
        buffer.free();
        assert_eq!(
            buffer.size(),
            512 * 1024,
            "nothing was taken: the message is larger than the block"
        );
    }

    #[test]
    fn bytes_move_only_when_little_is_free_after_them_and_arrive_in_order_all_the_same() {
        let mut buffer = ReceiveBuffer::default();
        arrive(&mut buffer, b"one two ");
        buffer.take(4);
        buffer.free();
        assert_eq!((buffer.start, buffer.end), (4, 8), "enough is free");
        arrive(&mut buffer, &[b'x'; 3 * FIRST / 4]);
        assert_eq!(
            buffer.free().len(),
            FIRST - (3 * FIRST / 4 + 4),
            "moved to the front"
        );
        assert!(buffer.take(5).unwrap() == b"two x" && buffer.waiting().len() == 3 * FIRST / 4 - 1);
        buffer.take(buffer.waiting().len());
        assert_eq!(
            buffer.free().len(),
            FIRST,
            "empty: nothing to move, the whole block is free"
        );
    }

    #[test]
    fn small_reads_do_not_grow_it() {
        let mut buffer = ReceiveBuffer::default();
        for _ in 0..10_000 {
            arrive(&mut buffer, &[1; 100]);
            buffer.take(100);
        }
        assert_eq!(buffer.size(), FIRST);
    }
}
