//! The recorder: takes events from several threads and keeps them in an order that does not depend on luck.
//!
//! A call by which something leaves (connect, write, close, ...) takes its place **before** the system call and is filled
//! in afterwards; a call by which something arrives (accept, read, ...) is recorded when it has come back. So a read
//! never stands before the write that fed it, however the threads were scheduled.
//!
//! Memory is bounded: 1,000 events of at most 288 bytes each; what comes later is counted only.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};

use crate::datagram::DatagramTap;
use crate::event::{Call, Event, Outcome};
use crate::layout::Layout;
use crate::recording::Recording;
use crate::tap::Tap;

/// At most so many events are kept; the others are counted.
pub(crate) const KEPT: usize = 1000;

/// Hands out taps and collects what they see. Cloning gives another handle to the same recording.
#[derive(Debug, Clone)]
pub struct Recorder {
    shared: Option<Arc<Mutex<State>>>,
    joined: bool,
    layout: Option<Layout>,
}

#[derive(Debug, Default)]
struct State {
    sides: Vec<String>,
    events: Vec<Event>,
    /// Events that were not kept.
    more: u64,
    /// For each side and thread what it did last: only that can be continued.
    runs: Vec<Run>,
    taps: u32,
    turn: u32,
}

#[derive(Debug)]
struct Run {
    side: usize,
    thread: ThreadId,
    tap: u32,
    call: Call,
    /// Whether another call of this kind may join.
    open: bool,
    /// Where the event is, if it was kept.
    at: Option<usize>,
}

/// Who makes a call: what a tap knows about itself.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) recorder: Recorder,
    side: usize,
    tap: u32,
    facing: Option<usize>,
}

impl Recorder {
    /// Records nothing: taps pass everything through at no cost.
    #[must_use]
    pub fn off() -> Self {
        Self { shared: None, joined: false, layout: None }
    }

    /// Each call is an event of its own.
    #[must_use]
    pub fn every_call() -> Self {
        Self { shared: Some(Arc::default()), joined: false, layout: None }
    }

    /// Consecutive reads (or writes) of one side are one event with the sum.
    ///
    /// How a stream falls into reads is not ours to promise; the sum is.
    #[must_use]
    pub fn joined() -> Self {
        Self { joined: true, ..Self::every_call() }
    }

    /// Taps made from this handle name the parts of what they see.
    #[must_use]
    pub fn with_layout(self, layout: Layout) -> Self {
        Self { layout: Some(layout), ..self }
    }

    /// Fixes the order of the lanes, left to right; without it the order is that of appearance.
    #[must_use]
    pub fn with_sides(self, sides: &[&str]) -> Self {
        if let Some(mut state) = self.lock() {
            for side in sides {
                state.side(side);
            }
        }
        self
    }

