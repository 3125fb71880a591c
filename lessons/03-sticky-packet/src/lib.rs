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
//! A remote command is the course's favourite example, because its answer is longer than one read. Whoever can connect
//! can make us run things, so what runs, for how long and with how much output is the crate `runner`'s business, for
//! lessons 03 to 06. `naive_runner.rs` is its plain version: read that first.
#![forbid(unsafe_code)]

mod demo;
mod full;
mod interval;
mod kernel;
mod leftover;
mod local_shell;
mod nagle;
mod naive_runner;
mod one_write;
mod pair;
mod ping;
mod reader_writer;
mod run_lines;
pub mod scenes;
mod silence;
mod ss;
mod tcp_commands;
mod udp_commands;
mod whatever_read_gave;

pub use demo::{demo, demo_svg};
pub use naive_runner::run_plainly;
pub use reader_writer::{read_pieces, write_pieces};
pub use run_lines::{Encoding, Ran, RunArgs, not_sent, outcome};
pub use tcp_commands::{ONE_READ, ask, sendable, serve_commands};
pub use udp_commands::{Datagrams, LARGEST, UdpClient, serve_one};
pub use whatever_read_gave::WhateverReadGave;
