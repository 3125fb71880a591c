//! Ways from bytes in memory to payloads that somebody has looked at, for both kinds of bench.
//!
//! | row | what is measured |
//! |---|---|
//! | `copy` | one copy of the payloads, each looked at: the floor |
//! | `marker`, `text`, `size`, `header` | lesson 04's loop and the framing, the payload borrowed from the buffer |
//! | `naive` | the twenty plain lines: a fresh vector for each message |
//! | `codec` | tokio-util's `LengthDelimitedCodec`, which reads the same bytes as `header` from blocks of 256 KiB |
//!
//! `size` carries at most 64 bytes and `marker` at most 64 KiB, so they are not in every table.

use std::hint::black_box;
use std::io::Cursor;

use cli::Wire;
use common::Framing;
use lesson04::{FixedHeader, FramingChoice, MessageStream, Times};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder, LengthDelimitedCodec};

use crate::memory::Memory;
use crate::naive;
use crate::payload::{look, message, seen_in_all};

/// What one call moves where nothing else is said: what one read brings at most to our own loop when it is warm.
pub const BLOCK: usize = 256 * 1024;

/// One way, and what it sees when it is right.
pub struct Way {
    /// Its row in a table.
    pub name: &'static str,
    /// Does it once, over all messages; the sum of what was seen.
    pub run: Box<dyn FnMut() -> u64>,
}

/// All ways for payloads of `size` bytes, `messages` of them, and the sum that each has to see.
pub fn ways(size: usize, messages: usize) -> (u64, Vec<Way>) {
    let payload = message(size);
    let wanted = seen_in_all(&payload, messages);
    let (plain, mut to) = (payload.repeat(messages), vec![0; BLOCK]);
    let mut ways = vec![Way {
        name: "copy",
        run: Box::new(move || copy(&plain, size, &mut to)),
    }];
    for (name, choice) in [
        ("marker", FramingChoice::Delimiter),
        ("text", FramingChoice::Text),
        ("size", FramingChoice::Size),
    ] {
        // As `--framing` chooses it, while the program runs.
        if let Some(wire) = encoded(&choice.framing(Wire::Course), &payload, messages) {
            ways.push(Way {
                name,
                run: Box::new(move || ours(&wire, choice.framing(Wire::Course))),
            });
        }
    }
    for (name, receive) in [
        ("header", header as fn(&[u8]) -> u64),
        ("naive", plainly),
        ("codec", codec),
    ] {
        if let Some(wire) = encoded(&FixedHeader::course(), &payload, messages) {
            ways.push(Way {
                name,
                run: Box::new(move || receive(&wire)),
            });
        }
    }
    (wanted, ways)
}

/// The wire bytes of so many messages; none where the framing cannot carry them.
fn encoded(framing: &impl Framing, payload: &[u8], messages: usize) -> Option<Vec<u8>> {
    let mut wire = Vec::new();
    (0..messages)
        .try_for_each(|_| framing.encode(payload, &mut wire))
        .ok()?;
    Some(wire)
}

/// Lesson 04's loop, with any framing.
fn ours(wire: &[u8], framing: impl Framing) -> u64 {
    let mut stream = MessageStream::new(Memory(black_box(wire)), framing, Times::default());
    let mut seen = 0_u64;
    while let Ok(Some(payload)) = stream.read_message() {
        seen = seen.wrapping_add(look(payload));
    }
    seen
}

/// The same with the fixed header, as a program that speaks nothing else has it.
fn header(wire: &[u8]) -> u64 {
    ours(wire, FixedHeader::course())
}

/// The twenty plain lines: a fresh vector for each message.
fn plainly(wire: &[u8]) -> u64 {
    let (mut stream, mut seen) = (Cursor::new(black_box(wire)), 0_u64);
    while let Ok(payload) = naive::read_message(&mut stream) {
        seen = seen.wrapping_add(look(&payload));
    }
    seen
}

/// tokio-util's codec for the same bytes as the fixed header, with the same limit.
pub fn length_codec() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder()
        .max_frame_length(1_048_576)
        .new_codec()
}

/// That codec, as tokio's `FramedRead` drives it, without a runtime: a block into the buffer, every whole frame
/// out of it.
fn codec(wire: &[u8]) -> u64 {
    let mut codec = length_codec();
    let (mut buffer, mut seen) = (BytesMut::with_capacity(BLOCK), 0_u64);
    for block in black_box(wire).chunks(BLOCK) {
        buffer.extend_from_slice(block);
        while let Ok(Some(payload)) = codec.decode(&mut buffer) {
            seen = seen.wrapping_add(look(&payload));
        }
    }
    seen
}

/// One copy of `payloads`, each of `size` bytes and looked at: the floor. Block by block, as reads bring it: a block that was
/// copied is still in the processor's cache when it is looked at.
fn copy(payloads: &[u8], size: usize, to: &mut [u8]) -> u64 {
    black_box(payloads).chunks(to.len()).fold(0, |seen, block| {
        let to = to.get_mut(..block.len()).unwrap_or_default();
        to.copy_from_slice(block);
        to.chunks_exact(size)
            .map(look)
            .fold(seen, u64::wrapping_add)
    })
}
