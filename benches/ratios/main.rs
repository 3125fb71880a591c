//! Every framing of lesson 04 beside a plain copy, plain writes and tokio-util's codec, in one run, as ratios.
//!
//! Run it: `cargo bench -p benches --bench ratios` (a minute), or a part of it: `... --bench ratios -- loopback 16`.
//! `cargo bench -p benches --bench ratios -- --write` keeps what it prints where chapter 04 includes it.
//!
//! | file | measures |
//! |---|---|
//! | `memory.rs` | from bytes in memory to a payload that somebody has looked at |
//! | `loopback.rs` | from a message on one thread, over TCP, to a payload that somebody has looked at on another |
//!
//! Compare inside a table; the megabytes move with the machine, the ratios much less. A bench of the criterion kind for
//! the same framings is `framings.rs`.

#![forbid(unsafe_code)]

mod loopback;
mod memory;

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;

use benches::machine;
use common::{log, why};

/// Payload sizes: a chat line, a small record, a page, a block of a file.
const SIZES: [usize; 4] = [16, 256, 4 * 1024, 64 * 1024];

/// Where chapter 04 looks for the tables.
const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../lessons/04-fixed-header/throughput.txt");

/// How much one run does.
#[derive(Clone, Copy)]
struct Effort {
    /// Bytes of payload in a batch.
    bytes: usize,
    rounds: usize,
}

fn main() -> ExitCode {
    match tables() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS, // `| head`
        Err(error) => {
            log(format_args!("error: ratios: {}", why(&error)));
            ExitCode::FAILURE
        }
    }
}

fn tables() -> io::Result<()> {
    // Without `--bench`, as `cargo test` starts it, it does next to nothing: it shows that every row still runs.
    let full = std::env::args().any(|arg| arg == "--bench");
    let only: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let named = |name: &str| only.iter().any(|only| only == name);
    let wanted = |name: &str| named(name) || !(named("memory") || named("loopback"));
    let sizes: Vec<usize> = SIZES.into_iter().filter(|size| named(&size.to_string())).collect();
    let sizes = if sizes.is_empty() { SIZES.to_vec() } else { sizes };

    let mut text = String::new();
    let mut tell = |part: &str| {
        text.push_str(part);
        let mut out = io::stdout().lock();
        out.write_all(part.as_bytes())?;
        out.flush()
    };
    tell(&format!("{}\n", machine()))?;
    if wanted("memory") {
        let effort =
            if full { Effort { bytes: 4 << 20, rounds: 31 } } else { Effort { bytes: 64 << 10, rounds: 1 } };
        tell("\nIn memory, until each payload has been looked at:\n")?;
        for &size in &sizes {
            tell(&format!("\n{}", memory::table(size, effort)?.text(size, &["copy", "codec"])))?;
        }
    }
    if wanted("loopback") {
        let effort =
            if full { Effort { bytes: 64 << 20, rounds: 21 } } else { Effort { bytes: 64 << 10, rounds: 1 } };
        tell("\nOver a TCP connection inside this machine, from one thread to another:\n")?;
        for &size in &sizes {
            tell(&format!("\n{}", loopback::table(size, effort)?.text(size, &["raw", "codec"])))?;
        }
    }
    if full && std::env::args().any(|arg| arg == "--write") {
        fs::write(KEPT, text)?;
    }
    Ok(())
}
