//! Lesson 02, UDP: one receive gives one datagram, whole, or none.
//!
//! ```text
//!  ┌──────────────────┬─────────────────┬───────────────────────────┐
//!  │ IP header        │ UDP header      │ payload                   │
//!  │ 20 bytes or more │ 8 bytes         │ 0 to 65,507 bytes         │
//!  └──────────────────┴─────────────────┴───────────────────────────┘
//!                       │ source port, destination port: 2 bytes each
//!                       └ length, checksum: 2 bytes each (RFC 768)
//! ```
//!
//! There is no connection, so there is no accept, no end and no order: a server has one socket for everybody, and a
//! client that gets no answer cannot know whether the question or the answer was lost.
//!
//! | read | file | knows |
//! |---|---|---|
//! | first | `serve.rs` | a server's exchange: nothing that arrives, and no failure, ends it |
//! | second | `ask.rs` | a client's: one question, one answer |
//! | third | `promises/only_the_peer.rs`, `promises/deadline.rs` | whose answer counts, and until when |
//! | as needed | `datagram.rs` | how large a datagram may be, and the four calls |
//! | as needed | `clock.rs` | a strftime format to the time as text; no socket |
//! | as needed | `broadcast.rs` | one to many: broadcast, and multicast beside it |
//! | as needed | `loss.rs` | datagrams that never arrive, counted |
//!
//! The other promises: `promises/too_large.rs`, `promises/own_address.rs`. A first reading can skip `scenes/`: what the
//! command line starts (`servers.rs`, `clients.rs`, `chat.rs`, `broadcast.rs`, `limits.rs`) and the demo.
//!
//! | where is | |
//! |---|---|
//! | the loop | `answer_next` in `serve.rs` is one round of it; `for_ever` in `scenes/servers.rs` goes round |
//! | the limit | `LARGEST` in `datagram.rs`, asked for in `promises/too_large.rs` |
//! | the deadline | `promises/deadline.rs` |
//! | an error's words | no answer: `ask.rs`; the others: `crates/cli/src`, `address.rs` and `exit.rs` |
//! | the trace | `scenes/mod.rs` gives the subject a tap for a socket |
//! | a new scene | its row in `main.rs`, its function in `scenes/` |
#![forbid(unsafe_code)]

pub mod ask;
pub mod broadcast;
pub mod clock;
pub mod datagram;
pub mod loss;
/// One file, one promise, with its price in its first lines.
pub mod promises {
    pub mod deadline;
    pub mod only_the_peer;
    pub mod own_address;
    pub mod too_large;
}
pub mod scenes;
pub mod serve;

pub use ask::{Asker, NoAnswer};
pub use clock::format_time;
pub use datagram::{CAPACITY, Datagrams, LARGEST};
pub use scenes::demo::{demo, demo_svg};
pub use serve::{Exchange, answer_next, receive};
