//! Lesson 03: the sticky packet (粘包). Two writes become one read, because TCP carries bytes and no messages.
//!
//! ```text
//! writes      [hello] [egg]
//! the stream   h e l l o e g g        no edges in it
//! reads       [h e l l o e g g]       or [h e] [l l o e g g], or any other
//! ```
//!
//! | read | file | knows |
//! |---|---|---|
//! | first | `examples/sticky_server.rs`, `sticky_client.rs` | the mistake alone: one read is taken for one message |
//! | second | `whatever_read_gave.rs` | the mistake as a framing, so that a test can see it break the law |
//! | third | `tcp_commands.rs` | both ends of a remote command as the tutorials send it |
//! | | `reader_writer.rs` | what one read gives, for two terminals |
//! | | `late_reader.rs` | a reader that is late for certain: look into the buffer, without sleeping |
//! | skip | `udp_commands.rs` | the same over UDP: never sticks, and loses what is too big |
//! | skip | `naive_runner.rs` | running a command, and what it lacks for a stranger's |
//! | skip | `scenes/` | what the command line starts, and the kernel's side: `kernel`, `nagle`, `one-write`, `full`, `silence` |
//!
//! There is no `promises/` here. The scenes are wrong on purpose and say so; what a stranger's command may do, for how long
//! and with how much output, is promised by the crate `runner`, for lessons 03 to 06.
//!
//! | where is | |
//! |---|---|
//! | the loop | `serve_commands` in `tcp_commands.rs` |
//! | the limit | `ONE_READ` in `tcp_commands.rs`: what one read may give. A command's limits: the crate `runner` |
//! | the deadline | `tcp_commands.rs` limits each call; a true one only in `udp_commands.rs` |
//! | an error's words | `in_words` in `reader_writer.rs`; `crates/cli/src`, `address.rs` and `exit.rs` |
//! | accept, connect, trace | `crates/cli/src`: `serve` in `serve.rs`, `client.rs`; they hand a tap to the scene's closure |
//! | a new scene | its row in `main.rs`, its function in `scenes/` |
#![forbid(unsafe_code)]

mod late_reader;
mod naive_runner;
mod reader_writer;
pub mod scenes;
mod tcp_commands;
mod udp_commands;
mod whatever_read_gave;

pub use late_reader::{pair, wait_until_queued};
pub use naive_runner::run_plainly;
pub use reader_writer::{read_pieces, write_pieces};
pub use tcp_commands::{ONE_READ, ask, sendable, serve_commands};
pub use udp_commands::{CAPACITY, LARGEST, answer, two_datagrams};
pub use whatever_read_gave::WhateverReadGave;
