//! The quick copy: the same loop, but md5 works beside it, on a second thread.
//!
//! The plain loop of `copy.rs` stands still while it hashes: reading, hashing and writing add up. Here the block that
//! was just written is handed to a second thread, and the loop goes on with another buffer. The time is then that of the
//! slower of the two, not the sum.
//!
//! ```text
//! this thread     read ─▶ write ─▶ read ─▶ write ─▶ …
//!                            ╲  full        ╲          at most QUEUE blocks wait; then this thread waits
//! second thread               md5 ────────▶ md5 ─▶ …
//!                            ╱  empty               buffers come back and are used again
//! ```
//!
//! The price: a thread per transfer, two channels, four buffers instead of one. Nothing of this pays for a small file,
//! so the thread is started when [`ALONE`] bytes have come. Not when they are *announced*: who announces much and sends
//! nothing gets neither thread nor memory.

use std::io;
use std::sync::mpsc::sync_channel;
use std::thread;

use md5::{Digest as _, Md5};

use crate::copy::{BLOCK, CopyError, read_block};

/// Blocks that wait for the second thread. One is being hashed and one filled beside them.
const QUEUE: usize = 2;

/// Until so many bytes have come, one thread does both: as much as all buffers hold together.
const ALONE: u64 = (QUEUE as u64 + 2) * BLOCK;

