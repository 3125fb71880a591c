//! The words beside an event: how much, how it ended, why it failed.

use std::io;

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
    format!(
        "{} byte{}",
        grouped(number),
        if number == 1 { "" } else { "s" }
    )
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

/// Whether this call found the connection torn down.
pub(crate) fn ended(event: &Event) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset};
    matches!(event.outcome, Outcome::Failed(ConnectionReset | BrokenPipe))
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
