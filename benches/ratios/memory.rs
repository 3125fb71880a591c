//! In memory: what a framing and its loop cost when no kernel is in the way. The rows are told in `benches/src/receivers.rs`.

use std::io;
use std::time::Instant;

use benches::{Measured, Row, Table, Way, ways};

use crate::Effort;

pub(crate) fn table(size: usize, effort: Effort) -> io::Result<Table> {
    let messages = effort.bytes / size;
    let (wanted, ways) = ways(size, messages);
    let row = |Way { name, mut run }| {
        let batch = Box::new(move || {
            let start = Instant::now();
            let seen = run();
            let time = start.elapsed();
            assert_eq!(seen, wanted, "{name}");
            Ok(Measured {
                messages: messages as u64,
                time,
                calls: None,
            })
        });
        Row { name, batch }
    };
    Table::measure(ways.into_iter().map(row).collect(), effort.rounds)
}
