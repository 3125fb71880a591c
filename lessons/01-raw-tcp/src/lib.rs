//! Lesson 01: raw TCP. Two programs talk, and every way in which that ends.
//!
//! A connection is two streams of bytes, one each way. Who wants to talk listens or connects; then both read and write;
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
//! | file | knows |
//! |---|---|
//! | `echo.rs` | the server's half of a conversation: read, upper case, write, until the end. Read this first |
//! | `server.rs` | one client after the other, and a limit on silence |
//! | `exchange.rs` | the client's half: send, collect as many bytes as were sent |
//! | `client.rs` | a person's lines, one after the other |
//! | `hello.rs` | one question, one answer |
//! | `talk.rs`, `talk_server.rs` | a person at both ends |
//! | `unix.rs` | the same echo over a file |
//! | `options/` | every socket call in Python and in Rust, with its value now |
//! | `endings/` | every way in which a connection ends, seen from the other side |
//! | `backlog.rs` | who is connected while nobody accepts |
//! | `short_writes.rs` | how much a write takes |
//! | `demo.rs`, `scenes.rs` | the demo, and what needs no second terminal |
//! | `trace.rs` | `--trace`: a recorder for each connection |
#![forbid(unsafe_code)]

mod backlog;
mod client;
mod demo;
mod echo;
mod endings;
mod exchange;
mod hello;
mod options;
pub mod scenes;
mod server;
mod short_writes;
mod table;
mod talk;
mod talk_server;
mod trace;
#[cfg(unix)]
mod unix;

pub use backlog::{Queue, backlog, somaxconn};
pub use client::client;
pub use demo::{demo, demo_svg};
pub use echo::echo;
pub use endings::{endings, endings_recording, endings_svg};
pub use exchange::{ask, one_read};
pub use hello::{HELLO, HI, hello, hello_server};
pub use options::options;
pub use server::{serve, server};
pub use short_writes::short_writes;
pub use talk::talk;
pub use talk_server::talk_server;
pub use trace::Trace;
#[cfg(unix)]
pub use unix::unix;

/// Where servers listen and clients connect if nobody says otherwise.
pub const DEFAULT_ADDR: &str = "127.0.0.1:8080";

/// The most that one read takes where one read is all: 64 KiB.
pub const ONE_READ: usize = 65_536;
