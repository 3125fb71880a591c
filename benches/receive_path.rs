//! What a header costs the one who receives: whole messages, from bytes to a payload that somebody has looked at.
//!
//! Run it: `cargo bench -p benches --bench receive_path`
//!
//! | row | what is measured |
//! |---|---|
//! | `copy` | one copy of the same bytes: the floor |
//! | `fixed header` | lesson 04: 4 bytes, then the payload, borrowed from the buffer |
//! | `json header` | lesson 05: 4 bytes, a JSON header with a size, then the body |
//!
//! The stream is memory, so that the kernel is not what is measured. Every payload is summed up: a decoder
//! that hands out slices nobody reads would report thousands of gigabytes a second. The sum is compared, so a wrong
//! decoder fails instead of being fast. Compare rows within one run; the absolute numbers move with the machine.

#![forbid(unsafe_code)]
#![allow(missing_docs)] // criterion's macro makes an undocumented function

use std::hint::black_box;
use std::time::Duration;

use benches::{Memory, SIZES, look, message, seen_in_all};
use common::Framing;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use lesson04::{FixedHeader, MessageStream, Times};
use lesson05::{Header, JsonStream, encode};

/// Bytes in one batch: larger than a processor's caches, small enough for a short run.
const BATCH: usize = 4 * 1024 * 1024;

fn receive(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("receive");
    for size in SIZES {
        let count = BATCH / size;
        let payload = message(size);
        let wanted = seen_in_all(&payload, count);
        group.throughput(Throughput::Bytes(BATCH as u64));

        let plain = payload.repeat(count);
        group.bench_function(BenchmarkId::new("copy", size), |bench| {
            let mut to = vec![0; plain.len()];
            bench.iter(|| {
                to.copy_from_slice(black_box(&plain));
                assert_eq!(to.chunks(size).map(look).fold(0, u64::wrapping_add), wanted);
            });
        });

        let mut framed = Vec::new();
        for _ in 0..count {
            assert_eq!(FixedHeader::course().encode(&payload, &mut framed), Ok(()));
        }
        group.bench_function(BenchmarkId::new("fixed header", size), |bench| {
            bench.iter(|| assert_eq!(fixed_header(black_box(&framed)), wanted));
        });

        let mut described = Vec::new();
        for _ in 0..count {
            let header = encode(&[
                ("op", "put".into()),
                ("name", "a.txt".into()),
                ("size", size.into()),
            ]);
            assert_eq!(
                FixedHeader::course().encode(&header, &mut described),
                Ok(())
            );
            described.extend_from_slice(&payload);
        }
        group.bench_function(BenchmarkId::new("json header", size), |bench| {
            bench.iter(|| assert_eq!(json_header(black_box(&described), size), wanted));
        });
    }
    group.finish();
}

fn fixed_header(wire: &[u8]) -> u64 {
    let mut stream = MessageStream::new(Memory(wire), FixedHeader::course(), Times::default());
    let mut total = 0_u64;
    while let Ok(Some(payload)) = stream.read_message() {
        total = total.wrapping_add(look(payload));
    }
    total
}

fn json_header(wire: &[u8], largest: usize) -> u64 {
    let mut stream = JsonStream::course(Memory(wire), Duration::from_secs(1));
    let mut body = vec![0; largest];
    let mut total = 0_u64;
    while let Ok(Some(bytes)) = stream.request() {
        let size = Header::parse(bytes)
            .and_then(|header| header.size("size"))
            .unwrap_or(0);
        let Some(body) = usize::try_from(size)
            .ok()
            .and_then(|size| body.get_mut(..size))
        else {
            break;
        };
        if stream.raw().read_raw_exact(body).is_err() {
            break;
        }
        total = total.wrapping_add(look(body));
    }
    total
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = receive
}
criterion_main!(benches);
