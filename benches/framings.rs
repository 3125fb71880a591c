//! Every framing of lesson 04, in memory: whole messages, from bytes to a payload that somebody has looked at.
//!
//! Run it: `cargo bench -p benches --bench framings`
//!
//! | row | what is measured |
//! |---|---|
//! | `copy` | one copy of the same payloads, looked at message by message as in every other row: the floor |
//! | `marker`, `text`, `size`, `header` | lesson 04's loop and the framing, payload borrowed from the buffer |
//! | `header, naive` | the twenty plain lines: a fresh vector for each message |
//! | `codec` | tokio-util's `LengthDelimitedCodec`, which decodes the same bytes as `header` |
//!
//! Every payload is summed up and the sum is compared: a decoder that hands out slices nobody reads would report
//! thousands of gigabytes a second. Compare rows within one run; the absolute numbers move with the machine. `size`
//! carries at most 64 bytes, so it has no rows for more, and `marker` at most 64 KiB.

#![forbid(unsafe_code)]
#![allow(missing_docs)] // criterion's macro makes an undocumented function

use std::hint::black_box;
use std::io::Cursor;
use std::time::Duration;

use benches::{Memory, look, message};
use common::{Framing, Wire};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lesson04::{Choice, FixedHeader, MessageStream, Times, naive};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder, LengthDelimitedCodec};

/// Bytes of payload in one batch: larger than a processor's caches, small enough for a short run.
const BATCH: usize = 4 * 1024 * 1024;

/// Payload sizes: a chat line, a small record, a page, a block of a file.
const SIZES: [usize; 4] = [16, 256, 4 * 1024, 64 * 1024];

/// What one read brings at most, for the codec as for our own loop when it is warm.
const BLOCK: usize = 256 * 1024;

fn framings(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("framings");
    for size in SIZES {
        let count = BATCH / size;
        let payload = message(size);
        let wanted = (look(&payload) as u128 * count as u128) as u64;
        group.throughput(Throughput::Bytes(BATCH as u64));

        let plain = payload.repeat(count);
        group.bench_function(BenchmarkId::new("copy", size), |bench| {
            let mut to = vec![0; plain.len()];
            bench.iter(|| {
                to.copy_from_slice(black_box(&plain));
                assert_eq!(to.chunks(size).map(look).fold(0, u64::wrapping_add), wanted);
            });
        });
        for choice in Choice::ALL {
            let mut wire = Vec::new();
            let framing = choice.framing(Wire::Course);
            if (0..count).try_for_each(|_| framing.encode(&payload, &mut wire)).is_err() {
                continue; // too long for this one
            }
            let name = format!("{choice:?}").to_lowercase();
            group.bench_function(BenchmarkId::new(name, size), |bench| {
                bench.iter(|| assert_eq!(ours(black_box(&wire), choice), wanted));
            });
            if choice == Choice::Header {
                group.bench_function(BenchmarkId::new("header, naive", size), |bench| {
                    bench.iter(|| assert_eq!(plainly(black_box(&wire)), wanted));
                });
                group.bench_function(BenchmarkId::new("codec", size), |bench| {
                    bench.iter(|| assert_eq!(codec(black_box(&wire)), wanted));
                });
            }
        }
    }
    group.finish();
}

fn ours(wire: &[u8], choice: Choice) -> u64 {
    // The header as a program that speaks nothing else has it; the others as `--framing` chooses them.
    match choice {
        Choice::Header => summed(MessageStream::new(Memory(wire), FixedHeader::course(), Times::default())),
        _ => summed(MessageStream::new(Memory(wire), choice.framing(Wire::Course), Times::default())),
    }
}

fn summed<F: Framing>(mut stream: MessageStream<Memory<'_>, F>) -> u64 {
    let mut total = 0_u64;
    while let Ok(Some(payload)) = stream.read_message() {
        total = total.wrapping_add(look(payload));
    }
    total
}

fn plainly(wire: &[u8]) -> u64 {
    let mut stream = Cursor::new(wire);
    let mut total = 0_u64;
    while let Ok(payload) = naive::read_message(&mut stream) {
        total = total.wrapping_add(look(&payload));
    }
    total
}

/// As tokio's `FramedRead` does it, without a runtime: a block into the buffer, every whole frame out of it.
fn codec(wire: &[u8]) -> u64 {
    let mut codec = LengthDelimitedCodec::builder().max_frame_length(1_048_576).new_codec();
    let mut buffer = BytesMut::with_capacity(BLOCK);
    let mut total = 0_u64;
    for block in wire.chunks(BLOCK) {
        buffer.extend_from_slice(block);
        while let Ok(Some(payload)) = codec.decode(&mut buffer) {
            total = total.wrapping_add(look(&payload));
        }
    }
    total
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = framings
}
criterion_main!(benches);
