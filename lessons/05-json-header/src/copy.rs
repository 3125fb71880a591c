//! The plain copy loop: read a block, hash it, write it, until `size` bytes have passed.
//!
//! The goal: the digest of a file without reading it twice, in memory that does not grow with the file. The loop knows
//! neither socket nor file: it is handed two closures.
//!
//! ```text
//! read ──▶ [ block ] ──▶ write
//!              │
//!              └──▶ md5, 16 bytes at the end
//! ```
//!
//! Exactly `size` bytes: a file that grew meanwhile is cut there, and what a peer sends after the body is left for the
//! next reader. A source that ends earlier is an error that says at which byte.
//!
//! `promises/second_thread.rs` gives the same bytes and the same digest, and hashes on a second thread.

use std::io::{self, ErrorKind};

use md5::{Digest as _, Md5};

/// The largest block. Below 64 KiB the calls cost more than the copying; above 1 MiB nothing gets quicker.
pub(crate) const BLOCK: u64 = 256 * 1024;

/// The first block. Then as much as has arrived already, up to [`BLOCK`]: a thousand peers that announce a large file
/// and send nothing cost a thousand times this much.
const FIRST_BLOCK: u64 = 4 * 1024;

/// Which side of a copy failed: a server answers a full disk, but not a peer that has left.
#[derive(Debug)]
pub enum CopyError {
    /// Reading failed, or the source ended too early (`UnexpectedEof`).
    Read {
        /// Bytes that were taken from the source before.
        taken: u64,
        /// What happened.
        error: io::Error,
    },
    /// Writing failed.
    Write {
        /// Bytes that were taken from the source, those of the block that could not be written among them: to stay in
        /// sync with a peer, `size - taken` bytes must still be read.
        taken: u64,
        /// What happened.
        error: io::Error,
    },
}

impl From<CopyError> for io::Error {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Read { error, .. } | CopyError::Write { error, .. } => error,
        }
    }
}

/// Copies exactly `size` bytes from `read` to `write` and returns their md5.
///
/// `read` fills the front of the slice and says how much (0 is the end of the source), `write` takes all it is given,
/// `progress` hears how many bytes have passed so far.
///
/// # Errors
/// [`CopyError`] says which side failed.
pub fn copy_hashed(
    mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
    mut write: impl FnMut(&[u8]) -> io::Result<()>,
    size: u64,
    mut progress: impl FnMut(u64),
) -> Result<[u8; 16], CopyError> {
    // ANCHOR: copy
    let mut md5 = Md5::new();
    let mut buffer = Vec::new();
    let mut taken = 0;
    while taken < size {
        let block = read_block(&mut read, &mut buffer, taken, size)?;
        taken += block.len() as u64;
        md5.update(block);
        write(block).map_err(|error| CopyError::Write { taken, error })?;
        progress(taken);
    }
    Ok(md5.finalize().into())
    // ANCHOR_END: copy
}

