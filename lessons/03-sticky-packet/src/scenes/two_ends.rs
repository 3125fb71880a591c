//! `read-server` and `write`: the sticky packet across two terminals.

use std::ffi::OsString;
use std::time::Duration;

use cli::{FailedAt, Flags, Output, Result, Trace, log, parse_seconds};

use super::DEFAULT_ADDR;
use crate::reader_writer::{in_words, read_pieces, write_pieces};

/// The command line of `read-server`.
#[derive(Debug, clap::Args)]
pub struct ReadArgs {
    /// The most that each read may take; the tutorials' receiver reads 10 bytes, twice
    #[arg(value_name = "SIZE", default_values = ["10", "10"], value_parser = parse_size, allow_negative_numbers = true)]
    sizes: Vec<usize>,
    /// Seconds between the connection and the first read
    #[arg(long, value_name = "SECS", value_parser = parse_seconds, allow_negative_numbers = true)]
    late: Option<Duration>,
}

fn parse_size(text: &str) -> std::result::Result<usize, String> {
    let size = text.parse().ok();
    size.filter(|size| (1..=1_048_576).contains(size))
        .ok_or_else(|| "a size is a whole number from 1 to 1048576".to_owned())
}

/// The command line of `write`.
#[derive(Debug, clap::Args)]
pub struct WriteArgs {
    /// One write each
    #[arg(value_name = "MESSAGE", default_values = ["hello", "egg"])]
    messages: Vec<OsString>,
    /// Seconds between two writes
    #[arg(long, value_name = "SECS", value_parser = parse_seconds, allow_negative_numbers = true)]
    every: Option<Duration>,
    /// Switch Nagle's algorithm off
    #[arg(long)]
    nodelay: bool,
}

/// Serves one client: each read on a line of its own.
///
/// # Errors
/// The address cannot be bound, or the client failed.
pub fn read_server(flags: &Flags, args: &ReadArgs) -> Result {
    let listener = cli::listen(flags.addr_or(DEFAULT_ADDR)?.to_bind()?)?;
    log(
        "wrong on purpose: each line is what one read gave, not one message; no limits, no framing",
    );
    let (stream, peer) = listener.accept().failed_at("listener")?;
    drop(listener);
    if let Some(late) = args.late {
        std::thread::sleep(late); // being late is what this scene is for
    }
    let idle = flags.idle;
    stream.set_read_timeout(Some(idle)).failed_at(peer)?;
    let mut out = Output;
    let show = |came: &[u8]| {
        let line = if came.is_empty() { b"the end" } else { came };
        let _ = out.message(line); // nobody reads our stdout: no reason to end
    };
    Trace::new(flags, None).show("reader", |recorder| {
        read_pieces(recorder.stream("reader", &stream), &args.sizes, show)
            .map_err(|error| in_words(error, "silent for", idle))
            .failed_at(peer)
    })
}

/// Writes each message by itself, then closes.
///
/// # Errors
/// Nobody listens, or the connection failed.
pub fn write(flags: &Flags, args: &WriteArgs) -> Result {
    let address = flags.addr_or(DEFAULT_ADDR)?;
    let stream = cli::connect(&address, "cargo run -p lesson03 -- read-server")?;
    log("wrong on purpose: nothing says where a message ends");
    stream.set_nodelay(args.nodelay).failed_at(&address)?;
    let messages = args.messages.iter().map(|m| m.as_encoded_bytes());
    let messages: Vec<&[u8]> = messages.collect();
    Trace::new(flags, None).show("writer", |recorder| {
        write_pieces(recorder.stream("writer", &stream), &messages, args.every).failed_at(&address)
    })
}
