//! Records socket calls and draws them as a ladder, in text and in SVG.
//!
//! A [`Recorder`] hands out taps; a [`Tap`] is a stream that tells the recorder what was called, by which side, and what
//! came of it. Time runs down, each side is a vertical line, an arrow is bytes on their way:
//!
//! ```
//! use std::io::{Cursor, Read, Write};
//! use timeline::Recorder;
//!
//! let recorder = Recorder::joined().with_sides(&["client", "server"]);
//! recorder.stream("client", Cursor::new(Vec::new())).write_all(b"hello")?;
//! recorder.stream("server", Cursor::new(b"hello")).read_exact(&mut [0; 5])?;
//! let drawn = [
//!     "                           client  server",
//!     " 1  client  write  5 bytes   ●──────▶│   “hello”",
//!     " 2  server  read   5 bytes   │       ●   “hello”",
//! ];
//! assert!(recorder.recording().text().lines().eq(drawn));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Order and bytes only, no clock: the same program gives the same drawing. A call by which something leaves takes its
//! place before it is made, one that waits for the other side when it has come back, so a read never stands above the
//! write it answers. [`Recorder::joined`] makes one event of the reads of one side that follow each other, because how a
//! stream falls into reads is not ours to promise.
//!
//! | file | knows |
//! |---|---|
//! | `event.rs`, `recorder.rs`, `recording.rs` | what is kept, in which order, and how much of it |
//! | `tap.rs`, `datagram.rs` | how a stream and a datagram socket are heard |
//! | `layout.rs` | how a lesson names the parts of its bytes |
//! | `rows.rs` | what a drawing says; `ladder.rs`, `svg.rs`, `json.rs` say it |
//! | `bytes.rs` | bytes as text that cannot harm a terminal |
//! | `outputs.rs` | `--trace`, `--trace-svg`, `--trace-json` |
#![forbid(unsafe_code)]

mod bytes;
mod datagram;
mod event;
mod json;
mod ladder;
mod layout;
mod outputs;
mod recorder;
mod recording;
mod rows;
mod svg;
mod tap;

pub use datagram::DatagramTap;
pub use event::Call;
pub use layout::{Layout, Part, Shown};
pub use outputs::Outputs;
pub use recorder::Recorder;
pub use recording::Recording;
pub use tap::Tap;
