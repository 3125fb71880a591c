//! The recorder: hands out taps, takes what a program tells, and keeps it in the order in which it happened.

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use crate::call::Call;
use crate::caller::Caller;
use crate::datagram::DatagramTap;
use crate::event::{Event, How, Outcome, Rows};
use crate::layout::Layout;
use crate::recording::Recording;
use crate::state::{Seen, State};
use crate::tap::Tap;
use crate::turns::Shared;

/// Hands out taps and collects what they see. Cloning gives another handle to the same recording.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    shared: Option<Arc<Shared>>,
    how: How,
}

impl Recorder {
    /// Records nothing: taps pass everything through at no cost.
    #[must_use]
    pub fn off() -> Self {
        Self::default()
    }

    /// Each call is a row, reads too: for a lesson whose subject is how a stream falls into reads.
    #[must_use]
    pub fn every_call() -> Self {
        Self::on(Rows::EveryCall)
    }

    /// Each call is a row, but for reads of one tap with no row between them: they share one, and it says so.
    ///
    /// How a stream falls into reads is not ours to promise; the sum is.
    #[must_use]
    pub fn joined() -> Self {
        Self::on(Rows::JoinedReads)
    }

    /// The same, and of more than eight writes in a row one row is made, too (a file is 400 of them): for `--trace`, not for a
    /// demo.
    #[must_use]
    pub fn folded() -> Self {
        Self::on(Rows::Folded)
    }

    fn on(rows: Rows) -> Self {
        let how = How {
            rows,
            ..How::default()
        };
        let shared = Some(Arc::default());
        Self { shared, how }
    }

    /// Taps made from this handle read by turns: a read waits until the tap at the other end reads too, or has ended.
    ///
    /// With it a conversation between two threads is recorded the same every time. It is for two taps of this recorder,
    /// in two threads, that talk by turns; a wait longer than 10 s is an error of the read (`TimedOut`).
    #[must_use]
    pub fn by_turns(mut self) -> Self {
        self.how.by_turns = true;
        self
    }

    /// Taps made from this handle name the parts of what they see.
    #[must_use]
    pub fn with_layout(mut self, layout: Layout) -> Self {
        self.how.layout = Some(layout);
        self
    }

    /// Fixes lanes and their order, left to right; without it lanes stand in the order of appearance.
    #[must_use]
    pub fn with_sides(self, sides: &[&str]) -> Self {
        if let Some(shared) = &self.shared {
            for side in sides {
                shared.change(|state| state.side(side, true));
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
        Tap::new(stream, self.caller(side).tapped(None))
    }

    /// Wraps a TCP stream, and remembers both its addresses.
    ///
    /// By them the two ends of one connection find each other. With two sides and one connection they do so anyway; with
    /// three clients and a server a drawing shows which client an answer goes to.
    pub fn tcp(&self, side: &str, stream: TcpStream) -> Tap<TcpStream> {
        let ends = self.shared.as_ref().and_then(|_| addresses(&stream));
        Tap::new(stream, self.caller(side).tapped(ends))
    }

    /// Wraps the datagram socket of one side.
    pub fn datagram<S>(&self, side: &str, socket: S) -> DatagramTap<S> {
        DatagramTap::new(socket, self.caller(side).tapped(None))
    }

    /// What a side did besides calling the socket: `saved hello.txt`.
    pub fn note(&self, side: &str, text: impl Into<String>) {
        let note = |event: &mut Event| event.note = text.into();
        self.caller(side)
            .record(Call::Note, Outcome::Done, &[], 0, note);
    }

    /// A heading over what follows, which begins a new block. It is no call: it gets no row and no number.
    pub fn title(&self, text: &str) {
        if let Some(shared) = &self.shared {
            shared.change(|state| {
                state.next_turn();
                let mut title = Event::new(0, 0, Call::Title, self.how);
                text.clone_into(&mut title.note);
                state.push(title)
            });
        }
    }

    /// A call that a tap cannot see.
    ///
    /// Say it *before* a call by which something leaves (connect, shutdown, close), *after* one that waits for the other
    /// side (accept). [`Recorder::calling`] does both by itself.
    pub fn call(&self, side: &str, call: Call) {
        self.caller(side)
            .record(call, Outcome::Done, &[], 0, |_| {});
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
        let caller = self.caller(side);
        if !call.arrives() {
            return caller.leave(call, &[], |_| 0, make);
        }
        let result = make();
        caller.record(call, Outcome::of(&result), &[], 0, |_| {});
        result
    }

    /// Waits until a side has made `calls` calls of this kind: for one known call of another thread, which no read waits
    /// for (a close, a note). Conversations go by turns.
    ///
    /// # Errors
    /// It was not made within 10 s.
    pub fn until(&self, side: &str, call: Call, calls: u64) -> io::Result<()> {
        match &self.shared {
            Some(shared) => shared.until(side, call, calls),
            None => Ok(()),
        }
    }

    /// A new block begins here, and nothing joins what was done before.
    pub fn turn(&self) {
        if let Some(shared) = &self.shared {
            shared.change(State::next_turn);
        }
    }

    /// What has been recorded so far.
    #[must_use]
    pub fn recording(&self) -> Recording {
        self.recorded(|state| state.seen.clone())
    }

    /// What has been recorded so far; the recorder begins anew.
    #[must_use]
    pub fn take(&self) -> Recording {
        self.recorded(State::take)
    }

    fn recorded(&self, look: impl FnOnce(&mut State) -> Seen) -> Recording {
        let seen = self.shared.as_ref().map(|shared| shared.change(look));
        Recording(seen.unwrap_or_default())
    }

    fn caller(&self, side: &str) -> Caller {
        Caller::new(self.shared.clone(), self.how, side)
    }
}

/// A connection that was reset meanwhile has none.
fn addresses(stream: &TcpStream) -> Option<(SocketAddr, SocketAddr)> {
    Some((stream.local_addr().ok()?, stream.peer_addr().ok()?))
}

#[cfg(test)]
mod tests;
