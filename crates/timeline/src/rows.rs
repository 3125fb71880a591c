//! From events to rows: what both drawings say, without knowing how they say it.

use std::collections::HashMap;
use std::io::ErrorKind;

use crate::blocks;
use crate::bytes::{escaped, fitted, grouped, width};
use crate::call::Call;
use crate::event::{Event, Outcome, Rows};
use crate::lines::{Line, lines};
use crate::messages::{Message, parts};
use crate::state::Seen;
use crate::unread::Unread;
use crate::words::{amount_of, share};

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
    /// A heading above it; empty for none.
    pub(crate) title: String,
    /// Its lane.
    pub(crate) side: usize,
    /// `write`, `read(1,024)`; empty for a note.
    pub(crate) call: String,
    /// `35 bytes`, or nothing.
    pub(crate) amount: String,
    /// `, in pieces`, or nothing.
    pub(crate) share: String,
    arrow: Arrow,
    /// Whether a new block begins here.
    pub(crate) begins_block: bool,
    /// What stands after the lanes; may be nothing.
    pub(crate) lines: Vec<Line>,
}

/// Where something goes.
enum Arrow {
    /// Nothing leaves.
    None,
    /// To this lane.
    To(usize),
    /// To a side that is not in the picture, or not known: away from the other lanes, where there is space.
    Left,
    Right,
}

impl Row {
    /// Where its arrow ends, for a drawing whose lanes stand at `x`: in its own lane if it has none.
    pub(crate) fn arrow_to(&self, x: impl Fn(usize) -> usize, outside: usize) -> usize {
        match self.arrow {
            Arrow::None => x(self.side),
            Arrow::To(lane) => x(lane),
            Arrow::Left => x(self.side).saturating_sub(outside),
            Arrow::Right => x(self.side) + outside,
        }
    }
}

/// How many columns the widest of each takes: both drawings stand in columns.
#[derive(Default)]
pub(crate) struct Widths {
    pub(crate) number: usize,
    pub(crate) side: usize,
    /// Call and amount, which share their columns.
    pub(crate) call: usize,
    pub(crate) share: usize,
    /// The name of a part, and its size.
    pub(crate) name: usize,
    pub(crate) size: usize,
}

impl Ladder {
    /// With so many columns between a call and its amount.
    pub(crate) fn widths(&self, between: usize) -> Widths {
        let mut widths = Widths {
            number: self.rows.len().to_string().len().max(2),
            side: self.sides.iter().map(|side| width(side)).max().unwrap_or(0),
            ..Widths::default()
        };
        for row in &self.rows {
            let amount = match row.amount.as_str() {
                "" => 0,
                amount => between + width(amount),
            };
            widths.call = widths.call.max(width(&row.call) + amount);
            widths.share = widths.share.max(width(&row.share));
            for line in &row.lines {
                widths.name = widths.name.max(width(line.name));
                widths.size = widths.size.max(width(&line.size));
            }
        }
        widths
    }
}

/// The rows of a recording.
pub(crate) fn ladder(seen: &Seen) -> Ladder {
    let events = seen.events.as_slice();
    let lanes = Lanes::of(seen);
    let begins = blocks::begins(events, lanes.drawn.len());
    let (mut begun, mut unread) = (HashMap::<_, Message>::new(), Unread::default());
    let (mut rows, mut title) = (Vec::new(), String::new());
    // A title is no row.
    let number = |at: usize| {
        let before = events.iter().take(at);
        at - before.filter(|event| event.call == Call::Title).count()
    };
    for ((at, event), begins_block) in events.iter().enumerate().zip(begins) {
        if event.call == Call::Title {
            title = escaped(&event.note);
            continue;
        }
        let peer = lanes.peer(seen, event);
        let fin = sends_fin(events, at);
        let message = begun.entry((event.tap, event.call.arrives()));
        let parts = parts(event, message.or_default());
        let same = peer.and_then(|peer| unread.follow(events, at, peer));
        let same = same.map(|(first, last)| (number(first), number(last)));
        rows.push(Row {
            number: number(at) + 1,
            begins_block: begins_block || !title.is_empty(),
            title: std::mem::take(&mut title),
            side: lanes.lane(event.side),
            call: call(event),
            amount: amount_of(event),
            share: share(event),
            arrow: match peer.filter(|peer| *peer != event.side) {
                _ if !goes(event, fin) => Arrow::None,
                Some(peer) => Arrow::To(lanes.lane(peer)),
                None if lanes.lane(event.side) > 0 => Arrow::Left,
                None => Arrow::Right,
            },
            lines: lines(event, parts, same, fin),
        });
    }
    let name = |side: &usize| seen.sides.get(*side).map_or("", |side| &side.name);
    Ladder {
        sides: lanes
            .drawn
            .iter()
            .map(|side| fitted(&escaped(name(side)), NAME))
            .collect(),
        rows,
        more: seen.more,
    }
}

