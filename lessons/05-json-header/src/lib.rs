//! Lesson 05: the JSON header. Files and commands over TCP, behind a header that says what follows.
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
//! many bytes of body stand behind it. The rule files know no socket, the loop files know no file.
//!
//! | file | knows |
//! |---|---|
//! | `json_header.rs` | bytes to fields: one object, each key once, sizes that are sizes |
//! | `request.rs` | fields to requests, and what a refusal leaves on the wire |
//! | `json_stream.rs` | the loop: headers, bodies, staying in step |
//! | `file_server.rs`, `file_client.rs` | both ends of `get`, `put`, `list` |
//! | `python_files.rs` | both ends of the tutorials' download |
//! | `commands.rs` | both ends of `run`, on both wires |
//! | `copy.rs` | the plain copy loop, hashing as it goes |
//! | `hash_beside.rs` | the quick one: md5 on a second thread |
//! | `file_name.rs`, `folder.rs`, `incoming.rs` | nothing outside the folder, nothing half done under a final name |
//! | `layout.rs`, `progress.rs`, `sample.rs` | naming bytes in a timeline, the bar, the sample folder |
//! | `demo.rs`, `scenes.rs` | both ends in one process; the command line's scenes |
#![forbid(unsafe_code)]

mod commands;
mod copy;
mod demo;
mod file_client;
mod file_name;
mod file_server;
mod folder;
mod hash_beside;
mod incoming;
mod json_header;
mod json_stream;
mod layout;
mod progress;
mod python_files;
mod request;
mod sample;
pub mod scenes;

pub use commands::{CommandClient, Output, serve_commands};
pub use copy::{CopyError, copy_hashed};
pub use demo::{demo, demo_svg};
pub use file_client::{FileClient, Transfer};
pub use file_name::FileName;
pub use file_server::FileServer;
pub use folder::Folder;
pub use hash_beside::copy_hashed_beside;
pub use incoming::Incoming;
pub use json_header::{HEADER_LIMIT, Header, encode};
pub use json_stream::JsonStream;
pub use layout::{course_layout, python_layout};
pub use progress::Progress;
pub use python_files::{PythonFileClient, serve_python};
pub use request::{DIGEST, Op, Refusal, Request};
