//! `read-server` and `write`: the sticky packet across two terminals.

use std::ffi::OsString;
use std::io;
use std::net::TcpStream;
use std::time::Duration;

use super::DEFAULT_ADDR;
use super::trace::Trace;
use common::{Fault, Flags, Output, announce, bind, connect, log, parse_seconds, parse_whole};

use super::commands::{in_words, seconds};
use crate::reader_writer::{read_pieces, write_pieces};

/// The command line of `read-server`.
#[derive(Debug, clap::Args)]
pub struct ReadArgs {
    /// The most that each read may take; the tutorials' receiver reads 10 bytes, twice
    #[arg(value_name = "SIZE", default_values = ["10", "10"], value_parser = parse_size, allow_negative_numbers = true)]
    sizes: Vec<u32>,
    /// Seconds between the connection and the first read
    #[arg(long, value_name = "SECS", value_parser = parse_seconds, allow_negative_numbers = true)]
    late: Option<Duration>,
}

fn parse_size(text: &str) -> Result<u32, String> {
    match parse_whole(text)? {
        size @ 1..=1_048_576 => Ok(size),
        _ => Err("sizes go from 1 to 1048576".to_owned()),
    }
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
pub fn read_server(flags: &Flags, args: &ReadArgs) -> Result<(), Fault> {
    let listener = bind(&flags.addr_or(DEFAULT_ADDR)?)?;
    let own = |error: io::Error| Fault::io("listener", &error);
    announce(listener.local_addr().map_err(own)?);
    log(
        "wrong on purpose: each line is what one read gave, not one message; no limits, no framing",
    );
    let (stream, peer) = listener.accept().map_err(own)?;
    drop(listener);
    if let Some(late) = args.late {
        std::thread::sleep(late); // being late is what this scene is for
    }
    let failed = |error: io::Error| Fault::io(peer, &error);
    stream.set_read_timeout(Some(flags.idle)).map_err(failed)?;
    let trace = Trace::new(flags);
    let recorder = trace.every_call();
    let sizes: Vec<usize> = args
        .sizes
        .iter()
        .filter_map(|&size| size.try_into().ok())
        .collect();
    let mut out = Output::default();
    let read = read_pieces(recorder.stream("reader", &stream), &sizes, |line| {
        let _ = out.raw(format!("{line}\n").as_bytes()); // nobody reads our stdout: no reason to end
    });
    trace.log(&recorder, "reader");
    let silent = format!("silent for {} s", seconds(flags));
    read.map_err(|error| failed(in_words(error, silent)))
}

/// Writes each message by itself, then closes.
///
/// # Errors
/// Nobody listens, or the connection failed.
pub fn write(flags: &Flags, args: &WriteArgs) -> Result<(), Fault> {
    let address = flags.addr_or(DEFAULT_ADDR)?;
    let stream: TcpStream = connect(&address, "cargo run -p lesson03 -- read-server")?;
    log("wrong on purpose: nothing says where a message ends");
    let failed = |error: io::Error| Fault::io(&address, &error);
    stream.set_nodelay(args.nodelay).map_err(failed)?;
    let trace = Trace::new(flags);
    let recorder = trace.every_call();
    let messages: Vec<&[u8]> = args
        .messages
        .iter()
        .map(|message| message.as_encoded_bytes())
        .collect();
    let written = write_pieces(recorder.stream("writer", &stream), &messages, args.every);
    trace.show(&recorder, "writer")?;
    written.map_err(failed)
}
