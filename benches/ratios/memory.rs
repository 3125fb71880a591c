//! In memory: what a framing and its loop cost when no kernel is in the way.
//!
//! | row | what is measured |
//! |---|---|
//! | `copy` | one copy of the payloads, each looked at: the floor |
//! | `marker`, `text`, `size`, `header` | lesson 04's loop and the framing, the payload borrowed from the buffer |
//! | `naive` | the twenty plain lines: a fresh vector for each message |
//! | `codec` | tokio-util's `LengthDelimitedCodec`, which reads the same bytes as `header` from blocks of 256 KiB |
//!
//! `size` carries at most 64 bytes and `marker` less than 64 KiB, so they are not in every table.

use std::hint::black_box;
use std::io::{self, Cursor};
use std::time::Instant;

use benches::{Measured, Memory, Row, Table, look, message};
use common::{Framing, Wire};
use lesson04::{Choice, FixedHeader, MessageStream, Times, naive};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder, LengthDelimitedCodec};

use crate::Effort;

/// What one read brings at most, for the codec as for our own loop when it is warm.
const BLOCK: usize = 256 * 1024;

pub(crate) fn table(size: usize, effort: Effort) -> io::Result<Table> {
    let payload = message(size);
    let messages = effort.bytes / size;
    let wanted = (look(&payload) as u128 * messages as u128) as u64; // sums wrap, and so does this
    let row = |name, batch| row(name, messages as u64, wanted, batch);

    let plain = payload.repeat(messages);
    let mut to = vec![0; BLOCK];
    let copy = move || {
        // Block by block, as reads bring it: a block that was copied is still in the processor's cache when it is looked at.
        black_box(&plain).chunks(to.len()).fold(0, |seen, block| {
            let to = to.get_mut(..block.len()).unwrap_or_default();
            to.copy_from_slice(block);
            to.chunks_exact(size).map(look).fold(seen, u64::wrapping_add)
        })
    };
    let mut rows = vec![row("copy", Box::new(copy))];
    for (name, choice) in [("marker", Choice::Marker), ("text", Choice::Text), ("size", Choice::Size)] {
        if let Some(wire) = encoded(&choice.framing(Wire::Course), &payload, messages) {
            // As `--framing` chooses it, while the program runs.
            rows.push(row(name, Box::new(move || ours(&wire, choice.framing(Wire::Course)))));
        }
    }
    for (name, receive) in [("header", header as fn(&[u8]) -> u64), ("naive", plainly), ("codec", codec)] {
        if let Some(wire) = encoded(&FixedHeader::course(), &payload, messages) {
            rows.push(row(name, Box::new(move || receive(&wire))));
        }
    }
    Table::measure(rows, effort.rounds)
}

fn row<'a>(
    name: &'static str,
    messages: u64,
    wanted: u64,
    mut batch: Box<dyn FnMut() -> u64 + 'a>,
) -> Row<'a> {
    let batch = Box::new(move || {
        let start = Instant::now();
        let seen = batch();
        let time = start.elapsed();
        assert_eq!(seen, wanted, "{name}");
        Ok(Measured { messages, time, calls: None })
    });
    Row { name, batch }
}

/// The wire bytes of so many messages; none where the framing cannot carry them.
fn encoded(framing: &impl Framing, payload: &[u8], messages: usize) -> Option<Vec<u8>> {
    let mut wire = Vec::new();
    (0..messages).try_for_each(|_| framing.encode(payload, &mut wire)).ok()?;
    Some(wire)
}

/// The header as a program that speaks nothing else has it.
fn header(wire: &[u8]) -> u64 {
    ours(wire, FixedHeader::course())
}

fn ours(wire: &[u8], framing: impl Framing) -> u64 {
    let mut stream = MessageStream::new(Memory(black_box(wire)), framing, Times::default());
    let mut seen = 0_u64;
    while let Ok(Some(payload)) = stream.read_message() {
        seen = seen.wrapping_add(look(payload));
    }
    seen
}

fn plainly(wire: &[u8]) -> u64 {
    let (mut stream, mut seen) = (Cursor::new(black_box(wire)), 0_u64);
    while let Ok(payload) = naive::read_message(&mut stream) {
        seen = seen.wrapping_add(look(&payload));
    }
    seen
}

/// As tokio's `FramedRead` does it, without a runtime: a block into the buffer, every whole frame out of it.
fn codec(wire: &[u8]) -> u64 {
    let mut codec = LengthDelimitedCodec::builder().max_frame_length(1_048_576).new_codec();
    let (mut buffer, mut seen) = (BytesMut::with_capacity(BLOCK), 0_u64);
    for block in black_box(wire).chunks(BLOCK) {
        buffer.extend_from_slice(block);
        while let Ok(Some(payload)) = codec.decode(&mut buffer) {
            seen = seen.wrapping_add(look(&payload));
        }
    }
    seen
}
