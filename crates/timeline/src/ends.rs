//! Which tap is at the other end of a tap's connection, and which side an event is meant for.

use std::net::SocketAddr;

use crate::call::Call;
use crate::event::Event;
use crate::recording::Recording;
use crate::state::TapInfo;

/// Who is at the other end of each tap.
pub(crate) struct Ends<'r> {
    pub(crate) recording: &'r Recording,
    /// For each side the only one it can be talking to, where there is only one.
    only_other: Vec<Option<usize>>,
    /// The side that each tap faces, without looking at addresses.
    facing: Vec<Option<usize>>,
    /// The tap at the other end of each tap, by their places in the list.
    pub(crate) other: Vec<Option<usize>>,
}

impl<'r> Ends<'r> {
    pub(crate) fn find(recording: &'r Recording) -> Self {
        let only_other = only_others(recording);
        let face = |tap: &TapInfo| tap.facing.or(only_other.get(tap.side).copied().flatten());
        let facing = recording.taps.iter().map(face).collect();
        let mut ends = Self {
            recording,
            only_other,
            facing,
            other: Vec::new(),
        };
        ends.other = recording
            .taps
            .iter()
            .enumerate()
            .map(|(at, tap)| ends.other_tap(at, tap))
            .collect();
        ends
    }

    fn other_tap(&self, at: usize, tap: &TapInfo) -> Option<usize> {
        let taps = self.recording.taps.as_slice();
        if let Some((own, peer)) = tap.ends {
            return taps
                .iter()
                .position(|other| other.ends.is_some_and(|ends| same_ends(ends, (peer, own))));
        }
        // Between the same two sides the n-th tap here and the n-th there are one connection.
        let side = self.facing.get(at).copied().flatten()?;
        let alike = |from: usize, to: usize| {
            taps.iter()
                .zip(&self.facing)
                .enumerate()
                .filter_map(move |(other, (tap, facing))| {
                    (tap.side == from && tap.ends.is_none() && *facing == Some(to)).then_some(other)
                })
        };
        let n = alike(tap.side, side).position(|other| other == at)?;
        alike(side, tap.side).nth(n)
    }

    /// Where the tap of this number is in the list.
    pub(crate) fn tap(&self, id: u32) -> Option<usize> {
        self.recording
            .taps
            .binary_search_by_key(&id, |tap| tap.id)
            .ok()
    }

    pub(crate) fn peer(&self, event: &Event) -> Option<usize> {
        if let Some((_, peer)) = event.ends {
            let there = |other: &&Event| other.ends.is_some_and(|(own, _)| is_at(own, peer));
            if let Some(other) = self
                .recording
                .events
                .iter()
                .filter(|other| other.side != event.side)
                .find(there)
            {
                return Some(other.side);
            }
        }
        let only_other = || self.only_other.get(event.side).copied().flatten();
        let Some(at) = self.tap(event.tap) else {
            return only_other();
        };
        let taps = self.recording.taps.as_slice();
        let by_address = self
            .other
            .get(at)
            .copied()
            .flatten()
            .and_then(|other| taps.get(other));
        let named = taps.get(at).and_then(|tap| tap.facing);
        named
            .or(by_address.map(|other| other.side))
            .or_else(only_other)
    }
}

/// With two lanes it is the other one; with more, the only one that accepts.
fn only_others(recording: &Recording) -> Vec<Option<usize>> {
    let shown = recording.shown();
    let lanes: Vec<usize> = (0..shown.len())
        .filter(|lane| shown.get(*lane) == Some(&true))
        .collect();
    let accepts = |lane: &usize| {
        recording
            .events
            .iter()
            .any(|event| event.side == *lane && event.call == Call::Accept)
    };
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
