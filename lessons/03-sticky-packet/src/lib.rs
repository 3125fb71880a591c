//! Lesson 03: the sticky packet (粘包). Two writes become one read, because TCP carries bytes and no messages.
//!
//! ```text
//! writes      [hello] [egg]
//! the stream   h e l l o e g g        no edges in it
//! reads       [h e l l o e g g]       or [h e] [l l o e g g], or any other
//! ```
//!
//! The mistake, taking one read for one message:
//!
//! | file | knows |
//! |---|---|
//! | `whatever_read_gave.rs` | the mistake as a framing, so that it can be tested. Read this first |
//! | `demo.rs`, `leftover.rs` | two writes in one read; one write in three |
//! | `reader_writer.rs` | the same across two terminals |
//! | `interval.rs` | the folk cure, and why it seems to work |
//! | `kernel.rs`, `one_write.rs`, `nagle.rs`, `silence.rs`, `ss.rs` | what the kernel counts, and what it does not do |
//! | `full.rs` | a reader that never reads: flow control, and a writer that has to wait |
//! | `pair.rs` | both ends in one process, and a reader that is late for certain |
//! | `tcp_commands.rs`, `udp_commands.rs`, `run_lines.rs` | remote commands as the tutorials send them |
//! | `local_shell.rs`, `ping.rs` | running programs without a network |
//! | `scenes.rs`, `scenes/` | the command line's side of all of them |
//!
//! Running a command for somebody at the other end of a connection:
//!
//! A remote command is the course's favourite example, because its answer is longer than one read. It is also the most
//! dangerous one: whoever can connect can make us run things. So what runs, for how long and with how much output is
//! decided here, once, for lessons 03 to 06.
//!
//! ```text
//! command line --> words --> on the list? --> a free slot --> own process group --> Answer
//! ls -l 'a b'      ls|-l|a b  126 if not      16 at once      10 s, 1 MiB          status, stdout, stderr
//! ```
//!
//! | file | knows |
//! |---|---|
//! | `naive_runner.rs` | the plain version: read this first |
//! | `runner.rs` | what runs: the rules, the limits, the environment |
//! | `group.rs` | how it runs: the clock, the client, the end of the whole group (Unix) |
//! | `pipes.rs` | both outputs, read as they fill (Unix) |
//! | `slots.rs` | 16 at once, the next waits its turn |
//! | `words.rs` | a command line cut into words: blanks and quotes, nothing else |
//! | `list.rs` | the harmless programs and the options each may be given |
//! | `allowed.rs` | how a command is judged by that list |
//! | `answer.rs` | status, stdout, stderr, and how they are cut to fit a message |
//! | `http_guard.rs` | a request that a browser wrote is not a command |
//! | `reset_watch.rs` | whether the client is still there |
#![forbid(unsafe_code)]

mod allowed;
mod answer;
mod demo;
mod full;
#[cfg(unix)]
mod group;
mod http_guard;
mod interval;
mod kernel;
mod leftover;
mod list;
mod local_shell;
mod nagle;
mod naive_runner;
mod one_write;
mod pair;
mod ping;
#[cfg(unix)]
mod pipes;
mod reader_writer;
mod reset_watch;
mod run_lines;
mod runner;
pub mod scenes;
mod silence;
mod slots;
mod ss;
mod tcp_commands;
mod udp_commands;
mod whatever_read_gave;
mod words;

pub use allowed::{NotAllowed, check, programs};
pub use answer::{Answer, NOT_ALLOWED, NOT_FOUND, OVER_LIMIT, TIMED_OUT};
pub use demo::{demo, demo_svg};
pub use http_guard::is_http;
pub use naive_runner::run_plainly;
pub use reader_writer::{read_pieces, write_pieces};
pub use reset_watch::reset_watch;
pub use run_lines::{Encoding, Ran, RunArgs, not_sent, outcome};
pub use runner::{Limits, Rules, Runner};
pub use tcp_commands::{ONE_READ, ask, sendable, serve_commands};
pub use udp_commands::{Datagrams, LARGEST, UdpClient, serve_one};
pub use whatever_read_gave::WhateverReadGave;
pub use words::{WordsError, split};
