//! Lesson 01: raw TCP. Two programs talk, and every way in which that ends.
//!
//! A connection is two streams of bytes, one each way. Each end listens or connects; then both read and write;
//! each ends its own stream, in order (FIN) or by force (RST).
//!
//! ```text
//! server                                  client
//! bind, listen   127.0.0.1:8080
//!                                         connect      the kernel shakes hands (SYN, SYN+ACK, ACK)
//! accept         a second socket
//! read      ◀──────── hello! ──────────   write
//! write     ───────── hi ─────────────▶   read
//! close     ───────── FIN ────────────▶   read gives Ok(0)
//! ```
//!
//! | read | file | knows |
//! |---|---|---|
//! | first | `echo.rs` | the server's half of a conversation: read, upper case, write, until the end |
//! | second | `server.rs` | listen, one client after the other, and a limit on silence |
//! | third | `client.rs` | connect: each address of a name in order |
//! | fourth | `exchange.rs` | the client's half: send, collect as many bytes as were sent |
//!
//! | later | knows |
//! |---|---|
//! | `hello.rs` | one question, one answer |
//! | `backlog.rs` | who is connected while nobody accepts |
//! | `short_writes.rs` | how much a write takes |
//! | `promises/` | a second thread, for a line of any length |
//!
//! What can be skipped: `scenes/`, which is what the command line starts. There are `two_ends.rs` (servers and clients,
//! what they print, `--trace`), `talk.rs` (a person at both ends), `demo.rs`, `unix.rs` (the same echo over a file),
//! `options/` (every socket call in Python and in Rust, with its value now) and `endings/` (every way in which a
//! connection ends, seen from the other side).
//!
//! | where is | |
//! |---|---|
//! | the loop | `serve` in `server.rs` (one client after the other, started by `scenes/two_ends.rs`), `echo` in `echo.rs` (one conversation) |
//! | the limits | silence: `limit_silence` in `server.rs`, for each call (`--idle`, 300 s; a write 10 s). `connect`: a deadline of 10 s, in `client.rs` |
//! | an error's words | `scenes/two_ends.rs`; `crates/cli/src`: `address.rs` (bind, connect), `exit.rs` (what a call gave) |
//! | the trace | `scenes/two_ends.rs`, by the crate `timeline` |
//! | a new scene | its row in `main.rs`, its function in `scenes/` |
#![forbid(unsafe_code)]

pub mod backlog;
pub mod client;
pub mod echo;
pub mod exchange;
pub mod hello;
mod promises;
pub mod scenes;
pub mod server;
pub mod short_writes;

pub use scenes::demo::{demo, demo_svg};
