//! Lesson 04: the fixed header, which tells the reader of a stream where each message ends, and three other ways.
//!
//! TCP carries bytes, not messages. So the sender says how long a message is before it sends it: four bytes of length,
//! then that many bytes of payload. The same two messages, `hi` and an empty one, on our two wires:
//!
//! ```text
//! course wire: big-endian, unsigned         python wire: little-endian, signed, as struct.pack('i', n)
//!
//! 00 00 00 02  68 69   00 00 00 00          02 00 00 00  68 69   00 00 00 00
//! `-- 2 ----´  `hi´    `-- 0 ----´          `-- 2 ----´  `hi´    `-- 0 ----´
//! ```
//!
//! | file | knows | does not know |
//! |---|---|---|
//! | `naive.rs` | the whole idea in twenty lines: read four bytes, read that many more | deadlines, batches, how a stream ended |
//! | `fixed_header.rs` | the rule: where in the bytes a message begins and ends, which lengths are refused | the socket |
//! | `end_marker.rs`, `text_length.rs`, `fixed_size.rs` | three other rules: a line feed, a length in digits, always 64 bytes | the socket |
//! | `message_stream.rs` | the loop that reads: when to wait and for how long, the three ends of a stream | the layout |
//! | `sending.rs` | the loop that writes: one write for header and payload, a batch for many | the layout |
//! | `raw_bytes.rs` | bytes that stand behind a message, or in front of any framing | the layout |
//! | `receive_buffer.rs` | memory: what arrived and was not yet taken | the socket and the layout |
//! | `timed.rs` | what a stream must be able to do for a deadline | everything else |
//! | `patience.rs` | an absolute deadline around each call, interrupted calls, timeouts told in words | messages |
//! | `answers.rs` | a client's wait: each way of not getting an answer | the layout |
//! | `choice.rs`, `layout.rs`, `side_by_side.rs` | a framing by its name; its parts, for drawings; one message under each | the socket |
//! | `echo.rs`, `commands.rs`, `recv_ready.rs`, `flood.rs` | what travels in the scenes, both ends | the command line |
//! | `demo.rs`, `traced.rs`, `scenes.rs` | both ends in one process; what `--trace` asks for; the command line's scenes | |
//! | `tests/` | each of these tried: whole, byte by byte, with bytes to spare, late, too late | |
//!
//! Python's `struct` dictionary, which `pack` and `unpack` show, is a crate of its own: `crates/pystruct`.
#![forbid(unsafe_code)]

mod answers;
mod choice;
mod commands;
mod demo;
mod echo;
mod end_marker;
mod fixed_header;
mod fixed_size;
mod flood;
mod layout;
mod message_stream;
pub mod naive;
mod patience;
mod raw_bytes;
mod receive_buffer;
mod recv_ready;
pub mod scenes;
#[cfg(test)]
#[path = "tests/scripted_peer.rs"]
mod scripted_peer;
mod sending;
mod side_by_side;
mod text_length;

mod traced;

pub use choice::Choice;
pub use commands::{
    CommandClient, CommandFraming, CommandOutput, OUTPUT_LIMIT, UNFRAMED_LIMIT, serve_commands,
};
pub use common::Timeouts;
pub use demo::{demo, demo_svg};
pub use echo::serve_echo;
pub use end_marker::EndMarker;
pub use fixed_header::{FixedHeader, Order};
pub use fixed_size::FixedSize;
pub use flood::{FLOOD_MESSAGE, send_flood, serve_flood};
pub use layout::{
    course_layout, marker_layout, no_layout, python_layout, size_layout, text_layout,
};
pub use lesson03::{Encoding, RunArgs, not_sent, outcome};
pub use message_stream::{MessageStream, Times};
pub use side_by_side::side_by_side;
pub use text_length::TextLength;
pub use traced::{DEFAULT, as_client, outputs, traced, traced_server};
