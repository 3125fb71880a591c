//! Lesson 06: `socketserver`. Write what happens on one connection; the server does the rest, for many clients at once.
//!
//! ```text
//! sequential   accept A ─ handle A ........ ─ accept B ─ handle B ─ accept C ...
//!
//! threads      accept A, accept B, accept C, ...
//!                └ handle A ........                     A's thread
//!                          └ handle B ..                 B's
//!
//! pool         accept A ─ handle A ........              16 threads, each of which accepts
//!              accept B ─ handle B .. ─ accept C ─ ...
//! ```
//!
//! A handler does not know which of the three serves it.
//!
//! | read | file | knows |
//! |---|---|---|
//! | first | `examples/threaded_echo.rs` | the whole idea, and no promise |
//! | second | `handler.rs` | what a user of a server writes |
//! | third | `tcp_server.rs` | the accept loop, and what becomes of one connection; the sequential server |
//! | fourth | `threading.rs` | a thread for each client |
//! | as needed | `pool.rs` | a fixed number of threads |
//! | | `udp_server.rs` | the datagram side |
//! | | `reply.rs` | a handler: the tutorials' sentence |
//! | skip | `sys.rs` | threads, locks and sockets, in one place for the model check |
//! | skip | `promises/` | the stop, the limit, the pause, the semaphore, the descriptors |
//! | skip | `python/` | the tutorials' bytes |
//! | skip | `scenes/` | what the command line starts; the demo; the log |
//!
//! | where is | |
//! |---|---|
//! | the loop | `serve_forever` in `tcp_server.rs`; with threads, in `threading.rs` |
//! | the limit on clients | `promises/max_clients.rs` |
//! | the deadline | lesson 04's `MessageStream` keeps it, inside the handler: `reply.rs` |
//! | the stop | `promises/stopper.rs` |
//! | the catch of a panic | `promises/panics.rs`; what it costs the connection, `serve` in `tcp_server.rs` |
//! | an error's words | `Notice` in `handler.rs`, written by `scenes/served.rs` |
//! | a new scene | its row in `main.rs`, its function in `scenes/` |
//! | the tests of all three servers | `tests/course/lesson06/servers/`, at the top of the repository |
#![forbid(unsafe_code)]

mod handler;
mod pool;
mod promises;
mod python;
mod reply;
pub mod scenes;
mod sys;
mod tcp_server;
mod threading;
mod udp_server;

pub use handler::{DatagramHandler, Handler, Notice};
pub use pool::PoolServer;
pub use promises::connections::Counts;
pub use promises::descriptors::raise_descriptor_limit;
pub use promises::idle_memory::give_memory_back;
pub use promises::max_clients::MAX_CLIENTS;
pub use promises::semaphore::{Permit, Semaphore};
pub use promises::stopper::{GRACE, Stopper};
pub use python::serve_unframed_replies;
pub use reply::{reply, serve_replies};
pub use tcp_server::TcpServer;
pub use threading::ThreadingTcpServer;
pub use udp_server::UdpServer;
