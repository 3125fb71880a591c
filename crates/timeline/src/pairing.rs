//! Who talks to whom, and which read had to wait for which write.
//!
//! A recording knows taps, not connections. Two taps are the two ends of one connection when their addresses say so, or
//! else, between the same two sides, when each is the n-th. What one end read at byte 100 was then written at byte 100 by
//! the other: the read had to wait for that write.
//!
//! Where the ends cannot be found, nothing is guessed: the read counts as waiting for everything seen before it.

use std::net::SocketAddr;

use crate::call::Call;
use crate::event::{Event, Outcome};
use crate::recording::Recording;
use crate::state::TapInfo;

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
    Pairing { peers, needs, opened: opened(recording), all_of }
}

/// On each side the n-th stream comes from the n-th connect or accept, if that was seen at all, and before.
fn opened(recording: &Recording) -> Vec<Option<usize>> {
    let events = recording.events.as_slice();
    let mut out = vec![None; events.len()];
    for (at, tap) in recording.taps.iter().enumerate() {
        let first = events.iter().position(|event| event.tap == tap.id && event.ends.is_none());
        let n = recording.taps.iter().take(at).filter(|earlier| earlier.side == tap.side).count();
        let opens =
            |event: &Event| event.side == tap.side && matches!(event.call, Call::Connect | Call::Accept);
        let mut openings = events.iter().enumerate().filter(|(_, event)| opens(event)).map(|(at, _)| at);
        if let Some(first) = first
            && let Some(place) = out.get_mut(first)
        {
            *place = openings.nth(n).filter(|opening| *opening < first);
        }
    }
    out
}

/// The sent datagram that this one is. Some are lost, so the contents decide.
fn match_send(events: &[Event], peers: &[Option<usize>], at: usize, taken: &mut [bool]) -> Option<usize> {
    let received = events.get(at).filter(|event| event.outcome == Outcome::Done)?;
    let size = received.cut_from.unwrap_or(received.given);
    let sent = events.get(..at)?.iter().enumerate().position(|(earlier, sent)| {
        sent.call == Call::Send
            && !taken.get(earlier).copied().unwrap_or(true)
            && peers.get(earlier).copied().flatten().is_none_or(|peer| peer == received.side)
            && sent.side != received.side
            && sent.given == size
            && sent.first.starts_with(&received.first)
    })?;
    *taken.get_mut(sent)? = true;
    Some(sent)
}

/// Who is at the other end of each tap.
struct Ends<'r> {
    recording: &'r Recording,
    /// For each side the only one it can be talking to, where there is only one.
    only_other: Vec<Option<usize>>,
    /// The side that each tap faces, without looking at addresses.
    facing: Vec<Option<usize>>,
    /// The tap at the other end of each tap, by their places in the list.
    other: Vec<Option<usize>>,
}

impl<'r> Ends<'r> {
    fn find(recording: &'r Recording) -> Self {
        let only_other = only_others(recording);
        let face = |tap: &TapInfo| tap.facing.or(only_other.get(tap.side).copied().flatten());
        let facing = recording.taps.iter().map(face).collect();
        let mut ends = Self { recording, only_other, facing, other: Vec::new() };
        ends.other = recording.taps.iter().enumerate().map(|(at, tap)| ends.other_tap(at, tap)).collect();
        ends
    }

    fn other_tap(&self, at: usize, tap: &TapInfo) -> Option<usize> {
        let taps = self.recording.taps.as_slice();
        if let Some((own, peer)) = tap.ends {
            return taps.iter().position(|other| other.ends.is_some_and(|ends| same_ends(ends, (peer, own))));
        }
        // Between the same two sides the n-th tap here and the n-th there are one connection.
        let side = self.facing.get(at).copied().flatten()?;
        let alike = |from: usize, to: usize| {
            taps.iter().zip(&self.facing).enumerate().filter_map(move |(other, (tap, facing))| {
                (tap.side == from && tap.ends.is_none() && *facing == Some(to)).then_some(other)
            })
        };
        let n = alike(tap.side, side).position(|other| other == at)?;
        alike(side, tap.side).nth(n)
    }

    /// Where the tap of this number is in the list.
    fn tap(&self, id: u32) -> Option<usize> {
        self.recording.taps.binary_search_by_key(&id, |tap| tap.id).ok()
    }

    fn peer(&self, event: &Event) -> Option<usize> {
        if let Some((_, peer)) = event.ends {
            let there = |other: &&Event| other.ends.is_some_and(|(own, _)| is_at(own, peer));
            if let Some(other) =
                self.recording.events.iter().filter(|other| other.side != event.side).find(there)
            {
                return Some(other.side);
            }
        }
        let only_other = || self.only_other.get(event.side).copied().flatten();
        let Some(at) = self.tap(event.tap) else { return only_other() };
        let taps = self.recording.taps.as_slice();
        let by_address = self.other.get(at).copied().flatten().and_then(|other| taps.get(other));
        let named = taps.get(at).and_then(|tap| tap.facing);
        named.or(by_address.map(|other| other.side)).or_else(only_other)
    }
}

