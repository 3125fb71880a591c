//! The recorder: takes events from several threads and gives them an order that does not depend on luck.
//!
//! A call by which something leaves (connect, write, close, ...) takes its place **before** the system call and is filled
//! in afterwards; a call by which something arrives (accept, read, ...) is recorded when it has come back. So a read
//! never stands before the write that fed it, however the threads were scheduled. What is left to luck (did the server
//! close before the client had read the answer?) `order.rs` puts in order when a joined recording is drawn.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::call::Call;
use crate::caller::Caller;
use crate::datagram::DatagramTap;
use crate::event::Outcome;
use crate::layout::Layout;
use crate::recording::Recording;
use crate::state::{New, State};
use crate::tap::Tap;

/// Hands out taps and collects what they see. Cloning gives another handle to the same recording.
#[derive(Debug, Clone)]
pub struct Recorder {
    shared: Option<Arc<Mutex<State>>>,
    joined: bool,
    layout: Option<Layout>,
}

impl Recorder {
    /// Records nothing: taps pass everything through at no cost.
    #[must_use]
    pub fn off() -> Self {
        Self {
            shared: None,
            joined: false,
            layout: None,
        }
    }

    /// Each call is an event of its own, in the order in which the calls were seen.
    ///
    /// For this to be the same every time, the program itself has to move its ends by turns.
    #[must_use]
    pub fn every_call() -> Self {
        Self {
            shared: Some(Arc::default()),
            joined: false,
            layout: None,
        }
    }

    /// Consecutive reads (or writes) of one tap are one event with the sum, until its thread does something else.
    ///
    /// How a stream falls into reads is not ours to promise; the sum is. The drawing shows what follows from what; of two
    /// events that could as well have happened the other way round, it always shows the same one first.
    #[must_use]
    pub fn joined() -> Self {
        Self {
            joined: true,
            ..Self::every_call()
        }
    }

    /// Taps made from this handle name the parts of what they see.
    #[must_use]
    pub fn with_layout(self, layout: Layout) -> Self {
        Self {
            layout: Some(layout),
            ..self
        }
    }

    /// Fixes lanes and their order, left to right; without it lanes stand in the order of appearance.
    #[must_use]
    pub fn with_sides(self, sides: &[&str]) -> Self {
        if let Some(mut state) = self.lock() {
            for side in sides {
                state.fixed_side(side);
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
        Tap::new(stream, Caller::new(self, side, None))
    }

    /// Wraps a TCP stream, and remembers both its addresses.
    ///
    /// By them a drawing finds the two ends of one connection. With two sides it knows them anyway; with three clients
    /// and a server it shows which client an answer goes to.
    pub fn tcp(&self, side: &str, stream: TcpStream) -> Tap<TcpStream> {
        let ends = if self.is_on() {
            addresses(&stream)
        } else {
            None
        };
        Tap::new(stream, Caller::new(self, side, ends))
    }

    /// Wraps the datagram socket of one side.
    pub fn datagram<S>(&self, side: &str, socket: S) -> DatagramTap<S> {
        DatagramTap::new(socket, Caller::new(self, side, None))
    }

    /// What a side did besides calling the socket: `saved hello.txt`.
    pub fn note(&self, side: &str, text: impl Into<String>) {
        if let Some(mut state) = self.lock() {
            let side = state.side(side);
            let place = state.place(&self.told(side, Call::Note));
            if let Some(event) = state.event(place) {
                event.note = text.into();
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
            let place = state.place(&self.told(side, call));
            if let Some(event) = state.event(place) {
                event.calls = 1;
                event.outcome = Outcome::Done;
            }
        }
    }

    /// Makes a call that a tap cannot see, and records it with its result, in its right place.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn calling<T>(
        &self,
        side: &str,
        call: Call,
        make: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<T> {
        let reserve = || {
            let mut state = self.lock()?;
            let side = state.side(side);
            state.place(&self.told(side, call))
        };
        let place = if call.arrives() { None } else { reserve() };
        let result = make();
        let place = if call.arrives() { reserve() } else { place };
        if let Some(mut state) = self.lock()
            && let Some(event) = state.event(place)
        {
            event.calls = 1;
            event.outcome = Outcome::of(&result);
        }
        result
    }

    /// Everything so far happened before everything that follows: a new block begins here.
    ///
    /// The recorder knows what one thread did in which order, and which read waited for which write. Say `turn` where it
    /// cannot know: after a thread was joined, after one thread told another to go on.
    pub fn turn(&self) {
        if let Some(mut state) = self.lock() {
            state.next_turn();
        }
    }

    /// What has been recorded so far.
    #[must_use]
    pub fn recording(&self) -> Recording {
        let seen = self.lock().map(|state| state.recording(self.joined));
        seen.unwrap_or_default().settled()
    }

    /// What has been recorded so far; the recorder begins anew.
    #[must_use]
    pub fn take(&self) -> Recording {
        let seen = self.lock().map(|mut state| {
            let seen = state.recording(self.joined);
            state.clear();
            seen
        });
        seen.unwrap_or_default().settled()
    }

    pub(crate) fn joins(&self) -> bool {
        self.joined
    }

    pub(crate) fn layout(&self) -> Option<Layout> {
        self.layout
    }

    pub(crate) fn lock(&self) -> Option<MutexGuard<'_, State>> {
        // A thread that panicked while it recorded leaves whole events behind: go on with them.
        self.shared
            .as_ref()
            .map(|shared| shared.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A call or a note that the program tells.
    fn told(&self, side: usize, call: Call) -> New {
        New {
            side,
            tap: 0,
            call,
            layout: None,
            joins: false,
        }
    }
}

/// A connection that is gone already has none.
fn addresses(stream: &TcpStream) -> Option<(SocketAddr, SocketAddr)> {
    Some((stream.local_addr().ok()?, stream.peer_addr().ok()?))
}
