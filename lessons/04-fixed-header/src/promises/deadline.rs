//! The promise: a call waits until an absolute deadline and not a moment longer.
//!
//! A timeout per call is no deadline. A peer that sends one byte every nine seconds never meets a timeout of ten, and
//! holds a message open for ever. So each call gets what is *left* until one fixed moment.
//!
//! The price: a system call (`setsockopt`) whenever what is left has changed, and a clock that is looked at before each
//! read and write.
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

/// How an error about a missed deadline begins; the seconds follow.
pub(crate) const FIRST_BYTE: &str = "silent for";
pub(crate) const WHOLE_MESSAGE: &str = "a message was not whole after";
pub(crate) const PROGRESS: &str = "no progress for";
pub(crate) const ANSWER: &str = "no answer in";

/// A moment on the stream's clock.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    at: Instant,
    pub(crate) allowed: Duration,
    words: &'static str,
}

impl Deadline {
    /// What is left, `None` when nothing is (std refuses a timeout of zero).
    fn left(&self, now: Instant) -> Option<Duration> {
        Some(self.at.saturating_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// The error for a deadline that has passed.
    pub fn missed(&self) -> io::Error {
        let seconds = self.allowed.as_secs_f64();
        io::Error::new(ErrorKind::TimedOut, format!("{} {seconds} s", self.words))
    }
}

/// A stream, and the timeouts it has now.
pub struct DeadlineStream<S> {
    /// The stream itself. Its timeouts belong to this type.
    pub stream: S,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
}

impl<S> DeadlineStream<S> {
    /// A stream whose timeouts nobody else sets.
    pub fn new(stream: S) -> Self {
        Self {
            stream,
            read_timeout: None,
            write_timeout: None,
        }
    }
}

impl<S: Read + Write + Timeouts> DeadlineStream<S> {
    /// A deadline `allowed` from now. The error of one that is missed begins with `words`; the seconds follow.
    pub fn deadline(&self, allowed: Duration, words: &'static str) -> Deadline {
        let allowed = allowed.min(YEAR);
        Deadline {
            at: self.stream.now() + allowed,
            allowed,
            words,
        }
    }

    /// One read before the deadline. `Ok(0)`: the stream has ended.
    ///
    /// # Errors
    /// `TimedOut` when it is missed; those of the stream.
    pub fn read(&mut self, out: &mut [u8], deadline: Deadline) -> io::Result<usize> {
        while let Some(left) = deadline.left(self.stream.now()) {
            let timeout = in_grains(left);
            if self.read_timeout != Some(timeout) {
                self.stream.set_read_timeout(Some(timeout))?;
                self.read_timeout = Some(timeout);
            }
            match self.stream.read(out) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {} // a signal: ask again
                Err(error) if timed_out(&error) => break,
                done => return done,
            }
        }
        Err(deadline.missed())
    }

    /// Writes all of it, as long as the peer goes on taking bytes.
    ///
    /// # Errors
    /// `TimedOut` after `allowed` without a byte taken; those of the stream.
    pub fn write_all(
        &mut self,
        mut slices: &mut [IoSlice<'_>],
        allowed: Duration,
    ) -> io::Result<()> {
        IoSlice::advance_slices(&mut slices, 0); // drops empty ones at the front
        while !slices.is_empty() {
            let taken = self.write(slices, self.deadline(allowed, PROGRESS))?;
            if taken == 0 {
                return Err(ErrorKind::WriteZero.into());
            }
            let all = slices.iter().map(|slice| slice.len()).sum();
            IoSlice::advance_slices(&mut slices, taken.min(all));
        }
        Ok(())
    }

    /// One write that took something before the deadline.
    fn write(&mut self, slices: &[IoSlice<'_>], deadline: Deadline) -> io::Result<usize> {
        let step = (deadline.allowed / STEPS).max(Duration::from_millis(1));
        let mut steps = 0;
        // The clock ends a wait that signals keep interrupting; the count ends a stream that never waits.
        while steps < STEPS && deadline.left(self.stream.now()).is_some() {
            if self.write_timeout != Some(step) {
                self.stream.set_write_timeout(Some(step))?;
                self.write_timeout = Some(step);
            }
            let result = match slices {
                [one] => self.stream.write(one),
                many => self.stream.write_vectored(many),
            };
            match result {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if timed_out(&error) => steps += 1,
                done => return done,
            }
        }
        Err(deadline.missed())
    }
}

/// `left` as a whole number of grains, rounded up: never early, never zero.
fn in_grains(left: Duration) -> Duration {
    let grains = left.as_nanos().div_ceil(GRAIN.as_nanos());
    GRAIN * u32::try_from(grains).unwrap_or(u32::MAX) // a year has 3,153,600,000 grains, u32::MAX is more
}

/// A timeout set through [`Timeouts`] has passed. (On Unix `TimedOut` is something else: the kernel gave the connection up.)
fn timed_out(error: &io::Error) -> bool {
    error.kind() == ErrorKind::WouldBlock || (cfg!(windows) && error.kind() == ErrorKind::TimedOut)
}
