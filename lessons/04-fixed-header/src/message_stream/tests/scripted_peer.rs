//! A peer for tests that follows a script, with a clock of its own: ten seconds pass without anybody waiting for them.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use common::Timeouts;

/// No test makes so many calls.
const SPINS: usize = 100_000;

/// What the peer does next.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Sends these bytes, this long after the step before.
    Send(Duration, Vec<u8>),
    /// A signal interrupts the call, this long after the step before.
    Interrupt(Duration),
    /// The connection breaks.
    Reset,
}

/// Sends what its script says, then ends the stream, or is silent for ever.
pub(crate) struct ScriptedPeer {
    pub(crate) steps: VecDeque<Step>,
    pub(crate) silent_at_the_end: bool,
    /// How many bytes it takes in all, and how many in one write.
    pub(crate) takes: usize,
    pub(crate) at_once: usize,
    /// How long it lets every write wait before it takes something.
    pub(crate) pause_before_taking: Duration,
    /// How many writes a signal interrupts, half a second into each.
    pub(crate) interrupts: usize,
    /// It says at once that it would have to wait, as a non-blocking socket does.
    pub(crate) never_waits: bool,
    pub(crate) sent: Vec<u8>,
    pub(crate) reads: usize,
    pub(crate) writes: usize,
    pub(crate) limits_set: Cell<usize>,
    pub(crate) begun: Instant,
    pub(crate) clock: Cell<Duration>,
    /// How much of the pause before taking has passed.
    pub(crate) paused: Duration,
    pub(crate) read_limit: Cell<Option<Duration>>,
    pub(crate) write_limit: Cell<Option<Duration>>,
}

impl ScriptedPeer {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Self {
            steps: steps.into_iter().collect(),
            silent_at_the_end: false,
            takes: usize::MAX,
            at_once: usize::MAX,
            pause_before_taking: Duration::ZERO,
            interrupts: 0,
            never_waits: false,
            sent: Vec::new(),
            reads: 0,
            writes: 0,
            limits_set: Cell::new(0),
            begun: Instant::now(),
            clock: Cell::new(Duration::ZERO),
            paused: Duration::ZERO,
            read_limit: Cell::new(None),
            write_limit: Cell::new(None),
        }
    }

    /// Sends `wire` in pieces of `size` bytes, one every `pause`.
    pub(crate) fn in_pieces(wire: &[u8], size: usize, pause: Duration) -> Self {
        Self::new(
            wire.chunks(size)
                .map(|piece| Step::Send(pause, piece.to_vec())),
        )
    }

    /// The stream stays open behind the script.
    pub(crate) fn then_silent(self) -> Self {
        Self {
            silent_at_the_end: true,
            ..self
        }
    }

    /// Time since it was made, on its own clock.
    pub(crate) fn elapsed(&self) -> Duration {
        self.clock.get()
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.clock.set(self.clock.get() + time);
    }

    /// The call's time is over before anything happened.
    fn time_out(&self, limit: Option<Duration>) -> io::Error {
        if !self.never_waits {
            self.pass(limit.expect("this call would wait for ever"));
        }
        ErrorKind::WouldBlock.into()
    }
}

impl Read for ScriptedPeer {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.reads += 1;
        assert!(self.reads < SPINS, "the reader spins");
        assert!(
            !out.is_empty(),
            "a read into nothing looks like the end of the stream"
        );
        let limit = self.read_limit.get();
        let pause = match self.steps.front_mut() {
            None if self.silent_at_the_end => return Err(self.time_out(limit)),
            None => return Ok(0),
            Some(Step::Reset) => &mut Duration::ZERO.clone(),
            Some(Step::Send(pause, _) | Step::Interrupt(pause)) => pause,
        };
        if limit.is_some_and(|limit| limit < *pause) {
            *pause -= limit.unwrap_or_default();
            return Err(self.time_out(limit));
        }
        let pause = *pause;
        self.pass(pause);
        match self.steps.pop_front().unwrap() {
            Step::Reset => Err(ErrorKind::ConnectionReset.into()),
            Step::Interrupt(_) => Err(ErrorKind::Interrupted.into()),
            Step::Send(_, mut bytes) => {
                let count = bytes.len().min(out.len());
                out[..count].copy_from_slice(&bytes[..count]);
                let rest = bytes.split_off(count);
                if !rest.is_empty() {
                    self.steps.push_front(Step::Send(Duration::ZERO, rest));
                }
                Ok(count)
            }
        }
    }
}

impl Write for ScriptedPeer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writes += 1;
        assert!(self.writes < SPINS, "the writer spins");
        if self.interrupts > 0 {
            self.interrupts -= 1;
            self.pass(Duration::from_millis(500));
            return Err(ErrorKind::Interrupted.into());
        }
        let pause = self.pause_before_taking - self.paused;
        if let Some(limit) = self.write_limit.get().filter(|&limit| limit < pause) {
            self.paused += limit;
            return Err(self.time_out(Some(limit)));
        }
        self.pass(pause);
        self.paused = Duration::ZERO;
        let count = bytes.len().min(self.takes).min(self.at_once);
        if count == 0 {
            return Err(self.time_out(self.write_limit.get()));
        }
        self.sent.extend_from_slice(&bytes[..count]);
        self.takes -= count;
        if count < bytes.len() && self.takes == 0 {
            // As a socket does: it took what it could, waited for more room, and returns the count when its time is over.
            self.pass(
                self.write_limit
                    .get()
                    .expect("this write would wait for ever"),
            );
        }
        Ok(count)
    }

    fn write_vectored(&mut self, slices: &[io::IoSlice<'_>]) -> io::Result<usize> {
        let all: Vec<u8> = slices.iter().flat_map(|slice| slice.to_vec()).collect();
        self.write(&all)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Timeouts for ScriptedPeer {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        assert_ne!(left, Some(Duration::ZERO), "std refuses a timeout of zero");
        self.limits_set.set(self.limits_set.get() + 1);
        self.read_limit.set(left);
        Ok(())
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        assert_ne!(left, Some(Duration::ZERO), "std refuses a timeout of zero");
        self.limits_set.set(self.limits_set.get() + 1);
        self.write_limit.set(left);
        Ok(())
    }

    fn now(&self) -> Instant {
        self.begun + self.clock.get()
    }
}
