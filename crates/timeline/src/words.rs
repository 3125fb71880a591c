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
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "timed out",
        kind => return format!("failed: {kind}"),
    };
    format!("failed: {why}")
}

#[cfg(test)]
mod tests {
    use std::io::IoSlice;

    use super::*;
    use crate::event::How;

    /// A call that asked for 5 bytes, after it came back.
    fn event(call: Call, outcome: Outcome, given: usize) -> Event {
        let mut event = Event::new(0, 0, call, How::default());
        event.came_back(outcome, &[IoSlice::new(&[b'x'; 5])], given);
        event
    }

    #[test]
    fn an_amount_is_of_a_call_that_moved_bytes_or_met_the_end() {
        for (call, outcome, given, expected) in [
            (Call::Write, Outcome::Done, 5, "5 bytes"),
            (Call::Receive, Outcome::Done, 1, "1 byte "),
            (Call::Read, Outcome::End, 0, "0 bytes"),
            (Call::Read, Outcome::Failed(ErrorKind::TimedOut), 0, ""),
            (Call::Write, Outcome::Pending, 0, ""),
            (Call::Connect, Outcome::Done, 0, ""),
        ] {
            let told = amount_of(&event(call, outcome, given));
            assert_eq!(told, expected, "{call:?} {outcome:?}");
        }
    }

    #[test]
    fn a_remark_says_what_the_bytes_do_not() {
        let fin = true;
        for (call, outcome, given, expected) in [
            (Call::Write, Outcome::Pending, 0, "not back yet"),
            (Call::Read, Outcome::End, 0, "end of the stream"),
            (Call::Close, Outcome::Done, 0, "FIN"),
            (Call::ShutdownWrite, Outcome::Done, 0, "FIN"),
            (Call::ShutdownBoth, Outcome::Done, 0, "FIN"),
            (Call::Reset, Outcome::Done, 0, "RST"),
            (Call::Send, Outcome::Done, 0, "an empty datagram"),
            (Call::Receive, Outcome::Done, 0, "an empty datagram"),
            (Call::Write, Outcome::Done, 4, "short: 1 byte not taken"),
            (Call::Write, Outcome::Done, 5, ""),
            (Call::Read, Outcome::Done, 4, ""),
            (Call::Accept, Outcome::Done, 0, ""),
        ] {
            let told = remark(&event(call, outcome, given), fin);
            assert_eq!(told, expected, "{call:?} {outcome:?}");
        }
        assert_eq!(remark(&event(Call::Close, Outcome::Done, 0), !fin), "");
        let mut cut = event(Call::Receive, Outcome::Done, 5);
        cut.cut_from = Some(1005);
        assert_eq!(remark(&cut, fin), "cut: 1,000 bytes lost");
    }

    #[test]
    fn a_failure_names_its_reason() {
        for (kind, expected) in [
            (ErrorKind::ConnectionRefused, "failed: refused"),
            (ErrorKind::ConnectionReset, "failed: reset by the peer"),
            (ErrorKind::ConnectionAborted, "failed: aborted"),
            (ErrorKind::BrokenPipe, "failed: broken pipe"),
            (ErrorKind::TimedOut, "failed: timed out"),
            (ErrorKind::WouldBlock, "failed: timed out"),
            (ErrorKind::AddrInUse, "failed: address in use"),
            (ErrorKind::NotFound, "failed: entity not found"),
        ] {
            let told = remark(&event(Call::Connect, Outcome::Failed(kind), 0), true);
            assert_eq!(told, expected);
        }
    }
}
