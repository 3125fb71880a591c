//! Lesson 06: `socketserver`. Write what happens on one connection; the server does the rest, for many clients at once.
#![forbid(unsafe_code)]

mod handler;
mod listening;
mod pool;
mod promises;
mod python;
mod reply;
pub mod scenes;
mod tcp_server;
mod threading;
mod udp_server;

pub use handler::{DatagramHandler, Handler, Notice};
pub use listening::Counts;
pub use pool::PoolServer;
pub use promises::descriptors::raise_descriptor_limit;
pub use promises::max_clients::MAX_CLIENTS;
pub use promises::semaphore::{Permit, Semaphore};
pub use promises::stopper::{GRACE, Stopper};
pub use python::serve_unframed_replies;
pub use reply::{reply, serve_replies};
pub use tcp_server::TcpServer;
pub use threading::ThreadingTcpServer;
pub use udp_server::UdpServer;
