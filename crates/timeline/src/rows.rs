//! From events to rows: what both drawings say, without knowing how they say it.

use std::io;

use crate::bytes::{grouped, plain};
use crate::event::{Call, Event, Outcome};
use crate::layout::{Part, Shown};
use crate::recording::Recording;

/// A ladder, ready to be drawn.
pub(crate) struct Ladder {
    pub(crate) sides: Vec<String>,
    pub(crate) rows: Vec<Row>,
    pub(crate) more: u64,
}

/// One event.
pub(crate) struct Row {
    pub(crate) number: usize,
    pub(crate) side: usize,
    /// `write`, `read(1,024)`.
    pub(crate) call: String,
    /// `35 bytes`, or nothing.
    pub(crate) amount: String,
    pub(crate) arrow: Arrow,
    /// Whether a new block begins here.
    pub(crate) begins_block: bool,
    /// What stands behind the lanes, one line each; may be none.
    pub(crate) lines: Vec<Line>,
}

/// Where something goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrow {
    /// Nothing leaves.
    None,
    /// To this lane.
    To(usize),
    /// To a side that is not in the picture.
    Out,
}

/// A line behind the lanes.
pub(crate) struct Line {
    /// The name of a part.
    pub(crate) name: String,
    /// Its size.
    pub(crate) size: String,
    pub(crate) content: Content,
    /// A remark behind the bytes: `4 bytes lost`.
    pub(crate) remark: String,
}

/// What a line shows.
pub(crate) enum Content {
    /// Bytes: their beginning, their number, how they are shown.
    Bytes(Vec<u8>, u64, Shown),
    /// Words, already harmless.
    Words(String),
}

pub(crate) fn rows(recording: &Recording) -> Ladder {
    let mut rows: Vec<Row> = Vec::new();
    for (at, event) in recording.events.iter().enumerate() {
        let before = recording.events.get(..at).unwrap_or_default();
        rows.push(Row {
            number: at + 1,
            side: event.side,
            call: call(event, recording.joined),
            amount: amount(event),
            arrow: arrow(event, before, recording.sides.len()),
            begins_block: begins_block(event, before, recording.sides.len()),
            lines: lines(event, before),
        });
    }
    Ladder { sides: recording.sides.iter().map(|side| plain(side)).collect(), rows, more: recording.more }
}

fn call(event: &Event, joined: bool) -> String {
    match event.call {
        Call::Note => String::new(),
        // How much was asked for is certain only where each call stands for itself.
        Call::Read if !joined && event.outcome != Outcome::Pending => {
            format!("read({})", grouped(event.asked.into()))
        }
        Call::Receive if !joined => format!("receive({})", grouped(event.asked.into())),
        call => plain(call.name()),
    }
}

fn amount(event: &Event) -> String {
    let done = matches!(event.outcome, Outcome::Done | Outcome::End);
    if done && event.call.moves_bytes() { bytes(event.given) } else { String::new() }
}

fn bytes(number: u64) -> String {
    format!("{} byte{}", grouped(number.into()), if number == 1 { " " } else { "s" })
}

fn arrow(event: &Event, before: &[Event], sides: usize) -> Arrow {
    let goes = match event.call {
        Call::Close => close_sends_fin(event, before),
        Call::Write if event.given == 0 && matches!(event.outcome, Outcome::Failed(_)) => false,
        call => call.leaves(),
    };
    if !goes {
        return Arrow::None;
    }
    match event.facing {
        Some(peer) if peer != event.side => Arrow::To(peer),
        None if sides == 2 => Arrow::To(1 - event.side.min(1)),
        _ => Arrow::Out,
    }
}

/// A second FIN is never sent, a connection that was torn down has none left, and a datagram socket has none at all.
fn close_sends_fin(event: &Event, before: &[Event]) -> bool {
    for earlier in before.iter().rev().filter(|earlier| earlier.side == event.side) {
        match (earlier.call, earlier.outcome) {
            (_, Outcome::Failed(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)) => return false,
            (Call::Note | Call::Read | Call::Write | Call::Other(_), _) => {}
            (
                Call::ShutdownWrite
                | Call::ShutdownBoth
                | Call::Fin
                | Call::Reset
                | Call::Send
                | Call::Receive,
                _,
            ) => return false,
            _ => return true,
        }
    }
    true
}

