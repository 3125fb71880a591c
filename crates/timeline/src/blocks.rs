//! Where one exchange ends and the next begins: there the drawings leave a gap, and `--pause` waits.
//!
//! The side that asks decides. It was answered (or has connected) and goes on to send: a new exchange. Several clients
//! that send at the same time begin one block together. A server alone in the picture is seen from the other end: each
//! new thing that arrives after an answer begins a block.

use crate::call::Call;
use crate::event::{Event, Outcome};

/// For each event whether it begins a block.
pub(crate) fn begins(events: &[Event], sides: usize) -> Vec<bool> {
    let mut out = Vec::new();
    let mut last: Option<(&Event, bool)> = None;
    for (at, event) in events.iter().enumerate() {
        let asks = asks(events, at, sides);
        let begins = last.is_some_and(|(last, others_ask)| {
            event.turn != last.turn || asks && !(others_ask && last.side != event.side)
        });
        out.push(begins);
        // A note does not part those who ask together.
        let asks = if event.call == Call::Note {
            last.is_some_and(|(_, asked)| asked)
        } else {
            asks
        };
        last = Some((event, asks));
    }
    out
}

/// Whether this event opens an exchange, as far as its side knows.
fn asks(events: &[Event], at: usize, sides: usize) -> bool {
    let Some((event, before)) = events.get(at).zip(events.get(..at)) else {
        return false;
    };
    if event.call == Call::Connect {
        // Connections that are made one after the other stay together, and so does one that is tried again.
        let mut last = before.iter().rev().filter(|last| last.call != Call::Note);
        let last = last.next().map(|last| last.call);
        return last.is_some_and(|last| !matches!(last, Call::Connect | Call::Accept));
    }
    let moves = |call: Call| call.leaves() || call.arrives();
    let own = |earlier: &&Event| earlier.side == event.side && moves(earlier.call);
    let mut own = before.iter().filter(own);
    let Some(first) = own.next() else {
        return false;
    };
    let last = own.next_back().unwrap_or(first);
    if first.call.leaves() {
        // Closing because the other side has closed belongs to the exchange that ends.
        let follows = event.call.ends() && last.outcome == Outcome::End;
        let was_answered = last.call.arrives() || last.call == Call::Connect;
        return event.call.leaves() && was_answered && !follows;
    }
    sides == 1 && event.call.arrives() && (last.call.leaves() || last.call == Call::Accept)
}