/// [`copy_hashed`](crate::copy_hashed) with md5 on a second thread: same parameters, same result, same errors.
///
/// # Errors
/// [`CopyError`] says which side failed.
pub fn copy_hashed_beside(
    mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
    mut write: impl FnMut(&[u8]) -> io::Result<()>,
    size: u64,
    mut progress: impl FnMut(u64),
) -> Result<[u8; 16], CopyError> {
    let (mut md5, mut taken) = (Md5::new(), 0);
    let mut copy_block = |buffer: &mut Vec<u8>, taken: &mut u64| {
        let block = read_block(&mut read, buffer, *taken, size)?;
        *taken += block.len() as u64;
        write(block).map_err(|error| CopyError::Write {
            taken: *taken,
            error,
        })?;
        progress(*taken);
        Ok(block.len())
    };
    let mut buffer = Vec::new();
    while taken < size.min(ALONE) {
        let filled = copy_block(&mut buffer, &mut taken)?;
        md5.update(buffer.get(..filled).unwrap_or_default());
    }
    if taken == size {
        return Ok(md5.finalize().into());
    }
    // An early return drops `full`, which ends the second thread; the scope waits for that.
    thread::scope(|scope| {
        let (full, arriving) = sync_channel::<(Vec<u8>, usize)>(QUEUE);
        let (giving_back, empty) = sync_channel(QUEUE + 2);
        let hash = move || {
            for (buffer, filled) in arriving {
                md5.update(buffer.get(..filled).unwrap_or_default());
                let _ = giving_back.send(buffer); // nobody wants it any more at the end
            }
            md5
        };
        let Ok(hashing) = thread::Builder::new().spawn_scoped(scope, hash) else {
            let error = io::Error::other("no thread can be had to compute md5");
            return Err(CopyError::Read { taken, error });
        };
        while taken < size {
            let filled = copy_block(&mut buffer, &mut taken)?;
            // Waits while QUEUE blocks wait already: this is what bounds the memory. It fails only if the second thread
            // panicked, and then `join` passes that on.
            let _ = full.send((buffer, filled));
            buffer = empty.try_recv().unwrap_or_default(); // none has come back yet: a new one, QUEUE + 2 at most
        }
        drop(full); // no more blocks: the second thread hashes what it has and ends
        let md5 = hashing
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok(md5.finalize().into())
    })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::HashSet;
    use std::io::{ErrorKind, Read as _};

    use super::*;
    use crate::copy::copy_hashed;

    /// 0, 1, 2 … 250, 0, 1 …: no block is like another.
    fn bytes(size: u64) -> Vec<u8> {
        (0..size).map(|i| (i % 251) as u8).collect()
    }

    fn hex(digest: [u8; 16]) -> String {
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads at most `step` bytes at a time.
    fn in_steps(mut source: &[u8], step: usize) -> impl FnMut(&mut [u8]) -> io::Result<usize> {
        move |room| {
            let room_len = room.len().min(step);
            source.read(&mut room[..room_len])
        }
    }

    #[test]
    fn the_digest_is_that_of_md5sum_at_every_edge_of_the_blocks() {
        // From `md5sum`, not from the crate under test.
        for (size, md5) in [
            (0, "d41d8cd98f00b204e9800998ecf8427e"),
            (1, "93b885adfe0da089cdf634904fd59f71"),
            (4_095, "93e25733058beb5eb38c4f6db613da70"),
            (4_096, "a0c16616c91907bd14e999986cf822d5"),
            (4_097, "e4df5b23488e51a7998f218196a6ef6d"),
            (BLOCK - 1, "f88a0abb23be8dd0c6a0b7bb64842333"),
            (BLOCK, "f6224c81f6d6b0c9c260a4f677f5db6f"),
            (BLOCK + 1, "644ebc1faebf34018d0e30c198b1cc08"),
            (ALONE - 1, "6631289da608f194e12b97caf2b5d9ca"),
            (ALONE, "8f293a2f6c19b345152f7a49bb4c643c"),
            (ALONE + 1, "79b67c7fbf43b76e5b7f182328bdc4b6"),
            (ALONE + BLOCK, "7c30a739e4213aa54d9cae6456f947c7"),
            (9 * BLOCK + 12_345, "2d5f97ff68b95484bcc86cd881a655e1"),
        ] {
            let sent = bytes(size);
            for step in [usize::MAX, 100_003] {
                let mut received = Vec::new();
                let digest = copy_hashed(
                    in_steps(&sent, step),
                    |block| {
                        received.extend_from_slice(block);
                        Ok(())
                    },
                    size,
                    |_| (),
                );
                assert_eq!(hex(digest.unwrap()), md5, "plain, {size} bytes");
                assert!(received == sent);
                received.clear();
                let digest = copy_hashed_beside(
                    in_steps(&sent, step),
                    |block| {
                        received.extend_from_slice(block);
                        Ok(())
                    },
                    size,
                    |_| (),
                );
                assert_eq!(hex(digest.unwrap()), md5, "beside, {size} bytes");
                assert!(received == sent);
            }
        }
    }

    #[test]
    fn the_second_thread_and_its_buffers_wait_until_the_bytes_have_come() {
        let (mut taken, mut early, mut late) = (0, HashSet::new(), HashSet::new());
        let read = |room: &mut [u8]| {
            if room.len() as u64 == BLOCK {
                let buffers = if taken < ALONE { &mut early } else { &mut late };
                buffers.insert(room.as_ptr() as usize);
            }
            taken += room.len() as u64;
            Ok(room.len())
        };
        copy_hashed_beside(read, |_| Ok(()), 400 * BLOCK, |_| ()).unwrap();
        assert_eq!(early.len(), 1, "one buffer for one thread");
        assert!(late.len() > 1, "no second thread");
    }

    #[test]
    fn a_quick_source_waits_for_md5_and_needs_no_more_than_four_buffers() {
        let mut buffers = HashSet::new();
        let read = |room: &mut [u8]| {
            if room.len() as u64 == BLOCK {
                buffers.insert(room.as_ptr() as usize);
            }
            Ok(room.len())
        };
        copy_hashed_beside(read, |_| Ok(()), 400 * BLOCK, |_| ()).unwrap();
        assert!(buffers.len() <= QUEUE + 2, "{} buffers", buffers.len());
    }

    #[test]
    fn progress_counts_what_was_written_on_one_thread_and_on_two() {
        let size = ALONE + 3 * BLOCK;
        let (written, mut heard) = (Cell::new(0), 0);
        let write = |block: &[u8]| {
            written.set(written.get() + block.len() as u64);
            Ok(())
        };
        copy_hashed_beside(
            |room| Ok(room.len()),
            write,
            size,
            |taken| {
                assert_eq!(taken, written.get());
                heard = taken;
            },
        )
        .unwrap();
        assert_eq!(heard, size);
    }

    #[test]
    fn an_error_in_the_middle_comes_back_with_its_side_and_count_and_the_thread_ends() {
        let size = 3 * ALONE;
        let sent = bytes(2 * ALONE);
        let result = copy_hashed_beside(in_steps(&sent, usize::MAX), |_| Ok(()), size, |_| ());
        let Err(CopyError::Read { taken, error }) = result else {
            panic!("{result:?}")
        };
        assert_eq!((taken, error.kind()), (2 * ALONE, ErrorKind::UnexpectedEof));

        let mut written = 0;
        let full = |block: &[u8]| {
            written += block.len() as u64;
            if written > ALONE + BLOCK {
                Err(ErrorKind::StorageFull.into())
            } else {
                Ok(())
            }
        };
        let result = copy_hashed_beside(|room| Ok(room.len()), full, size, |_| ());
        let Err(CopyError::Write { taken, error }) = result else {
            panic!("{result:?}")
        };
        assert_eq!((taken, error.kind()), (written, ErrorKind::StorageFull));
    }
}