/// One exchange ends where a side that asked, and was answered, goes on to ask again.
fn begins_block(event: &Event, before: &[Event], sides: usize) -> bool {
    let Some(last) = before.last() else { return false };
    if event.turn != last.turn {
        return true;
    }
    let own = before.iter().rev().find(|earlier| earlier.side == event.side && earlier.call != Call::Note);
    let Some(own) = own else { return false };
    let first = before.iter().find(|earlier| earlier.call.leaves() || earlier.call.arrives());
    let asks = first.is_some_and(|first| first.side == event.side && first.call.leaves());
    if asks {
        return event.call.leaves() && (own.call.arrives() || own.call == Call::Connect);
    }
    // Alone in the picture and answering: each new request begins a block.
    sides == 1 && event.call.arrives() && (own.call.leaves() || own.call == Call::Accept)
}

fn lines(event: &Event, before: &[Event]) -> Vec<Line> {
    let remark = remark(event, before);
    if event.call == Call::Note {
        return vec![words(plain(&event.note))];
    }
    if event.given == 0 {
        return if remark.is_empty() { Vec::new() } else { vec![words(remark)] };
    }
    let total = usize::try_from(event.given).unwrap_or(usize::MAX);
    let parts = event.layout.map_or_else(Vec::new, |layout| layout(&event.first, total));
    let mut lines = part_lines(event, &parts);
    // What the other side's write has just shown part by part need not be told twice.
    if lines.len() > 1
        && event.call == Call::Read
        && before.last().is_some_and(|last| is_sent_whole(last, event))
    {
        lines = vec![words(format!("the same {}", bytes(event.given)))];
    }
    if let Some(last) = lines.last_mut() {
        last.remark = remark;
    }
    lines
}

/// Whether `read` brought exactly what `write` sent, as far as anybody kept it.
fn is_sent_whole(write: &Event, read: &Event) -> bool {
    write.call == Call::Write
        && write.side != read.side
        && write.given == read.given
        && write.bytes_at(0, write.given) == read.bytes_at(0, read.given)
}

fn words(words: String) -> Line {
    Line { name: String::new(), size: String::new(), content: Content::Words(words), remark: String::new() }
}

/// One line for each named part, and one for bytes that no part names.
fn part_lines(event: &Event, parts: &[Part]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0_u64;
    for part in parts.iter().filter(|part| part.len > 0) {
        let here = (part.len as u64).min(event.given - at);
        if here == 0 {
            break;
        }
        let size = match here == part.len as u64 {
            true => grouped(here.into()),
            false => format!("{} of {}", grouped(here.into()), grouped(part.len as i128)),
        };
        let content = Content::Bytes(event.bytes_at(at, here).to_vec(), here, part.shown);
        lines.push(Line { name: plain(part.name), size, content, remark: String::new() });
        at += here;
    }
    let rest = event.given - at;
    if rest > 0 {
        let (name, size) = match lines.is_empty() {
            true => (String::new(), String::new()),
            false => ("more".to_owned(), grouped(rest.into())),
        };
        let content = Content::Bytes(event.bytes_at(at, rest).to_vec(), rest, Shown::Auto);
        lines.push(Line { name, size, content, remark: String::new() });
    }
    lines
}

fn remark(event: &Event, before: &[Event]) -> String {
    match (event.outcome, event.call) {
        (Outcome::Done, Call::Close) if !close_sends_fin(event, before) => String::new(),
        (Outcome::Pending, _) => "not back yet".to_owned(),
        (Outcome::End, _) => "end of the stream".to_owned(),
        (Outcome::Failed(kind), _) => failure(kind),
        (Outcome::Done, Call::ShutdownWrite | Call::ShutdownBoth | Call::Close) => "FIN".to_owned(),
        (Outcome::Done, Call::Reset) => "RST".to_owned(),
        (Outcome::Done, Call::Send) if event.given == 0 => "an empty datagram".to_owned(),
        (Outcome::Done, Call::Receive) if event.given == 0 && event.cut_from.is_none() => {
            "an empty datagram".to_owned()
        }
        (Outcome::Done, _) => match event.cut_from {
            Some(true_size) => format!("cut: {} lost", bytes(true_size - event.given).trim_end()),
            None => String::new(),
        },
    }
}

fn failure(kind: io::ErrorKind) -> String {
    use io::ErrorKind as Kind;
    let why = match kind {
        Kind::ConnectionRefused => "refused",
        Kind::ConnectionReset => "reset by the peer",
        Kind::ConnectionAborted => "aborted",
        Kind::BrokenPipe => "broken pipe",
        Kind::TimedOut | Kind::WouldBlock => "timed out",
        Kind::AddrInUse => "address in use",
        kind => return format!("failed: {kind}"),
    };
    format!("failed: {why}")
}
