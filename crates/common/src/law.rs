//! The two laws every right framing keeps, as functions that a test calls.
//!
//! No random numbers here: who calls chooses the bytes and the cuts (the `tests` package with proptest, a unit test by
//! hand). The functions return what broke instead of panicking, because lesson 03 asserts that its framing *does* break.

use crate::framing::{FrameError, Framing};

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
pub fn decode_pieces<'a>(framing: &dyn Framing, pieces: impl IntoIterator<Item = &'a [u8]>) -> Decoded {
    let mut buffer: Vec<u8> = Vec::new();
    let mut messages = Vec::new();
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            match framing.decode(&buffer) {
                Ok(None) => break,
                Err(error) => return Decoded { messages, end: End::Refused(error) },
                Ok(Some(frame)) => {
                    let consumed = frame.consumed;
                    // A frame that takes nothing, or more than there is, would loop or panic in a real program.
                    if consumed == 0 || consumed > buffer.len() {
                        let error =
                            FrameError::Malformed("the framing consumed nothing, or more than it was given");
                        return Decoded { messages, end: End::Refused(error) };
                    }
                    messages.push(frame.payload.to_vec());
                    buffer.drain(..consumed);
                    if buffer.is_empty() {
                        break; // an empty buffer holds no message: every frame consumes at least one byte
                    }
                }
            }
        }
    }
    let end = if buffer.is_empty() { End::Clean } else { End::Unfinished(buffer.len()) };
    Decoded { messages, end }
}

/// Cuts `wire` at each of `cuts` (any order, duplicates and positions past the end are fine).
pub fn pieces<'a>(wire: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<usize> = cuts.iter().map(|&cut| cut.min(wire.len())).collect();
    cuts.sort_unstable();
    cuts.push(wire.len());
    let mut from = 0;
    let mut out = Vec::with_capacity(cuts.len());
    for to in cuts {
        out.push(wire.get(from..to).unwrap_or_default());
        from = to;
    }
    out
}

/// The first law, for one set of cuts: whole and cut, the same messages and the same end come out.
///
/// # Errors
/// A sentence that shows both results.
pub fn same_messages_when_cut(framing: &dyn Framing, wire: &[u8], cuts: &[usize]) -> Result<(), String> {
    let whole = decode_pieces(framing, [wire]);
    let cut = decode_pieces(framing, pieces(wire, cuts));
    if whole == cut {
        return Ok(());
    }
    Err(format!("cut at {cuts:?}: whole gave {whole:?}, cut gave {cut:?}"))
}

/// The first law, exhaustively for a short stream: byte by byte, every single cut, every pair of cuts.
///
/// # Errors
/// The first set of cuts that tells something else.
pub fn same_messages_however_cut(framing: &dyn Framing, wire: &[u8]) -> Result<(), String> {
    let every: Vec<usize> = (0..wire.len()).collect();
    same_messages_when_cut(framing, wire, &every)?;
    for first in 0..wire.len() {
        for second in first..wire.len() {
            same_messages_when_cut(framing, wire, &[first, second])?;
        }
    }
    Ok(())
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
            return Err(format!("{length} bytes gave {early:?}, all {} bytes gave {full:?}", wire.len()));
        }
    }
    Ok(())
}
