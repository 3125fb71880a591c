//! Who talks to whom, and which read had to wait for which write.
//!
//! A recording knows taps, not connections. Two taps are the two ends of one connection when their addresses say so, or
//! else, between the same two sides, when each is the n-th. What one end read at byte 100 was then written at byte 100 by
//! the other: the read had to wait for that write.
//!
//! Where the ends cannot be found, nothing is guessed: the read counts as waiting for everything seen before it.

use crate::call::Call;
use crate::ends::Ends;
use crate::event::{Event, Outcome};
use crate::recording::Recording;
use crate::streams::Streams;

/// What [`pair`] found; each list has one entry for each event.
pub(crate) struct Pairing {
    /// The side at the other end.
    pub(crate) peers: Vec<Option<usize>>,
    pub(crate) needs: Vec<Need>,
    /// The connect or accept that made the stream, for the first event of its tap.
    pub(crate) opened: Vec<Option<usize>>,
    /// The one write of which this read got exactly all.
    pub(crate) all_of: Vec<Option<usize>>,
}

/// What had to be done by other sides before an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Nothing,
    /// This event.
    Event(usize),
    /// So many connects.
    Connects(usize),
    /// Not known: whatever left the other sides and was seen before.
    AllBefore,
}

pub(crate) fn pair(recording: &Recording) -> Pairing {
    let events = recording.events.as_slice();
    let ends = Ends::find(recording);
    let peers: Vec<Option<usize>> = events.iter().map(|event| ends.peer(event)).collect();
    let streams = Streams::follow(events, &ends);
    let mut sends_taken = vec![false; events.len()];
    let mut accepts = vec![0; recording.sides.len()];
    let mut needs = Vec::new();
    let mut all_of = Vec::new();
    for (at, event) in events.iter().enumerate() {
        let mut whole = None;
        let need = match event.call {
            Call::Accept => {
                let count = accepts.get_mut(event.side).map_or(0, |count| {
                    *count += 1;
                    *count
                });
                Need::Connects(count)
            }
            Call::Read => {
                whole = streams
                    .all_of(at)
                    .filter(|write| events.get(*write).is_some_and(|write| write.shows(event)));
                streams.need(at, event)
            }
            Call::Write => streams.need(at, event),
            Call::Receive => {
                whole = match_send(events, &peers, at, &mut sends_taken);
                whole.map_or(Need::AllBefore, Need::Event)
            }
            _ => Need::Nothing,
        };
        needs.push(need);
        all_of.push(whole);
    }
    Pairing {
        peers,
        needs,
        opened: opened(recording),
        all_of,
    }
}

/// On each side the n-th stream comes from the n-th connect or accept, if that was seen at all, and before.
fn opened(recording: &Recording) -> Vec<Option<usize>> {
    let events = recording.events.as_slice();
    let mut out = vec![None; events.len()];
    for (at, tap) in recording.taps.iter().enumerate() {
        let first = events
            .iter()
            .position(|event| event.tap == tap.id && event.ends.is_none());
        let n = recording
            .taps
            .iter()
            .take(at)
            .filter(|earlier| earlier.side == tap.side)
            .count();
        let opens = |event: &Event| {
            event.side == tap.side && matches!(event.call, Call::Connect | Call::Accept)
        };
        let mut openings = events
            .iter()
            .enumerate()
            .filter(|(_, event)| opens(event))
            .map(|(at, _)| at);
        if let Some(first) = first
            && let Some(place) = out.get_mut(first)
        {
            *place = openings.nth(n).filter(|opening| *opening < first);
        }
    }
    out
}

/// The sent datagram that this one is. Some are lost, so the contents decide.
fn match_send(
    events: &[Event],
    peers: &[Option<usize>],
    at: usize,
    taken: &mut [bool],
) -> Option<usize> {
    let received = events
        .get(at)
        .filter(|event| event.outcome == Outcome::Done)?;
    let size = received.cut_from.unwrap_or(received.given);
    let sent = events
        .get(..at)?
        .iter()
        .enumerate()
        .position(|(earlier, sent)| {
            sent.call == Call::Send
                && !taken.get(earlier).copied().unwrap_or(true)
                && peers
                    .get(earlier)
                    .copied()
                    .flatten()
                    .is_none_or(|peer| peer == received.side)
                && sent.side != received.side
                && sent.given == size
                && sent.first.starts_with(&received.first)
        })?;
    *taken.get_mut(sent)? = true;
    Some(sent)
}
