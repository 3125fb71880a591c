//! From events to rows: what both drawings say, without knowing how they say it.

use crate::blocks;
use crate::bytes::{fitted, grouped, plain};
use crate::call::Call;
use crate::event::{Event, Outcome};
use crate::lines::{Line, lines};
use crate::pairing::{Pairing, pair};
use crate::recording::Recording;
use crate::streams::acting_tap;
use crate::words::{amount_of, ended};

/// The name over a lane gets at most so many columns.
const NAME: usize = 16;

/// A ladder, ready to be drawn.
pub(crate) struct Ladder {
    pub(crate) sides: Vec<String>,
    pub(crate) rows: Vec<Row>,
    pub(crate) more: u64,
}

/// One event.
pub(crate) struct Row {
    pub(crate) number: usize,
    /// Its lane.
    pub(crate) side: usize,
    /// `write`, `read(1,024)`; empty for a note.
    pub(crate) call: String,
    /// `35 bytes`, or nothing.
    pub(crate) amount: String,
    pub(crate) arrow: Arrow,
    /// Whether a new block begins here.
    pub(crate) begins_block: bool,
    /// What stands behind the lanes; may be nothing.
    pub(crate) lines: Vec<Line>,
}

/// Where something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrow {
    /// Nothing leaves.
    None,
    /// To this lane.
    To(usize),
    /// To a side that is not in the picture, or not known.
    Out,
}

/// The rows of a recording.
pub(crate) fn ladder(recording: &Recording) -> Ladder {
    let shown = recording.shown();
    // Lanes that did nothing are left out: the others move to the left.
    let lane = |side: usize| shown.iter().take(side).filter(|shown| **shown).count();
    let drawn = recording
        .sides
        .iter()
        .zip(&shown)
        .filter(|(_, shown)| **shown);
    let sides: Vec<String> = drawn
        .map(|(side, _)| fitted(&plain(&side.name), NAME))
        .collect();
    let events = recording.events.as_slice();
    let pairing = pair(recording);
    let begins = blocks::begins(events, sides.len());
    let rows = events.iter().enumerate().map(|(at, event)| {
        let fin = sends_fin(events, at);
        Row {
            number: at + 1,
            side: lane(event.side),
            call: call(event, recording.joined),
            amount: amount_of(event),
            arrow: match arrow(event, at, fin, &pairing) {
                Arrow::To(side) => Arrow::To(lane(side)),
                other => other,
            },
            begins_block: begins.get(at).copied().unwrap_or(false),
            lines: lines(event, pairing.all_of.get(at).copied().flatten(), fin),
        }
    });
    let rows = rows.collect();
    Ladder {
        sides,
        rows,
        more: recording.more,
    }
}

fn call(event: &Event, joined: bool) -> String {
    match event.call {
        Call::Note => String::new(),
        // How much was asked for is certain only where each call stands for itself.
        Call::Read | Call::Receive if !joined => {
            format!("{}({})", event.call.name(), grouped(event.asked))
        }
        call => plain(call.name()),
    }
}

fn arrow(event: &Event, at: usize, fin: bool, pairing: &Pairing) -> Arrow {
    let failed = matches!(event.outcome, Outcome::Failed(_));
    let goes = match event.call {
        Call::Close => fin,
        // What failed sent nothing; a connect that was refused had asked.
        Call::Connect => true,
        call => call.leaves() && !(failed && event.given == 0),
    };
    match pairing.peers.get(at).copied().flatten() {
        _ if !goes => Arrow::None,
        Some(peer) if peer != event.side => Arrow::To(peer),
        _ => Arrow::Out,
    }
}

/// Whether a close sends a FIN: a second one is never sent, a connection that was torn down has none left, and a
/// datagram socket has none at all.
fn sends_fin(events: &[Event], at: usize) -> bool {
    let Some(event) = events.get(at).filter(|event| event.call == Call::Close) else {
        return false;
    };
    let tap = acting_tap(events, at);
    let before = events.iter().enumerate().take(at).rev();
    let mut own =
        before.filter(|(at, earlier)| earlier.side == event.side && acting_tap(events, *at) == tap);
    !own.any(|(_, earlier)| {
        ended(earlier) || earlier.call.ends() || matches!(earlier.call, Call::Send | Call::Receive)
    })
}