    /// Whether anything is recorded.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.shared.is_some()
    }

    /// Wraps the stream of one side.
    pub fn stream<S>(&self, side: &str, stream: S) -> Tap<S> {
        Tap::new(stream, self.caller(side))
    }

    /// Wraps the datagram socket of one side.
    pub fn datagram<S>(&self, side: &str, socket: S) -> DatagramTap<S> {
        DatagramTap::new(socket, self.caller(side))
    }

    /// What a side did besides calling the socket: `saved hello.txt`.
    pub fn note(&self, side: &str, text: impl Into<String>) {
        if let Some(mut state) = self.lock() {
            let text = text.into();
            let side = state.side(side);
            if let Some(event) = state.add(self, side, 0, None, Call::Note, false) {
                event.note = text;
                event.outcome = Outcome::Done;
            }
        }
    }

    /// A call that a tap cannot see.
    ///
    /// Say it *before* a call by which something leaves (connect, shutdown, close), *after* one that waits for the other
    /// side (accept). [`Recorder::calling`] does both by itself.
    pub fn call(&self, side: &str, call: Call) {
        if let Some(mut state) = self.lock() {
            let side = state.side(side);
            if let Some(event) = state.add(self, side, 0, None, call, false) {
                event.outcome = Outcome::Done;
            }
        }
    }

    /// Makes a call that a tap cannot see, and records it with its result, in its right place.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn calling<T>(&self, side: &str, call: Call, make: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        if !self.is_on() {
            return make();
        }
        let caller = Caller { tap: 0, ..self.caller(side) };
        let place = if call.arrives() { None } else { caller.reserve(call, 0) };
        let result = make();
        let outcome = match &result {
            Ok(_) => Outcome::Done,
            Err(error) => Outcome::Failed(error.kind()),
        };
        let place = place.or_else(|| caller.reserve(call, 0));
        caller.fill(place, outcome, &[]);
        result
    }

    /// Everything so far happened before everything that follows: the drawing begins a new block here.
    pub fn turn(&self) {
        if let Some(mut state) = self.lock() {
            state.turn += 1;
            state.runs.clear();
        }
    }

    /// What has been recorded so far.
    #[must_use]
    pub fn recording(&self) -> Recording {
        match self.lock() {
            Some(state) => Recording::new(state.sides.clone(), state.events.clone(), state.more, self.joined),
            None => Recording::default(),
        }
    }

    /// What has been recorded so far; the recorder begins anew.
    #[must_use]
    pub fn take(&self) -> Recording {
        match self.lock() {
            Some(mut state) => {
                state.runs.clear();
                let (events, more) = (std::mem::take(&mut state.events), std::mem::take(&mut state.more));
                Recording::new(state.sides.clone(), events, more, self.joined)
            }
            None => Recording::default(),
        }
    }

    fn caller(&self, side: &str) -> Caller {
        let (side, tap) = match self.lock() {
            Some(mut state) => {
                state.taps += 1;
                (state.side(side), state.taps)
            }
            None => (0, 0),
        };
        Caller { recorder: self.clone(), side, tap, facing: None }
    }

    fn lock(&self) -> Option<MutexGuard<'_, State>> {
        // A thread that panicked while it recorded leaves whole events behind: go on with them.
        self.shared.as_ref().map(|shared| shared.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Caller {
    pub(crate) fn is_on(&self) -> bool {
        self.recorder.is_on()
    }

    /// Whether the next event is still kept: what only serves the drawing can be spared otherwise.
    pub(crate) fn is_kept(&self) -> bool {
        self.recorder.lock().is_some_and(|state| state.events.len() < KEPT)
    }

    pub(crate) fn face(&mut self, side: &str) {
        self.facing = self.recorder.lock().map(|mut state| state.side(side));
    }

    /// Takes a place in the order for a call of `asked` bytes; [`Caller::fill`] completes it.
    pub(crate) fn reserve(&self, call: Call, asked: usize) -> Option<usize> {
        let mut state = self.recorder.lock()?;
        let joins = self.recorder.joined && matches!(call, Call::Read | Call::Write);
        let event = state.add(&self.recorder, self.side, self.tap, self.facing, call, joins)?;
        event.asked += asked as u64;
        event.calls += 1;
        Some(state.place(self.side))
    }

    /// Completes a reserved call with its result and the bytes that moved.
    pub(crate) fn fill(&self, place: Option<usize>, outcome: Outcome, pieces: &[&[u8]]) {
        let Some(place) = place else { return };
        let Some(mut state) = self.recorder.lock() else { return };
        if let Some(event) = state.events.get_mut(place) {
            event.outcome = outcome;
            event.add_bytes(pieces);
        }
        if outcome != Outcome::Done && outcome != Outcome::Failed(io::ErrorKind::Interrupted) {
            state.close_run(self.side);
        }
    }

    /// Records a call that has come back.
    pub(crate) fn record(&self, call: Call, asked: usize, outcome: Outcome, pieces: &[&[u8]]) {
        // A call that was interrupted by a signal moved nothing and is made again.
        if outcome == Outcome::Failed(io::ErrorKind::Interrupted) {
            return;
        }
        if outcome != Outcome::Done
            && let Some(mut state) = self.recorder.lock()
        {
            state.close_run(self.side);
        }
        let place = self.reserve(call, asked);
        self.fill(place, outcome, pieces);
    }

    pub(crate) fn cut(&self, place: Option<usize>, true_size: usize) {
        let Some(mut state) = self.recorder.lock() else { return };
        if let Some(event) = place.and_then(|place| state.events.get_mut(place)) {
            event.cut_from = Some(true_size as u64);
        }
    }
}

impl State {
    /// The number of a side; a new name gets the next lane.
    fn side(&mut self, name: &str) -> usize {
        if let Some(side) = self.sides.iter().position(|known| known == name) {
            return side;
        }
        self.sides.push(name.to_owned());
        self.sides.len() - 1
    }

    /// The event for a call: the open run of this tap when the call `joins`, otherwise a new one. `None`: not kept.
    fn add(
        &mut self,
        recorder: &Recorder,
        side: usize,
        tap: u32,
        facing: Option<usize>,
        call: Call,
        joins: bool,
    ) -> Option<&mut Event> {
        let thread = thread::current().id();
        let known = self.runs.iter().position(|run| run.side == side && run.thread == thread);
        let run = known.and_then(|known| self.runs.get(known));
        if joins
            && let Some(run) = run
            && run.open
            && run.tap == tap
            && run.call == call
        {
            return run.at.and_then(|at| self.events.get_mut(at));
        }
        let at = (self.events.len() < KEPT).then_some(self.events.len());
        if let Some(known) = known {
            self.runs.swap_remove(known);
        }
        self.runs.push(Run { side, thread, tap, call, open: joins, at });
        if at.is_none() {
            self.more += 1;
            return None;
        }
        self.events.push(Event {
            side,
            call,
            asked: 0,
            given: 0,
            calls: 0,
            outcome: Outcome::Pending,
            first: Vec::new(),
            last: Vec::new(),
            cut_from: None,
            note: String::new(),
            layout: recorder.layout,
            facing,
            turn: self.turn,
        });
        self.events.last_mut()
    }

    /// Where the last event of this side and thread is.
    fn place(&self, side: usize) -> usize {
        let thread = thread::current().id();
        let run = self.runs.iter().find(|run| run.side == side && run.thread == thread);
        run.and_then(|run| run.at).unwrap_or(usize::MAX)
    }

    /// Nothing joins what this side and thread did last.
    fn close_run(&mut self, side: usize) {
        let thread = thread::current().id();
        for run in self.runs.iter_mut().filter(|run| run.side == side && run.thread == thread) {
            run.open = false;
        }
    }
}