/// With two lanes it is the other one; with more, the only one that accepts.
fn only_others(recording: &Recording) -> Vec<Option<usize>> {
    let shown = recording.shown();
    let lanes: Vec<usize> = (0..shown.len()).filter(|lane| shown.get(*lane) == Some(&true)).collect();
    let accepts =
        |lane: &usize| recording.events.iter().any(|event| event.side == *lane && event.call == Call::Accept);
    let servers: Vec<usize> = lanes.iter().copied().filter(accepts).collect();
    let other = |side: usize| match (lanes.as_slice(), servers.as_slice()) {
        ([one, two], _) if *one == side => Some(*two),
        ([one, two], _) if *two == side => Some(*one),
        (_, [server]) if *server != side => Some(*server),
        _ => None,
    };
    (0..shown.len()).map(other).collect()
}

/// Both addresses are the same; an IPv4 peer of an IPv6 socket is written in two ways.
fn same_ends(one: (SocketAddr, SocketAddr), two: (SocketAddr, SocketAddr)) -> bool {
    let same = |one: SocketAddr, two: SocketAddr| {
        one.port() == two.port() && one.ip().to_canonical() == two.ip().to_canonical()
    };
    same(one.0, two.0) && same(one.1, two.1)
}

/// A socket bound to all addresses is at each of them.
fn is_at(own: SocketAddr, addr: SocketAddr) -> bool {
    let same_ip = own.ip().to_canonical() == addr.ip().to_canonical();
    own.port() == addr.port() && (same_ip || own.ip().is_unspecified())
}

/// Where in its stream each event lies, and what the other end of the stream is.
struct Streams {
    /// For each event: the place of its tap, and of the tap at the other end.
    taps: Vec<Option<(usize, usize)>>,
    /// For each event the bytes of its direction before it, and with it.
    spans: Vec<(u64, u64)>,
    writes: Vec<Vec<usize>>,
    ends: Vec<Option<usize>>,
}

impl Streams {
    fn follow(events: &[Event], ends: &Ends<'_>) -> Self {
        let count = ends.recording.taps.len();
        let mut read = vec![0; count];
        let mut written = vec![0; count];
        let mut streams = Self {
            taps: Vec::new(),
            spans: Vec::new(),
            writes: vec![Vec::new(); count],
            ends: vec![None; count],
        };
        for (at, event) in events.iter().enumerate() {
            let tap = if event.call.ends() { acting_tap(events, at) } else { event.tap };
            let tap = ends.tap(tap);
            let total = match (event.call, tap) {
                (Call::Read, Some(tap)) => read.get_mut(tap),
                (Call::Write, Some(tap)) => written.get_mut(tap),
                _ => None,
            };
            streams.spans.push(total.map_or((0, 0), |total| {
                let start = *total;
                *total += event.given;
                (start, *total)
            }));
            if let Some(tap) = tap {
                if event.call == Call::Write
                    && let Some(writes) = streams.writes.get_mut(tap)
                {
                    writes.push(at);
                }
                if event.call.ends()
                    && let Some(end) = streams.ends.get_mut(tap)
                {
                    end.get_or_insert(at);
                }
            }
            let other = tap.and_then(|tap| ends.other.get(tap).copied().flatten());
            streams.taps.push(tap.zip(other));
        }
        // More read than was written: these two are not the ends of one connection.
        let fits = |tap: usize, other: usize| {
            read.get(tap) <= written.get(other) && read.get(other) <= written.get(tap)
        };
        for taps in &mut streams.taps {
            *taps = taps.filter(|(tap, other)| fits(*tap, *other));
        }
        streams
    }

    fn need(&self, at: usize, event: &Event) -> Need {
        let Some((_, other)) = self.taps.get(at).copied().flatten() else {
            return if event.call == Call::Read { Need::AllBefore } else { Need::Nothing };
        };
        let writes = self.writes.get(other).map_or(&[][..], Vec::as_slice);
        let last_write = |before: u64| {
            let feeds = |write: &&usize| self.spans.get(**write).is_some_and(|(start, _)| *start < before);
            writes.iter().rev().find(feeds).copied()
        };
        let found = match (event.call, event.outcome) {
            (Call::Read, Outcome::Done) => last_write(self.spans.get(at).map_or(0, |(_, end)| *end)),
            // The peer ended it; if nobody said so, at least it had written all.
            (Call::Read, Outcome::End) | (_, Outcome::Failed(_)) if !event.outcome.is_waiting() => {
                let ended = self.ends.get(other).copied().flatten();
                if event.call == Call::Read { ended.or_else(|| last_write(u64::MAX)) } else { ended }
            }
            _ => None,
        };
        found.map_or(Need::Nothing, Need::Event)
    }

    fn all_of(&self, at: usize) -> Option<usize> {
        let (_, other) = self.taps.get(at).copied().flatten()?;
        let span = self.spans.get(at).filter(|(start, end)| start < end)?;
        self.writes.get(other)?.iter().find(|write| self.spans.get(**write) == Some(span)).copied()
    }
}

/// The tap that a told `close` is about: the one its thread used last on that side, or else the side's last.
pub(crate) fn acting_tap(events: &[Event], at: usize) -> u32 {
    let Some(event) = events.get(at) else { return 0 };
    if event.tap != 0 {
        return event.tap;
    }
    let used = |same_thread: bool| {
        events.get(..at).unwrap_or_default().iter().rev().find(|earlier| {
            earlier.tap != 0 && earlier.side == event.side && (!same_thread || earlier.thread == event.thread)
        })
    };
    used(true).or_else(|| used(false)).map_or(0, |earlier| earlier.tap)
}
