//! A stream with patience: every call waits until an absolute deadline and not a moment longer.
//!
//! A timeout per call is no deadline. A peer that sends one byte every nine seconds never meets a timeout of ten, and
//! holds a message open for ever. So each call gets what is *left* until one fixed moment.
//!
//! This file knows calls, clocks and interruptions. It does not know what the bytes mean.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::time::{Duration, Instant};

use common::Timeouts;

/// Timeouts are rounded up to this. A fresh deadline of ten seconds then asks for the very timeout that the last one
/// set, and setting it again (a system call for each read) is not needed.
const GRAIN: Duration = Duration::from_millis(10);

/// A write waits in this many steps. One write may take some bytes at once, wait, and return their count when its time
/// is over; when the last byte was taken it does not say. With short steps we know it to a tenth.
const STEPS: u32 = 10;

/// No deadline is farther away than a year, so that adding it to the clock cannot overflow.
const YEAR: Duration = Duration::from_secs(31_536_000);

/// What a deadline is for: it becomes the sentence in the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wait {
    /// For the first byte of a message.
    FirstByte,
    /// For the last byte of a message.
    WholeMessage,
    /// For any byte to move.
    Progress,
}

/// A moment on the stream's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Deadline {
    at: Instant,
    allowed: Duration,
    wait: Wait,
}

impl Deadline {
    /// What is left, `None` when nothing is (std refuses a timeout of zero).
    fn left(&self, now: Instant) -> Option<Duration> {
        Some(self.at.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// The error for a deadline that has passed.
    pub(crate) fn missed(&self) -> io::Error {
        let seconds = self.allowed.as_secs_f64();
        let what = match self.wait {
            Wait::FirstByte => format!("silent for {seconds} s"),
            Wait::WholeMessage => format!("a message was not whole after {seconds} s"),
            Wait::Progress => format!("no progress for {seconds} s"),
        };
        io::Error::new(ErrorKind::TimedOut, what)
    }
}

/// A stream, and the timeouts it has now.
pub(crate) struct Patient<S> {
    pub(crate) stream: S,
    read_limit: Option<Duration>,
    write_limit: Option<Duration>,
}

impl<S> Patient<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self {
            stream,
            read_limit: None,
            write_limit: None,
        }
    }

    /// The stream, for somebody who may set other timeouts: those we set count as forgotten.
    pub(crate) fn stream_mut(&mut self) -> &mut S {
        (self.read_limit, self.write_limit) = (None, None);
        &mut self.stream
    }
}

impl<S: Timeouts> Patient<S> {
    /// A deadline `allowed` from now.
    pub(crate) fn deadline(&self, allowed: Duration, wait: Wait) -> Deadline {
        Deadline {
            at: self.stream.now() + allowed.min(YEAR),
            allowed,
            wait,
        }
    }
}

impl<S: Read + Timeouts> Patient<S> {
    /// One read before the deadline. `Ok(None)`: the time is over. `Ok(Some(0))`: the stream has ended.
    pub(crate) fn read(
        &mut self,
        out: &mut [u8],
        deadline: &Deadline,
    ) -> io::Result<Option<usize>> {
        loop {
            let Some(left) = deadline.left(self.stream.now()) else {
                return Ok(None);
            };
            let limit = in_grains(left);
            if self.read_limit != Some(limit) {
                self.stream.set_read_timeout(Some(limit))?;
                self.read_limit = Some(limit);
            }
            match self.stream.read(out) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {} // a signal: ask again
                Err(error) if is_timeout(&error) => return Ok(None),
                done => return done.map(Some),
            }
        }
    }
}

impl<S: Write + Timeouts> Patient<S> {
    /// Writes all of it, as long as the peer goes on taking bytes: `progress` without one is `TimedOut`.
    pub(crate) fn write_all(
        &mut self,
        mut bytes: &mut [IoSlice<'_>],
        progress: Duration,
    ) -> io::Result<()> {
        IoSlice::advance_slices(&mut bytes, 0); // drops empty ones at the front
        while !bytes.is_empty() {
            let deadline = self.deadline(progress, Wait::Progress);
            match self.write(bytes, &deadline)? {
                None => return Err(deadline.missed()),
                Some(0) => return Err(ErrorKind::WriteZero.into()),
                Some(taken) => {
                    let all = bytes.iter().map(|slice| slice.len()).sum();
                    IoSlice::advance_slices(&mut bytes, taken.min(all));
                }
            }
        }
        Ok(())
    }

    /// One write that took something, or `Ok(None)` when the deadline has passed.
    fn write(&mut self, bytes: &[IoSlice<'_>], deadline: &Deadline) -> io::Result<Option<usize>> {
        let step = (deadline.allowed.min(YEAR) / STEPS).max(Duration::from_millis(1));
        let mut steps = 0;
        // The clock ends a wait that signals keep interrupting; the count ends a stream that never waits.
        while steps < STEPS && deadline.left(self.stream.now()).is_some() {
            if self.write_limit != Some(step) {
                self.stream.set_write_timeout(Some(step))?;
                self.write_limit = Some(step);
            }
            let result = match bytes {
                [one] => self.stream.write(one),
                many => self.stream.write_vectored(many),
            };
            match result {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_timeout(&error) => steps += 1,
                done => return done.map(Some),
            }
        }
        Ok(None)
    }
}

/// `left` as a whole number of grains, rounded up: never early, never zero.
fn in_grains(left: Duration) -> Duration {
    let grains = left.as_nanos().div_ceil(GRAIN.as_nanos());
    GRAIN * u32::try_from(grains).unwrap_or(u32::MAX) // a year has 3,153,600,000 grains, u32::MAX is more
}

/// A limit set through [`Timeouts`] has passed. (On Unix `TimedOut` is something else: the kernel gave the connection up.)
fn is_timeout(error: &io::Error) -> bool {
    error.kind() == ErrorKind::WouldBlock || (cfg!(windows) && error.kind() == ErrorKind::TimedOut)
}
