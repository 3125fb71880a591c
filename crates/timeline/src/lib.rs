//! Records socket calls and draws them as a ladder, in text and in SVG.
//!
//! A [`Recorder`] hands out taps. A [`Tap`] wraps the stream of one side and passes everything through; each call becomes
//! a row: who, which call, how many bytes, the first of them. A [`Recording`] is what was seen, and draws it.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::{TcpListener, TcpStream};
//! use timeline::{Call, Part, Recorder};
//!
//! # fn main() -> std::io::Result<()> {
//! let recorder = Recorder::joined().with_layout(|first_bytes| {
//!     let Some(length) = first_bytes.first_chunk() else { return Vec::new() };
//!     let length = u32::from_be_bytes(*length) as usize;
//!     vec![Part::big_endian("length", 4), Part::new("message", length)]
//! });
//! let listener = TcpListener::bind("127.0.0.1:0")?;
//! let addr = listener.local_addr()?;
//! let client = recorder.calling("client", Call::Connect, || TcpStream::connect(addr))?;
//! let (server, _) = recorder.calling("server", Call::Accept, || listener.accept())?;
//! let (mut client, mut server) = (recorder.stream("client", client), recorder.stream("server", server));
//!
//! client.write_all(&[0, 0, 0, 6])?; // one message in two writes
//! client.write_all("你好".as_bytes())?;
//! server.read_exact(&mut [0; 4])?; // and in two reads
//! server.read_exact(&mut [0; 6])?;
//! recorder.note("server", "has a whole message");
//! client.close();
//! server.read(&mut [0; 10])?;
//!
//! let drawn = "
//!                                       client  server
//!  1  client  connect                     ●──────▶│
//!  2  server  accept                      │       ●
//!
//!  3  client  write  4 bytes              ●──────▶│   length   4  00 00 00 06 = 6
//!  4  client  write  6 bytes              ●──────▶│   message  6  “你好”
//!  5  server  read  10 bytes, in pieces   │       ●   the same 10 bytes as in 3 and 4
//!  6  server                              │       ·   has a whole message
//!  7  client  close                       ●──────▶│   FIN
//!  8  server  read   0 bytes              │       ●   end of the stream
//! ";
//! assert_eq!(format!("\n{}", recorder.recording().text()), drawn);
//! # Ok(())
//! # }
//! ```
//! Reading it: the dot marks who made the call, an arrow what leaves for the other side, a small dot what a side did
//! besides. Parts have a name and a size; a read that got exactly what one write gave (or some) says so instead of
//! repeating it. Bytes stand as text where they are text, in hex where not; whatever a peer sent is escaped first.
//!
//! # One call, one row, in the order in which it happened
//! Nothing is sorted. A call by which something leaves takes its row before it is made, one by which something arrives
//! when it is back. Only reads of one tap with no row between them share one, and it says so: how a stream falls into reads
//! is not ours to promise. (Not in a recording of [`Recorder::every_call`]. What `--trace` writes makes one row of more
//! than eight writes in a row, too.)
//!
//! # The same every time
//! One thread that moves both ends gives the same drawing every time by itself. Two threads run as they like; there
//! [`Recorder::by_turns`] makes a read wait until the other side reads too, and [`Recorder::until`] waits for a single
//! known call.
//!
//! # The files
//! | file | knows |
//! |---|---|
//! | `recorder.rs`, `caller.rs` | how calls come in |
//! | `state.rs`, `turns.rs` | what has been seen, by several threads; who waits for whom |
//! | `tap.rs`, `datagram.rs` | streams and sockets that are listened to |
//! | `call.rs`, `event.rs`, `layout.rs` | what is kept of a call, and how its parts are named |
//! | `rows.rs`, `blocks.rs`, `messages.rs`, `unread.rs`, `lines.rs`, `words.rs`, `bytes.rs` | what a drawing says |
//! | `text.rs`, `svg.rs`, `recording.rs` | how it is drawn |
//!
//! ```text
//! recorder ─▶ tap, datagram ─▶ caller ─▶ turns ─▶ state ─▶ event ─▶ call, layout
//!    │                                               ▲
//!    └─▶ recording ─▶ text, svg ─▶ rows ─▶ blocks, unread, messages ─▶ lines ─▶ words, bytes
//! ```
#![forbid(unsafe_code)]

mod blocks;
mod bytes;
mod call;
mod caller;
mod datagram;
mod event;
mod layout;
mod lines;
mod messages;
mod recorder;
mod recording;
mod rows;
mod state;
mod svg;
mod tap;
mod text;
mod turns;
mod unread;
mod words;

pub use call::Call;
pub use datagram::DatagramTap;
pub use layout::{Layout, Part};
pub use recorder::Recorder;
pub use recording::Recording;
pub use tap::Tap;
