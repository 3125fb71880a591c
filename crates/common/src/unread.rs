//! Lines for somebody who may not be reading: a pipe that nobody empties must not stop the program.
//!
//! A pipe holds 64 KiB on Linux. When it is full, the next write waits until somebody reads, and if nobody does, for ever:
//! a server would stand still for all its clients because of a log. So the kernel is asked before each piece whether it
//! takes it at once (`poll(2)`). If not for a whole second, the line is dropped, and so are the next ones, without
//! waiting, until there is room again. The first line that is written then says how many are missing.
//!
//! On systems without `poll` a line is written as it is.

use std::io::{Stderr, Stdout, Write};
use std::sync::Mutex;
use std::time::Duration;

/// So long a reader may be busy with something else.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a pipe that says it has room takes at once, everywhere (`_POSIX_PIPE_BUF`; it is 4,096 on Linux).
const PIECE: usize = 512;

/// A place for lines that may be lost, and how many were.
#[derive(Debug)]
pub(crate) struct Unread(Mutex<u64>);

impl Unread {
    /// Nothing is lost so far.
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(0))
    }

    /// Writes `line` and a line feed, unless that would wait for a reader who does not read.
    pub(crate) fn line(&self, to: &mut impl Place, line: &str) {
        let mut lost = self.0.lock().unwrap_or_else(|broken| broken.into_inner());
        let patience = if *lost == 0 { PATIENCE } else { Duration::ZERO };
        let missing = match *lost {
            0 => String::new(),
            lost => format!("({lost} lines are missing here: nobody was reading)\n"),
        };
        *lost = if write(to, format!("{missing}{line}\n").as_bytes(), patience) {
            0
        } else {
            *lost + 1
        };
    }
}

/// Whether all of it was written. Whoever has closed the other end has no wish to read on, which is no loss.
fn write(to: &mut impl Place, text: &[u8], patience: Duration) -> bool {
    for piece in text.chunks(PIECE) {
        if !to.has_room(patience) {
            return false;
        }
        if to.write_all(piece).is_err() {
            break;
        }
    }
    true
}

/// Something to write to that knows whether a write would wait.
pub(crate) trait Place: Write {
    /// Whether there is room for a piece now, or within `patience`.
    fn has_room(&self, patience: Duration) -> bool;
}

impl Place for Stderr {
    fn has_room(&self, patience: Duration) -> bool {
        has_room(self, patience)
    }
}

impl Place for Stdout {
    fn has_room(&self, patience: Duration) -> bool {
        has_room(self, patience)
    }
}

#[cfg(unix)]
fn has_room(to: &impl std::os::fd::AsFd, patience: Duration) -> bool {
    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    let timeout = PollTimeout::try_from(patience).unwrap_or(PollTimeout::ZERO);
    let mut asked = [PollFd::new(to.as_fd(), PollFlags::POLLOUT)];
    loop {
        match poll(&mut asked, timeout) {
            Ok(answers) => return answers > 0, // room, or an error that the write will meet at once
            Err(Errno::EINTR) => {}
            Err(_) => return true,
        }
    }
}

#[cfg(not(unix))]
fn has_room<T>(_to: &T, _patience: Duration) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    /// Room for so many bytes.
    struct Pipe {
        room: usize,
        written: Vec<u8>,
    }

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            assert!(bytes.len() <= self.room, "this write would wait for ever");
            self.room -= bytes.len();
            self.written.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Place for Pipe {
        fn has_room(&self, _patience: Duration) -> bool {
            self.room >= PIECE
        }
    }

    #[test]
    fn what_finds_no_room_is_dropped_and_counted_when_there_is_room_again() {
        let (log, mut pipe) = (
            Unread::new(),
            Pipe {
                room: PIECE + 7,
                written: Vec::new(),
            },
        );
        log.line(&mut pipe, "first");
        log.line(&mut pipe, "second");
        for _ in 0..1000 {
            log.line(&mut pipe, "lost");
        }
        pipe.room = 10 * PIECE;
        log.line(&mut pipe, "third");
        log.line(&mut pipe, "fourth");
        let text = String::from_utf8(pipe.written).unwrap();
        assert_eq!(
            text,
            "first\nsecond\n(1000 lines are missing here: nobody was reading)\nthird\nfourth\n"
        );
    }

    #[test]
    fn a_long_line_goes_piece_by_piece_and_ends_where_the_room_does() {
        let (log, mut pipe) = (
            Unread::new(),
            Pipe {
                room: 2 * PIECE,
                written: Vec::new(),
            },
        );
        log.line(&mut pipe, &"x".repeat(10 * PIECE));
        assert_eq!(pipe.written.len(), 2 * PIECE);
        assert_eq!(*log.0.lock().unwrap(), 1);
    }

    /// A real pipe, and nobody at its other end.
    #[test]
    #[cfg(unix)]
    fn a_full_pipe_has_no_room_and_an_empty_one_has() {
        let (reader, mut writer) = io::pipe().unwrap();
        assert!(has_room(&writer, Duration::ZERO));
        let mut written = 0;
        while has_room(&writer, Duration::ZERO) {
            writer.write_all(&[b'x'; PIECE]).unwrap(); // it never waits: the test would hang
            written += PIECE;
        }
        assert!(written >= PIECE, "{written}");
        drop(reader);
        assert!(
            has_room(&writer, Duration::ZERO),
            "closed: a write fails at once, which is no waiting"
        );
    }
}