/// One read, of at most what is missing: the front of `buffer` that it filled, never empty.
pub(crate) fn read_block<'a>(
    read: &mut impl FnMut(&mut [u8]) -> io::Result<usize>,
    buffer: &'a mut Vec<u8>,
    taken: u64,
    size: u64,
) -> Result<&'a [u8], CopyError> {
    let capacity = taken
        .clamp(FIRST_BLOCK, BLOCK)
        .min(size.saturating_sub(taken));
    buffer.resize(capacity as usize, 0); // at most BLOCK, which fits
    let count = loop {
        match read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => break done.map_err(|error| CopyError::Read { taken, error })?,
        }
    };
    if count == 0 {
        let text = format!("ended inside the body, after {taken} of {size} bytes");
        let error = io::Error::new(ErrorKind::UnexpectedEof, text);
        return Err(CopyError::Read { taken, error });
    }
    // A reader that claims more than the buffer holds is broken; believing it would be worse than an error.
    let error = || io::Error::other(format!("a read gave {count} bytes, more than asked for"));
    let too_much = || CopyError::Read {
        taken,
        error: error(),
    };
    buffer.get(..count).ok_or_else(too_much)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;
    use crate::copy_hashed_beside;

    fn hex(digest: [u8; 16]) -> String {
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_digest_is_that_of_rfc_1321() {
        for (text, md5) in [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ] {
            let mut source = text.as_bytes();
            let digest = copy_hashed(
                |room| source.read(room),
                |_| Ok(()),
                text.len() as u64,
                |_| (),
            );
            assert_eq!(hex(digest.unwrap()), md5);
        }
    }

    #[test]
    fn what_comes_behind_the_body_is_left_for_the_next_reader() {
        let mut source = &b"hello, next"[..];
        let mut written = Vec::new();
        copy_hashed(
            |room| source.read(room),
            |block| written.write_all(block),
            5,
            |_| (),
        )
        .unwrap();
        assert_eq!(
            (written.as_slice(), source),
            (&b"hello"[..], &b", next"[..])
        );
    }

    #[test]
    fn a_file_that_grows_while_it_is_sent_is_cut_and_one_that_shrinks_is_an_early_end() {
        use std::fs::{File, OpenOptions};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for (new_size, taken_at_the_end) in [(3_000_000, None), (100_000, Some(100_000))] {
            std::fs::write(&path, vec![7; 1_000_000]).unwrap();
            let (mut file, mut sent) = (File::open(&path).unwrap(), 0);
            let mut first = true;
            let read = |room: &mut [u8]| {
                if std::mem::take(&mut first) {
                    OpenOptions::new()
                        .write(true)
                        .open(&path)
                        .unwrap()
                        .set_len(new_size)
                        .unwrap();
                }
                file.read(room)
            };
            let write = |block: &[u8]| {
                sent += block.len() as u64;
                Ok(())
            };
            let result = copy_hashed(read, write, 1_000_000, |_| ());
            match taken_at_the_end {
                None => assert_eq!((result.is_ok(), sent), (true, 1_000_000)),
                Some(end) => {
                    let Err(CopyError::Read { taken, error }) = result else {
                        panic!("{result:?}")
                    };
                    assert_eq!(
                        (taken, error.kind(), sent),
                        (end, ErrorKind::UnexpectedEof, end)
                    );
                    assert_eq!(
                        error.to_string(),
                        "ended inside the body, after 100000 of 1000000 bytes"
                    );
                }
            }
        }
    }

    #[test]
    fn a_failed_write_says_how_much_was_taken_so_that_the_rest_can_be_discarded() {
        let mut source = io::repeat(7).take(50_000);
        let full = |_: &[u8]| Err(ErrorKind::StorageFull.into());
        let result = copy_hashed(
            |room| source.read(room),
            full,
            50_000,
            |_| panic!("nothing was written"),
        );
        let Err(CopyError::Write { taken, error }) = result else {
            panic!("{result:?}")
        };
        assert_eq!(
            (taken, error.kind()),
            (50_000 - source.limit(), ErrorKind::StorageFull)
        );
    }

    #[test]
    fn a_block_is_never_larger_than_what_has_come_already() {
        for beside in [false, true] {
            let (mut given, mut largest) = (0, 0);
            let read = |room: &mut [u8]| {
                assert!(
                    room.len() as u64 <= given.clamp(FIRST_BLOCK, BLOCK),
                    "{} after {given}",
                    room.len()
                );
                largest = largest.max(room.len() as u64);
                given += room.len() as u64;
                Ok(room.len())
            };
            let size = 9 * BLOCK + 1;
            if beside {
                copy_hashed_beside(read, |_| Ok(()), size, |_| ()).unwrap();
            } else {
                copy_hashed(read, |_| Ok(()), size, |_| ()).unwrap();
            }
            assert_eq!((given, largest), (size, BLOCK));
        }
    }

    #[test]
    fn an_interrupted_read_is_tried_again_and_progress_counts_what_was_written() {
        let mut turn = 0;
        let read = |room: &mut [u8]| {
            turn += 1;
            if turn % 2 == 1 {
                Err(ErrorKind::Interrupted.into())
            } else {
                room[0] = b'a';
                Ok(1)
            }
        };
        let mut heard = Vec::new();
        let digest = copy_hashed(read, |_| Ok(()), 3, |taken| heard.push(taken)).unwrap();
        assert_eq!(
            (hex(digest).as_str(), heard),
            ("47bce5c74f589f4867dbd57e9ca9f808", vec![1, 2, 3])
        );
    }

    #[test]
    fn a_reader_that_claims_more_than_it_had_room_for_is_an_error() {
        let result = copy_hashed(|room| Ok(room.len() + 1), |_| Ok(()), 10, |_| ());
        assert!(matches!(result, Err(CopyError::Read { taken: 0, .. })));
    }
}
