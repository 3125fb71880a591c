//! One certain order for what several threads did.
//!
//! Of two events that do not depend on each other the threads' luck decides which is seen first: a server closes before
//! or after its client has read the answer. A drawing that is compared byte by byte cannot live with that. So each event
//! gets a depth: one more than the deepest event it had to wait for,
//!
//! * what the same thread did before it,
//! * for bytes that arrived: the write they came from; for an end: the close; for an accept: a connect,
//! * for the first call on a stream: the connect or accept it came from,
//! * the calls of the same kind on the same tap before it (two threads may share one).
//!
//! Depth does not depend on luck. At equal depth what arrives stands before what leaves, then the lane further left
//! comes first. A note belongs to what its thread did just before.

use crate::call::Call;
use crate::event::Event;
use crate::pairing::{Need, Pairing};

/// The places of the events in the order to draw.
pub(crate) fn order(events: &[Event], pairing: &Pairing) -> Vec<usize> {
    let mut known: Vec<Vec<usize>> = (0..events.len()).map(|at| own_past(events, at)).collect();
    for (past, opened) in known.iter_mut().zip(&pairing.opened) {
        past.extend(opened);
    }
    let mut places: Vec<usize> = (0..events.len()).collect();
    if let Some(depths) = depths(events, pairing, &known) {
        places.sort_by_cached_key(|at| key(*at, events, pairing, &known, &depths));
    }
    places
}

/// What an event certainly came after, as seen from this end.
fn own_past(events: &[Event], at: usize) -> Vec<usize> {
    let Some(event) = events.get(at) else {
        return Vec::new();
    };
    let before = events.get(..at).unwrap_or_default();
    let last = |is: &dyn Fn(&Event) -> bool| before.iter().rposition(is);
    let own = last(&|earlier| earlier.thread == event.thread);
    let mut past = Vec::from_iter(own);
    if event.tap != 0 {
        past.extend(last(&|earlier| {
            earlier.tap == event.tap && earlier.call == event.call
        }));
    } else if event.call != Call::Accept {
        // Told by a thread that spoke for another side until now: it looks back on what this side did.
        let changed = own
            .and_then(|own| events.get(own))
            .is_some_and(|own| own.side != event.side);
        past.extend(last(&|earlier| changed && earlier.side == event.side));
    }
    past
}

/// How many events had to come one after another before each; `None` if they wait for each other in a circle (the ends
/// of the connections were taken wrongly): then the order seen stands.
fn depths(events: &[Event], pairing: &Pairing, known: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut depths = vec![0; events.len()];
    // The order seen is nearly right, so that two or three rounds do. A circle never comes to rest.
    for _ in 0..=events.len() {
        let mut rest = true;
        let connects = connects(events, &depths);
        for (at, event) in events.iter().enumerate() {
            let deep = |of: &usize| depths.get(*of).map_or(0, |depth| depth + 1);
            let past = match known.get(at).map_or(&[][..], Vec::as_slice) {
                [before] if is_beside(event, events.get(*before)) => {
                    depths.get(*before).copied().unwrap_or(0)
                }
                past => past.iter().map(deep).max().unwrap_or(0),
            };
            let need = match pairing.needs.get(at) {
                Some(Need::Event(other)) => deep(other),
                Some(Need::Connects(n)) => n
                    .checked_sub(1)
                    .and_then(|n| connects.get(n))
                    .map_or(0, |depth| depth + 1),
                Some(Need::AllBefore) => {
                    let from_others = |(_, earlier): &(usize, &Event)| {
                        earlier.side != event.side && earlier.call.leaves()
                    };
                    let before = events.iter().enumerate().take(at).filter(from_others);
                    before.map(|(at, _)| deep(&at)).max().unwrap_or(0)
                }
                Some(Need::Nothing) | None => 0,
            };
            if let Some(depth) = depths.get_mut(at)
                && *depth < past.max(need)
            {
                *depth = past.max(need);
                rest = false;
            }
        }
        if rest {
            return Some(depths);
        }
    }
    None
}

/// Whether an event is no deeper than the one before it in its thread: a note, and an accept after an accept, since it
/// is the connects that make it wait.
fn is_beside(event: &Event, before: Option<&Event>) -> bool {
    event.call == Call::Note
        || event.call == Call::Accept && before.is_some_and(|before| before.call == Call::Accept)
}

/// The depths of all connects, the least first: the n-th accept waits for the n-th of them.
fn connects(events: &[Event], depths: &[usize]) -> Vec<usize> {
    let connect =
        |(event, depth): (&Event, &usize)| (event.call == Call::Connect).then_some(*depth);
    let mut connects: Vec<usize> = events.iter().zip(depths).filter_map(connect).collect();
    connects.sort_unstable();
    connects
}

/// Where an event stands: turn, depth, arriving first, lane, lane at the other end, the order seen; notes behind.
type Key = ((u32, usize, bool, usize, usize, usize), usize);

fn key(
    at: usize,
    events: &[Event],
    pairing: &Pairing,
    known: &[Vec<usize>],
    depths: &[usize],
) -> Key {
    let mut at = at;
    let mut notes = 0;
    // A note stands right behind what its thread did, also behind another note.
    while let (Some(event), Some([before])) = (events.get(at), known.get(at).map(Vec::as_slice))
        && event.call == Call::Note
        && events
            .get(*before)
            .is_some_and(|before| before.turn == event.turn)
    {
        at = *before;
        notes += 1;
    }
    let peer = pairing
        .peers
        .get(at)
        .copied()
        .flatten()
        .unwrap_or(usize::MAX);
    let depth = depths.get(at).copied().unwrap_or(0);
    let (turn, leaves, side) = events.get(at).map_or((0, false, 0), |event| {
        (event.turn, event.call.leaves(), event.side)
    });
    ((turn, depth, leaves, side, peer, at), notes)
}
