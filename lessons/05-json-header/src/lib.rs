//! Lesson 05: the JSON header. Files and commands over TCP, after a header that says what follows.
//!
//! ```text
//! client                                             server
//!   length  header                      ──────▶
//!   4 bytes {"op":"get","name":"a.txt"}
//!                                       ◀──────       length  header                                body     md5
//!                                                     4 bytes {"ok":true,"name":"a.txt","size":59}  59 bytes 16 bytes
//! ```
//!
//! Lesson 04's frame says how long a message is. Here the message describes itself: what it is, what it is called, how
//! many bytes of body follow it.
//!
//! | read | file | knows |
//! |---|---|---|
//! | first | `examples/plain_get.rs`, `plain_serve.rs` | the whole idea, and no promise |
//! | second | `json_header.rs` | bytes to fields: one object, each key once, sizes that are sizes |
//! | | `json_stream.rs` | the loop: headers, bodies, and how both ends stay in sync after a refusal |
//! | | `file_server.rs` | what a server does with `get`, `put`, `list` |
//! | | `copy.rs` | the copy loop, hashing as it goes |
//! | third | `request.rs` | fields to requests, and what a refusal leaves on the wire |
//! | | `file_client.rs` | the other end |
//! | skip | `commands.rs` | both ends of `run` |
//! | skip | `promises/` | nothing outside the folder, nothing half done under a final name, md5 on a second thread |
//! | skip | `python/` | the same exchanges in the tutorials' bytes |
//! | skip | `scenes/` | what the command line starts; the demo; what a timeline calls the parts |
//!
//! The second four, 400 lines, are the whole way of a `get`; with the third it is everything about files.
//!
//! The rule files know no socket, the loop files know no file, neither knows the command line.
//!
//! | where is | |
//! |---|---|
//! | the loop | `serve` in `json_stream.rs`, a header each turn; a body: `copy.rs` |
//! | the limit | `HEADER_LIMIT` in `json_header.rs`, judged by lesson 04's `FixedHeader` before it waits |
//! | the deadline | lesson 04's `MessageStream` keeps it; `json_stream.rs` sets the times |
//! | a name is judged | `promises/file_name.rs`, by itself; `promises/folder.rs`, in its folder |
//! | an error's words | a refusal: `request.rs`; a broken protocol: `json_stream.rs`; a copy that broke off: `copy.rs`; a frame: `crates/common/src/framing.rs` |
//! | accept, connect, trace | `crates/cli/src`: `serve` in `serve.rs`, `client.rs`; they hand a tap to the scene's closure |
//! | a new scene | its row in `main.rs`, its function in `scenes/` |
#![forbid(unsafe_code)]

mod commands;
mod copy;
mod file_client;
mod file_server;
mod json_header;
mod json_stream;
mod promises;
mod python;
mod request;
pub mod scenes;

pub use commands::{CommandClient, serve_commands};
pub use copy::{CopyError, copy_hashed};
pub use file_client::{FileClient, Transfer};
pub use file_server::FileServer;
pub use json_header::{HEADER_LIMIT, Header, encode};
pub use json_stream::{JsonStream, NotDone, Stream, Told};
pub use promises::{FileName, Folder, Incoming, beneath, copy_hashed_beside, open_beneath};
pub use python::{PythonCommandClient, PythonFileClient, serve_python, serve_python_commands};
pub use request::{DIGEST, Op, Refusal, Request};
