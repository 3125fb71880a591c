//! Every framing of lesson 04 beside a plain copy, plain writes and tokio-util's codec, the servers of lesson 06 beside others, and
//! lesson 07's parser beside httparse: in one run, as ratios.
//!
//! Run it: `cargo bench -p benches --bench ratios` (two minutes), or a part of it: `... --bench ratios -- loopback 16`, `servers`.
//! The heads of lesson 07 are a run of their own: `... --bench ratios -- heads`.
//! `cargo bench -p benches --bench ratios -- --write` keeps what it prints where the chapters show it.
//!
//! | file | measures |
//! |---|---|
//! | `memory.rs` | from bytes in memory to a payload that somebody has looked at |
//! | `heads.rs` | from bytes in memory to the head of an HTTP message, beside httparse |
//! | `loopback.rs` | from a message on one thread, over TCP, to a payload that somebody has looked at on another |
//! | `servers.rs` | from a request of many clients to its answer; `peers.rs` has the servers that are not ours |
//!
//! Compare inside a table; the megabytes move with the machine, the ratios much less. A bench of the criterion kind for
//! the same framings is `framings.rs`.

#![forbid(unsafe_code)]

mod heads;
mod loopback;
mod memory;
mod peers;
mod servers;

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use benches::{SIZES, machine};
use cli::{log, why};

/// Where the chapters look for the tables.
const LESSONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../lessons");

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
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [serve, name] = args.as_slice()
        && serve == "serve"
    {
        return servers::serve(name);
    }
    let has = |word: &str| args.iter().any(|arg| arg == word);
    let all = !["memory", "loopback", "servers"].into_iter().any(has);
    // Without `--bench`, as `cargo test` starts it, it does next to nothing: it shows that every row still runs.
    let (full, write) = (has("--bench"), has("--write"));
    let effort = |bytes, rounds| match full {
        true => Effort { bytes, rounds },
        false => Effort {
            bytes: 64 << 10,
            rounds: 1,
        },
    };
    let mut sizes: Vec<usize> = SIZES
        .into_iter()
        .filter(|size| has(&size.to_string()))
        .collect();
    let whole = sizes.is_empty(); // a part is shown and not kept
    if whole {
        sizes = SIZES.to_vec();
    }

    if has("heads") {
        let mut tell = Told::new("Heads of HTTP messages in memory, many different ones")?;
        for heads in heads::inputs() {
            tell.part(&heads::table(&heads, effort(512 << 10, 61))?)?;
        }
        return Ok(());
    }
    if all || has("memory") {
        let mut tell = Told::new("In memory, until each payload has been looked at")?;
        for &size in &sizes {
            tell.part(&memory::table(size, effort(4 << 20, 31))?.text(size, &["copy", "codec"]))?;
        }
        tell.keep(
            "04-fixed-header/tables/throughput-memory.txt",
            full && write && whole,
        )?;
    }
    if all || has("loopback") {
        let mut tell =
            Told::new("Over a TCP connection inside this machine, from one thread to another")?;
        for &size in &sizes {
            tell.part(&loopback::table(size, effort(64 << 20, 21))?.text(size, &["raw", "codec"]))?;
        }
        tell.keep(
            "04-fixed-header/tables/throughput.txt",
            full && write && whole,
        )?;
    }
    if all || has("servers") {
        let mut tell = Told::new("Servers, under the same clients on the same machine")?;
        tell.part(&servers::tables(effort(0, 21))?)?;
        tell.keep("06-socketserver/tables/servers.txt", full && write)?;
    }
    Ok(())
}

/// What is printed, table by table, and perhaps kept.
struct Told(String);

impl Told {
    fn new(title: &str) -> io::Result<Self> {
        let mut told = Self(String::new());
        told.say(&format!("{title}\n({})\n", machine()))?;
        Ok(told)
    }

    fn part(&mut self, table: &str) -> io::Result<()> {
        self.say(&format!("\n{table}"))
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        self.0.push_str(text);
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    fn keep(self, file: &str, wanted: bool) -> io::Result<()> {
        if wanted {
            fs::write(Path::new(LESSONS).join(file), self.0)
        } else {
            Ok(())
        }
    }
}
