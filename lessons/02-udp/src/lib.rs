//! Lesson 02, UDP: one send is one receive, or nothing at all.
//!
//! ```text
//!  ┌──────────────────┬─────────────────┬───────────────────────────┐
//!  │ IP header        │ UDP header      │ payload                   │
//!  │ 20 bytes or more │ 8 bytes         │ 0 to 65,507 bytes         │
//!  └──────────────────┴─────────────────┴───────────────────────────┘
//!                       │ ports from, to: 2 bytes each
//!                       └ length, checksum: 2 bytes each (RFC 768)
//! ```
//!
//! There is no connection, so there is no accept, no end and no order: a server has one socket for everybody, and a
//! client that gets no answer cannot know whether the question or the answer was lost.
//!
//! | file | knows |
//! |---|---|
//! | `datagram.rs` | how large a datagram may be |
//! | `serve.rs` | the loop of a server: nothing that arrives, and no failure, ends it |
//! | `ask.rs` | one question, one answer, one absolute deadline, from the address asked and nobody else |
//! | `clients.rs` | one line of input is one question: `client`, `time`, `hello` |
//! | `clock.rs` | a strftime format to the time as text; no socket |
//! | `address_book.rs` | names for addresses |
//! | `chat.rs`, `chat_server.rs` | a person at each end |
//! | `broadcast.rs`, `listen.rs` | one to many: broadcast, and multicast beside it |
//! | `limits.rs`, `loss.rs` | what UDP does not do, measured |
//! | `demo.rs` | the worked example, recorded |
//! | `scenes.rs` | from the flags of the command line to the above |
#![forbid(unsafe_code)]

mod address_book;
mod ask;
mod broadcast;
mod chat;
mod chat_server;
mod clients;
mod clock;
mod datagram;
mod demo;
mod limits;
mod listen;
mod loss;
pub mod scenes;
mod serve;
mod shown;

pub use address_book::{AddressBook, Contact};
pub use ask::Asker;
pub use clock::format_time;
pub use datagram::{LARGEST, ROOM, too_large};
pub use demo::{demo, demo_svg};
pub use serve::{answer_each, receive};
