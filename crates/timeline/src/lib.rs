//! Records socket calls and draws them as a ladder, in text and in SVG.
//!
//! A [`Recorder`] hands out taps. A [`Tap`] wraps the stream of one side and passes everything through; each call becomes
//! an event: who, which call, how many bytes, the first of them. A [`Recording`] is what was seen, and draws it.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::{TcpListener, TcpStream};
//! use timeline::{Call, Part, Recorder};
//!
//! # fn main() -> std::io::Result<()> {
//! let recorder = Recorder::joined().with_layout(|_first_bytes, total| {
//!     vec![Part::big_endian("length", 4), Part::new("message", total.saturating_sub(4))]
//! });
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let addr = listener.local_addr()?;
//! let client = recorder.calling("client", Call::Connect, || TcpStream::connect(addr))?;
//! let (server, _) = recorder.calling("server", Call::Accept, || listener.accept())?;
//! let (mut client, mut server) = (recorder.stream("client", client), recorder.stream("server", server));
//!
//! client.write_all(&[0, 0, 0, 6])?; // two writes, one after the other: one event
//! client.write_all("你好".as_bytes())?;
//! server.read_exact(&mut [0; 10])?;
//! recorder.note("server", "has a whole message");
//! client.close();
//! server.read(&mut [0; 10])?;
//!
//! let drawn = "
//!                             client  server
//!  1  client  connect           ●──────▶│
//!  2  server  accept            │       ●
//!
//!  3  client  write  10 bytes   ●──────▶│   length   4  00 00 00 06 = 6
//!                               │       │   message  6  “你好”
//!  4  server  read   10 bytes   │       ●   the same 10 bytes as in 3
//!  5  server                    │       ·   has a whole message
//!  6  client  close             ●──────▶│   FIN
//!  7  server  read    0 bytes   │       ●   end of the stream
//! ";
//! assert_eq!(format!("\n{}", recorder.recording().text()), drawn);
//! # Ok(())
//! # }
//! ```
//! Reading it: the dot marks who made the call, an arrow what leaves for the other side, a small dot what a side did
//! besides. Parts have a name and a size; a read that got exactly what one write gave says so instead of repeating it.
//! Bytes stand as text where they are text, in hex where not; whatever a peer sent is made harmless first.
//!
//! # The same every time
//! Two threads run as they like, and a drawing that a test compares must not care. In a [`Recorder::joined`] recording an
//! event stands behind whatever it had to wait for (`order.rs`); how a stream fell into reads is left out.
//! [`Recorder::every_call`] keeps each call, in the order seen: there the program moves its ends by turns.
//!
//! # JSON
//! [`Recording::json_lines`] gives one object a line, in the order of the drawing:
//!
//! | key | value |
//! |---|---|
//! | `n` | the number of the event, from 1 |
//! | `side` | who |
//! | `call` | `connect`, `accept`, `read`, `write`, `send`, `receive`, `half-close`, `close`, `note`, ... |
//! | `note` | the words; only of a `note`, which has no `result` |
//! | `result` | `ok`, `end` (of the stream), `pending`, or Rust's name of the error: `ConnectionReset` |
//! | `to` | the side at the other end, where something leaves and that side is known |
//! | `asked`, `given`, `calls` | bytes asked for, bytes moved, system calls in this run; only where bytes move, like all below |
//! | `cut_from` | the size of a datagram that did not fit |
//! | `hex`, `text` | the first 256 bytes, in hex and as UTF-8 (what is none: U+FFFD) |
//! | `last_hex` | the last 32 bytes, where there are more than those |
//!
//! The last line is `{"more":N}` if events were counted only. `asked` and `calls` of a joined run may differ from run to
//! run; everything else is as certain as the drawing.
//!
//! # The files
//! | file | knows |
//! |---|---|
//! | `recorder.rs`, `state.rs`, `caller.rs` | how events come in, from several threads |
//! | `tap.rs`, `datagram.rs` | streams and sockets that are listened to |
//! | `call.rs`, `event.rs`, `layout.rs` | what is kept of a call, and how its parts are named |
//! | `ends.rs`, `streams.rs`, `pairing.rs`, `order.rs`, `recording.rs` | who talks to whom, and what had to come first |
//! | `rows.rs`, `blocks.rs`, `lines.rs`, `words.rs`, `bytes.rs` | what a drawing says |
//! | `ladder.rs`, `svg.rs`, `json.rs`, `outputs.rs` | how it is drawn, and where it goes |
#![forbid(unsafe_code)]

mod blocks;
mod bytes;
mod call;
mod caller;
mod datagram;
mod ends;
mod event;
mod json;
mod ladder;
mod layout;
mod lines;
mod order;
mod outputs;
mod pairing;
mod recorder;
mod recording;
mod rows;
mod state;
mod streams;
mod svg;
mod tap;
mod words;

pub use call::Call;
pub use datagram::DatagramTap;
pub use layout::{Layout, Part, Shown};
pub use outputs::Outputs;
pub use recorder::Recorder;
pub use recording::Recording;
pub use tap::Tap;
