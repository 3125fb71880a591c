//! What makes a lesson's `main` a well-behaved program, and what no lesson teaches.
//!
//! A scene is a function from [`Flags`] to [`Result`]. It hands its subject over as a closure that gets a stream; when
//! `--trace` is asked for, the stream is a tap and the subject does not know:
//!
//! ```no_run
//! # use std::io::{Read, Write};
//! fn server(flags: &cli::Flags) -> cli::Result {
//!     let listener = cli::listen(flags.addr_or("127.0.0.1:8080")?.to_bind()?)?;
//!     cli::serve(&listener, flags, None, |mut stream, _peer| {
//!         stream.set_nodelay(true)?; // a decision about the socket stands here, where its lesson teaches it
//!         let mut buffer = [0; 1024];
//!         let count = stream.read(&mut buffer)?;
//!         stream.write_all(buffer.get(..count).unwrap_or_default())
//!     })
//! }
//! ```
//!
//! | file | knows |
//! |---|---|
//! | `exit.rs` | exit status, the one `error:` line, errors in a reader's words |
//! | `flags.rs` | the flags that all scenes share |
//! | `address.rs` | `HOST:PORT`: parse, resolve, bind, connect |
//! | `serve.rs` | bind, announce, one client after the other |
//! | `client.rs` | connect, hand the stream over, draw what happened |
//! | `trace.rs` | what `--trace` asks for; demos |
//! | `entries.rs`, `output.rs` | stdin by lines; stdout: messages, and files (exact in a pipe, escaped on a terminal) |
//! | `progress.rs` | a bar (feature `progress`) |
//! | `log.rs` | `listening on`, log lines, and the pause after a call that failed |
//! | `escaped.rs` | text from others, before a terminal sees it |
//! | `run.rs` | the lines and encodings of `run`, and what its servers share (feature `run`) |
#![forbid(unsafe_code)]

mod address;
mod client;
mod entries;
mod escaped;
mod exit;
mod flags;
mod log;
mod output;
#[cfg(feature = "progress")]
mod progress;
#[cfg(feature = "run")]
mod run;
mod serve;
mod trace;

pub use address::{Address, bind_error, connect_error};
pub use client::{client, connect};
pub use entries::next_entry;
pub use escaped::{escaped_block, escaped_line, shortened};
pub use exit::{ExitError, FailedAt, Result, run_program, why};
pub use flags::{Flags, Wire, parse_seconds, parse_whole};
pub use log::{BackOff, RateLimitedLog, announce, log};
pub use output::{Output, ToStdout, pause_between_blocks, until_ready};
#[cfg(feature = "progress")]
pub use progress::progress;
#[cfg(feature = "run")]
pub use run::{Encoding, Ran, RunArgs, log_command, warn_of_shell};
pub use serve::{close_politely, listen, serve};
pub use trace::{Trace, demo};
