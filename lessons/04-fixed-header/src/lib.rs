//! Lesson 04: the fixed header, which says where in a stream each message ends, and three other ways.
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
//! # Read in this order
//! 1. `examples/frame_receiver.rs`: the whole idea in one file, right as long as the peer is.
//! 2. `fixed_header.rs`: the **rule**. Where in the bytes a message begins and ends, which lengths are refused. No socket.
//! 3. `message_stream.rs`: the **loop**. When to wait and for how long, the three ends of a stream, batches. No layout.
//! 4. `echo.rs`: a server on top of the two, ten lines.
//! 5. `receive_buffer.rs`: what arrived and was not yet taken. Memory grows with it, never with what was announced.
//!
//! That is the main path. Beside it:
//!
//! | file | knows |
//! |---|---|
//! | `delimiter.rs`, `text_length.rs`, `fixed_size.rs` | three other rules: a line feed, a length in digits, always 64 bytes |
//! | `commands.rs` | a remote command: what travels, both ends |
//! | `promises/deadline.rs` | an absolute deadline around each call |
//! | `promises/answers.rs` | each way of not getting an answer is an error of its own |
//! | `promises/idle_memory.rs` | a silent connection gives back what a busy one needed |
//! | `promises/raw_bytes.rs` | bytes that no framing divides, in order with the messages |
//!
//! To be skipped at first: `python/` (requests without a framing, a length without an end: the tutorials' bytes) and `scenes/`
//! (the command line's side, the demo, the drawing's names). Python's `struct` is the crate `pystruct`.
//!
//! | where is | |
//! |---|---|
//! | the loop | `wait_for_a_frame` in `message_stream.rs` |
//! | the limit | `LIMIT` and `judge` in `fixed_header.rs` |
//! | the deadline | `promises/deadline.rs`, called by the loop |
//! | an error's words | `FrameError` in `crates/common/src/framing.rs`; of a stream `promises/answers.rs`; bind and connect `crates/cli/src/address.rs` |
//! | accept, connect, trace | `crates/cli/src`: `serve` in `serve.rs`, `client.rs`; they hand a tap to the scene's closure |
//! | a new scene | its row in `main.rs`, its function in `scenes/` |
#![forbid(unsafe_code)]

mod commands;
mod delimiter;
mod echo;
mod fixed_header;
mod fixed_size;
mod message_stream;
mod promises;
mod python;
mod receive_buffer;
pub mod scenes;
mod text_length;

pub use commands::{OUTPUT_LIMIT, read_output, serve_commands};
pub use delimiter::Delimiter;
pub use echo::serve_echo;
pub use fixed_header::{FixedHeader, Order};
pub use fixed_size::FixedSize;
pub use message_stream::{MessageStream, Times};
pub use promises::deadline::{Deadline, DeadlineStream};
pub use python::unframed::{UNFRAMED_LIMIT, serve_unframed, write_request};
pub use receive_buffer::ReceiveBuffer;
pub use scenes::{FramingChoice, demo, demo_svg};
pub use text_length::TextLength;
