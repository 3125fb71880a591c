//! What each scene does: the command line's side of the lesson. Protocol, folder and copying are elsewhere.
//!
//! | file | scene |
//! |---|---|
//! | `files.rs` | `server`, `get`, `put`, `list` |
//! | `commands.rs` | `command-server`, `run` |
//! | `demo.rs` | both ends in one process |
//! | `layout.rs` | what a timeline calls the parts of a message |

mod commands;
mod demo;
mod files;
mod layout;

use std::fmt::Display;
use std::net::{SocketAddr, TcpStream};

use cli::{Address, ExitError, FailedAt, Flags, Result, Wire, log, shortened};
use timeline::{Layout, Tap};

use crate::NotDone;

pub use commands::{command_server, run};
pub use demo::{demo_recording, demo_svg};
pub use files::{get, list, put, sample_folder, server};

/// Where servers listen and clients connect if nothing else is said.
const DEFAULT_ADDR: &str = "127.0.0.1:8080";

/// The demo: both ends in one process, the same output every time.
///
/// # Errors
/// A socket or a file failed; a trace file cannot be written.
pub fn demo(flags: &Flags) -> Result {
    cli::demo(flags, "lesson 05", demo_recording)
}

/// What a drawing calls the parts of what travels.
pub fn layout(wire: Wire) -> Layout {
    match wire {
        Wire::Course => layout::course_layout,
        Wire::Python => layout::python_layout,
    }
}

/// Connects and hands the stream over. `server` is the scene at the other end.
fn client(
    flags: &Flags,
    server: &str,
    session: impl FnOnce(&Tap<TcpStream>, &Address) -> Result,
) -> Result {
    let start = format!("cargo run -p lesson05 -- {server}");
    let layout = Some(layout(flags.wire));
    cli::client(flags, DEFAULT_ADDR, layout, &start, |stream, address| {
        // A header is a small write with a body after it: where the two leave apart, Nagle's algorithm would hold the
        // second back for some 40 ms (lesson 03).
        stream.set_nodelay(true).failed_at(address)?;
        session(stream, address)
    })
}

/// `WHAT: WHY` of a request that was not done.
fn failed(what: impl Display, error: NotDone) -> ExitError {
    match error {
        NotDone::Refused(refusal) => ExitError::failed(what, refusal.error),
        NotDone::Connection(error) => ExitError::io(what, &error),
    }
}

/// A line in the log for each request of this client.
fn told(peer: SocketAddr) -> impl FnMut(&str, &str) {
    move |what, result| {
        let (what, result) = (shortened(what.as_bytes()), shortened(result.as_bytes()));
        log(format_args!("{peer}: {what}: {result}"));
    }
}