/// The sides that are drawn, from left to right: those that did something, and those somebody asked for.
struct Lanes {
    drawn: Vec<usize>,
    /// The only one that accepts, if there is one.
    server: Option<usize>,
}

impl Lanes {
    fn of(seen: &Seen) -> Self {
        let did = |side: usize, what: fn(&Event) -> bool| {
            let mut events = seen.events.iter();
            events.any(|event| event.side == side && what(event))
        };
        let sides = seen.sides.iter().enumerate();
        let drawn: Vec<usize> = sides
            .filter(|(at, side)| side.fixed || did(*at, |event| event.call != Call::Title))
            .map(|(at, _)| at)
            .collect();
        let accepts = |side: &&usize| did(**side, |event| event.call == Call::Accept);
        let mut servers = drawn.iter().filter(accepts).copied();
        let server = servers.next().filter(|_| servers.next().is_none());
        Self { drawn, server }
    }

    fn lane(&self, side: usize) -> usize {
        let found = self.drawn.iter().position(|drawn| *drawn == side);
        found.unwrap_or(0)
    }

    /// The side at the other end: the one that was named, the one whose addresses say so, the only other one.
    fn peer(&self, seen: &Seen, event: &Event) -> Option<usize> {
        let tap = seen.tap(event.tap);
        let by_address = || {
            let tap = tap.filter(|tap| tap.ends.is_some())?;
            seen.other_end(tap.id).map(|other| other.side)
        };
        tap.and_then(|tap| tap.facing)
            .or_else(by_address)
            .or(match self.drawn[..] {
                [one, two] => Some(if one == event.side { two } else { one }),
                _ => self.server.filter(|server| *server != event.side),
            })
    }
}

fn call(event: &Event) -> String {
    match event.call {
        Call::Note | Call::Title => String::new(),
        // How much was asked for is told where each read stands for itself.
        Call::Read | Call::Receive if event.how.rows == Rows::EveryCall => {
            format!("{}({})", event.call.name(), grouped(event.asked))
        }
        call => escaped(call.name()),
    }
}

/// Whether something leaves for the other side.
fn goes(event: &Event, fin: bool) -> bool {
    let failed = matches!(event.outcome, Outcome::Failed(_));
    match event.call {
        Call::Close => fin,
        // What failed sent nothing; a connect that was refused had asked.
        Call::Connect => true,
        call => call.leaves() && !(failed && event.given == 0),
    }
}

/// Whether a close sends a FIN: a second one is never sent, a connection that was torn down has none left, and a
/// datagram socket has none at all.
fn sends_fin(events: &[Event], at: usize) -> bool {
    let Some(close) = events.get(at).filter(|event| event.call == Call::Close) else {
        return false;
    };
    let mut opened = false;
    let before = events.iter().take(at).rev();
    let mut own = before.filter(|earlier| earlier.side == close.side);
    own.all(|earlier| {
        opened |= matches!(earlier.call, Call::Connect | Call::Accept);
        // What the program told about itself is about its last connection.
        let same_connection = match (earlier.tap, close.tap) {
            (0, _) | (_, 0) => !opened,
            (earlier, close) => earlier == close,
        };
        let reset = matches!(
            earlier.outcome,
            Outcome::Failed(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
        );
        let spent =
            reset || earlier.call.ends() || matches!(earlier.call, Call::Send | Call::Receive);
        !(same_connection && spent)
    })
}

#[cfg(test)]
mod tests;
