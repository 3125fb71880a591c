//! The laws that every right framing keeps, as functions that tests and two demos call.
//!
//! No random numbers here: who calls chooses the bytes, and either the cuts too or that all be tried. The functions return
//! what broke instead of panicking, because lesson 03 asserts that its framing *does* break.

use crate::framing::{Frame, FrameError, Framing};

/// What came out of a stream: the messages, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The messages, in order.
    pub messages: Vec<Vec<u8>>,
    /// How the stream ended.
    pub end: End,
}

/// How a stream ended for its decoder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Between two messages.
    Clean,
    /// With this many bytes of an unfinished message.
    Unfinished(usize),
    /// With bytes that can never become a message.
    Refused(FrameError),
}

/// Decodes `pieces` as a loop at a socket would: append what came, take every whole message, keep the rest.
///
/// The loop is deliberately plain (it moves bytes after every message); lesson 04 shows the quick one.
pub fn decode_pieces<'a>(
    framing: &dyn Framing,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Decoded {
    let (mut buffer, mut messages) = (Vec::new(), Vec::new());
    for piece in pieces {
        buffer.extend_from_slice(piece);
        // An empty buffer holds no message: every frame takes at least one byte.
        while !buffer.is_empty() {
            match take_message(framing, &mut buffer) {
                Ok(None) => break,
                Ok(Some(message)) => messages.push(message),
                Err(error) => {
                    let end = End::Refused(error);
                    return Decoded { messages, end };
                }
            }
        }
    }
    let end = match buffer.len() {
        0 => End::Clean,
        rest => End::Unfinished(rest),
    };
    Decoded { messages, end }
}

/// Takes one message off the front of `buffer`.
fn take_message(
    framing: &dyn Framing,
    buffer: &mut Vec<u8>,
) -> Result<Option<Vec<u8>>, FrameError> {
    let Some(Frame { payload, consumed }) = framing.decode(buffer)? else {
        return Ok(None);
    };
    match buffer.get(payload).map(<[u8]>::to_vec) {
        // A frame that takes nothing, or more than there is, would loop or panic in a real program.
        Some(message) if (1..=buffer.len()).contains(&consumed) => {
            buffer.drain(..consumed);
            Ok(Some(message))
        }
        _ => Err(FrameError::Malformed(
            "the framing took nothing, or more than it was given",
        )),
    }
}

/// Cuts `wire` at each of `cuts` (any order, duplicates and positions past the end are fine).
pub fn pieces<'a>(wire: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut ends: Vec<usize> = cuts.iter().map(|&cut| cut.min(wire.len())).collect();
    ends.push(wire.len());
    ends.sort_unstable();
    let starts = [0].into_iter().chain(ends.iter().copied());
    let pieces = starts
        .zip(&ends)
        .filter_map(|(start, &end)| wire.get(start..end));
    pieces.collect()
}

/// The first law, for one set of cuts: whole and cut, the same messages and the same end come out.
///
/// # Errors
/// A sentence that shows both results.
pub fn same_messages_when_cut(
    framing: &dyn Framing,
    wire: &[u8],
    cuts: &[usize],
) -> Result<(), String> {
    let whole = decode_pieces(framing, [wire]);
    let cut = decode_pieces(framing, pieces(wire, cuts));
    if whole == cut {
        return Ok(());
    }
    Err(format!(
        "cut at {cuts:?}: whole gave {whole:?}, cut gave {cut:?}"
    ))
}

/// The first law, exhaustively for a short stream: cut in all [`ways_to_cut`] it.
///
/// # Errors
/// The first set of cuts that tells something else.
pub fn same_messages_however_cut(framing: &dyn Framing, wire: &[u8]) -> Result<(), String> {
    ways_to_cut(wire.len()).try_for_each(|cuts| same_messages_when_cut(framing, wire, &cuts))
}

/// Byte by byte, every single cut, every pair of cuts of so many bytes: each way once, each cut with bytes on both sides.
pub fn ways_to_cut(length: usize) -> impl Iterator<Item = Vec<usize>> {
    // Up to three bytes fall apart with a pair of cuts: there, byte by byte is no way of its own.
    let bytes = (length > 3).then(|| (1..length).collect());
    let single = (1..length).map(|cut| vec![cut]);
    let pairs = (1..length)
        .flat_map(move |first| (first + 1..length).map(move |second| vec![first, second]));
    bytes.into_iter().chain(single).chain(pairs)
}

