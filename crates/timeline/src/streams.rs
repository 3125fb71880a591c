//! Where each read and write lies in the stream of its connection: so a read finds the write it waited for.

use crate::call::Call;
use crate::ends::Ends;
use crate::event::{Event, Outcome};
use crate::pairing::Need;

/// Where in its stream each event lies, and what the other end of the stream is.
pub(crate) struct Streams {
    /// For each event: the place of its tap, and of the tap at the other end.
    taps: Vec<Option<(usize, usize)>>,
    /// For each event the bytes of its direction before it, and with it.
    spans: Vec<(u64, u64)>,
    writes: Vec<Vec<usize>>,
    ends: Vec<Option<usize>>,
}

impl Streams {
    pub(crate) fn follow(events: &[Event], ends: &Ends<'_>) -> Self {
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
            let tap = if event.call.ends() {
                acting_tap(events, at)
            } else {
                event.tap
            };
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

    pub(crate) fn need(&self, at: usize, event: &Event) -> Need {
        let Some((_, other)) = self.taps.get(at).copied().flatten() else {
            return if event.call == Call::Read {
                Need::AllBefore
            } else {
                Need::Nothing
            };
        };
        let writes = self.writes.get(other).map_or(&[][..], Vec::as_slice);
        let last_write = |before: u64| {
            let feeds = |write: &&usize| {
                self.spans
                    .get(**write)
                    .is_some_and(|(start, _)| *start < before)
            };
            writes.iter().rev().find(feeds).copied()
        };
        let found = match (event.call, event.outcome) {
            (Call::Read, Outcome::Done) => {
                last_write(self.spans.get(at).map_or(0, |(_, end)| *end))
            }
            // The peer ended it; if nobody said so, at least it had written all.
            (Call::Read, Outcome::End) | (_, Outcome::Failed(_)) if !event.outcome.is_waiting() => {
                let ended = self.ends.get(other).copied().flatten();
                if event.call == Call::Read {
                    ended.or_else(|| last_write(u64::MAX))
                } else {
                    ended
                }
            }
            _ => None,
        };
        found.map_or(Need::Nothing, Need::Event)
    }

    pub(crate) fn all_of(&self, at: usize) -> Option<usize> {
        let (_, other) = self.taps.get(at).copied().flatten()?;
        let span = self.spans.get(at).filter(|(start, end)| start < end)?;
        self.writes
            .get(other)?
            .iter()
            .find(|write| self.spans.get(**write) == Some(span))
            .copied()
    }
}

/// The tap that a told `close` is about: the one its thread used last on that side, or else the side's last.
pub(crate) fn acting_tap(events: &[Event], at: usize) -> u32 {
    let Some(event) = events.get(at) else {
        return 0;
    };
    if event.tap != 0 {
        return event.tap;
    }
    let used = |same_thread: bool| {
        events
            .get(..at)
            .unwrap_or_default()
            .iter()
            .rev()
            .find(|earlier| {
                earlier.tap != 0
                    && earlier.side == event.side
                    && (!same_thread || earlier.thread == event.thread)
            })
    };
    used(true)
        .or_else(|| used(false))
        .map_or(0, |earlier| earlier.tap)
}
