//! Lesson 06's own files, compiled once more: with [shuttle](https://docs.rs/shuttle)'s threads and locks in place of std's, and with
//! sockets that have no kernel. Nothing is copied. What the lesson's `sys.rs` names is named here by another `sys.rs`.
//!
//! A race shows in a test once in a million runs, on the machine of somebody else. Under shuttle one thread runs at a time and the
//! scheduler decides at each lock who is next: `interleavings.rs` runs each scene in hundreds of orders, finds every deadlock
//! among them, and prints a schedule that repeats it.
//!
//! Run it: `cargo test -p model` (it is part of `cargo test --workspace`, and of nothing that a reader of a lesson builds).
#![cfg(not(test))] // the lesson's files have tests of their own, which want std's threads
#![forbid(unsafe_code)]
#![allow(dead_code, reason = "some parts of the lesson have no use here")]
#![allow(
    unreachable_pub,
    reason = "what the lesson's lib.rs exports is not exported here"
)]

#[path = "../../lessons/06-socketserver/src/handler.rs"]
mod handler;
#[path = "../../lessons/06-socketserver/src/pool.rs"]
mod pool;
mod promises;
pub mod sys;
#[path = "../../lessons/06-socketserver/src/tcp_server.rs"]
mod tcp_server;
#[path = "../../lessons/06-socketserver/src/threading.rs"]
mod threading;

pub use handler::{Handler, Notice};
pub use pool::PoolServer;
pub use promises::semaphore::Semaphore;
pub use promises::stopper::Stopper;
pub use tcp_server::TcpServer;
pub use threading::ThreadingTcpServer;