/// The second law: an answer given for a beginning of `wire` stays when the rest of `wire` is there too.
///
/// # Errors
/// The length of the beginning whose answer changed, and both answers.
pub fn more_bytes_change_nothing(framing: &dyn Framing, wire: &[u8]) -> Result<(), String> {
    let full = framing.decode(wire);
    for length in 0..wire.len() {
        let early = framing.decode(wire.get(..length).unwrap_or_default());
        if !matches!(early, Ok(None)) && early != full {
            return Err(format!(
                "{length} bytes gave {early:?}, all {} bytes gave {full:?}",
                wire.len()
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    #[test]
    fn no_way_to_cut_is_tried_twice_and_none_is_left_out() {
        for (length, count) in [
            (0, 0),
            (1, 0),
            (2, 1),
            (3, 3),
            (4, 1 + 3 + 3),
            (10, 1 + 9 + 36),
            (16, 121),
        ] {
            let ways: Vec<Vec<usize>> = ways_to_cut(length).collect();
            assert_eq!(ways.len(), count, "{length} bytes");
            let told: BTreeSet<Vec<&[u8]>> = ways
                .iter()
                .map(|cuts| pieces(&b"0123456789abcdef"[..length], cuts))
                .collect();
            assert_eq!(told.len(), count, "{length} bytes: {ways:?}");
            assert!(
                told.iter().flatten().all(|piece| !piece.is_empty()),
                "{length} bytes: {ways:?}"
            );
            assert!(
                length < 2 || ways.contains(&(1..length).collect()),
                "byte by byte: {ways:?}"
            );
        }
    }

    type Decode = fn(&[u8]) -> Result<Option<Frame>, FrameError>;

    /// Six bytes are a message, unless they come in just these pieces.
    struct BreaksAt {
        cuts: &'static [usize],
        /// What is told then.
        broken: Decode,
        /// How many bytes were there at each look since the last message.
        seen: RefCell<Vec<usize>>,
    }

    impl Framing for BreaksAt {
        fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
            out.extend(message);
            Ok(())
        }

        fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
            let mut seen = self.seen.borrow_mut();
            if input.len() < 6 {
                seen.push(input.len());
                return Ok(None);
            }
            if std::mem::take(&mut *seen) == self.cuts {
                return (self.broken)(input);
            }
            Ok(Some(Frame {
                payload: 0..input.len(),
                consumed: 6,
            }))
        }

        fn ended_inside(&self, _: &[u8]) -> FrameError {
            FrameError::Malformed("ended")
        }
    }

    #[test]
    fn a_framing_that_breaks_at_a_single_way_is_found() {
        let told: [Decode; 3] = [
            |_| Err(FrameError::Malformed("came in just these pieces")),
            |_| {
                Ok(Some(Frame {
                    payload: 1..6,
                    consumed: 6,
                }))
            },
            |_| {
                Ok(Some(Frame {
                    payload: 0..6,
                    consumed: 5,
                }))
            }, // the same message, another end
        ];
        for broken in told {
            let law = |cuts| {
                let framing = BreaksAt {
                    cuts,
                    broken,
                    seen: RefCell::default(),
                };
                same_messages_however_cut(&framing, b"hello!")
            };
            for cuts in [
                &[1][..],
                &[5],
                &[1, 2],
                &[2, 4],
                &[4, 5],
                &[1, 5],
                &[1, 2, 3, 4, 5],
            ] {
                let told = law(cuts).unwrap_err();
                assert!(told.starts_with(&format!("cut at {cuts:?}: ")), "{told}");
            }
            assert_eq!(law(&[1, 2, 3]), Ok(()), "three cuts are not tried");
        }
    }

    /// Takes as many bytes as it says, whatever is there.
    struct Takes(usize);

    impl Framing for Takes {
        fn encode(&self, _: &[u8], _: &mut Vec<u8>) -> Result<(), FrameError> {
            Ok(())
        }

        fn decode(&self, _: &[u8]) -> Result<Option<Frame>, FrameError> {
            Ok(Some(Frame {
                payload: 0..0,
                consumed: self.0,
            }))
        }

        fn ended_inside(&self, _: &[u8]) -> FrameError {
            FrameError::Malformed("ended")
        }
    }

    #[test]
    fn a_framing_that_takes_nothing_or_more_than_there_is_is_refused() {
        for consumed in [6, usize::MAX, 0] {
            let decoded = decode_pieces(&Takes(consumed), [&b"hello"[..]]);
            assert_eq!(decoded.messages.len(), 0);
            assert!(
                matches!(decoded.end, End::Refused(FrameError::Malformed(why)) if why.starts_with("the framing took"))
            );
        }
        assert_eq!(
            decode_pieces(&Takes(5), [&b"hello"[..]]).end,
            End::Clean,
            "all of it may be taken"
        );
    }
}
