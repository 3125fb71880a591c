//! The words beside an event: how much, how it ended, why it failed.

use std::io::ErrorKind;

use crate::bytes::grouped;
use crate::call::Call;
use crate::event::{Event, Outcome};

/// `35 bytes`, for a call that moved bytes or met the end; `1 byte ` with a blank, so that digits stand below digits.
pub(crate) fn amount_of(event: &Event) -> String {
    let came_back = matches!(event.outcome, Outcome::Done | Outcome::End);
    let blank = if event.given == 1 { " " } else { "" };
    if came_back && event.call.moves_bytes() {
        bytes(event.given) + blank
    } else {
        String::new()
    }
}

/// How many calls share this row: a stream falls into reads as it likes; of many equal writes the number is told.
pub(crate) fn share(event: &Event) -> String {
    match (event.call, event.calls) {
        (_, 0 | 1) => String::new(),
        (Call::Read, _) => ", in pieces".to_owned(),
        (_, calls) => format!(", in {} calls", grouped(calls)),
    }
}

/// `1 byte`, `2 bytes`.
pub(crate) fn bytes(number: u64) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} byte{s}", grouped(number))
}

/// What is to be said besides the bytes; mostly nothing. `fin`: whether a close sends one.
pub(crate) fn remark(event: &Event, fin: bool) -> String {
    let words = match (event.outcome, event.call) {
        (Outcome::Pending, _) => "not back yet",
        (Outcome::End, _) => "end of the stream",
        (Outcome::Failed(kind), _) => return failure(kind),
        (Outcome::Done, Call::Close) if !fin => "",
        (Outcome::Done, Call::ShutdownWrite | Call::ShutdownBoth | Call::Close) => "FIN",
        (Outcome::Done, Call::Reset) => "RST",
        (Outcome::Done, _) => match event.cut_from {
            Some(size) => return format!("cut: {} lost", bytes(size.saturating_sub(event.given))),
            None if event.given == 0 && matches!(event.call, Call::Send | Call::Receive) => {
                "an empty datagram"
            }
            // A write that took less than it was given: `write_all` is what sends the rest.
            None if event.call == Call::Write && event.given < event.asked => {
                return format!("short: {} not taken", bytes(event.asked - event.given));
            }
            None => "",
        },
    };
    words.to_owned()
}

fn failure(kind: ErrorKind) -> String {
    let why = match kind {
        ErrorKind::ConnectionRefused => "refused",
        ErrorKind::ConnectionReset => "reset by the peer",
        ErrorKind::ConnectionAborted => "aborted",
        ErrorKind::BrokenPipe => "broken pipe",
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "timed out",
        ErrorKind::AddrInUse => "address in use",
        kind => return format!("failed: {kind}"),
    };
    format!("failed: {why}")
}
