//! Every framing of lesson 04, in memory: whole messages, from bytes to a payload that somebody has looked at.
//!
//! Run it: `cargo bench -p benches --bench framings`. The rows are told in `benches/src/receivers.rs`.
//!
//! Every payload is summed up and the sum is compared: a decoder that hands out slices nobody reads would report
//! thousands of gigabytes a second. criterion measures one row after the other, so compare what differs by more than the
//! machine's mood; for ratios there is `ratios`.

#![forbid(unsafe_code)]
#![allow(missing_docs)] // criterion's macro makes an undocumented function

use std::time::Duration;

use benches::{SIZES, ways};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Bytes of payload in one batch: larger than a processor's caches, small enough for a short run.
const BATCH: usize = 4 * 1024 * 1024;

fn framings(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("framings");
    group.throughput(Throughput::Bytes(BATCH as u64));
    for size in SIZES {
        let (wanted, ways) = ways(size, BATCH / size);
        for mut way in ways {
            group.bench_function(BenchmarkId::new(way.name, size), |bench| {
                bench.iter(|| assert_eq!((way.run)(), wanted));
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = framings
}
criterion_main!(benches);
