//! What each scene does: the command line's side of the lesson.
//!
//! | file | scene |
//! |---|---|
//! | `demo.rs` | the demo; `leftover` |
//! | `two_ends.rs` | `read-server`, `write` |
//! | `interval.rs` | the folk cure |
//! | `kernel.rs`, `one_write.rs`, `nagle.rs`, `full.rs`, `silence.rs` | what the kernel counts, and what it does not do |
//! | `ss.rs` | how the kernel is asked |
//! | `commands.rs`, `datagrams.rs` | remote commands over TCP and over UDP |
//! | `shell.rs`, `ping.rs` | running programs without a network |

pub mod commands;
pub mod datagrams;
pub mod demo;
pub mod full;
pub mod interval;
pub mod kernel;
pub mod nagle;
pub mod one_write;
pub mod ping;
pub mod shell;
pub mod silence;
mod ss;
pub mod two_ends;

use std::io;
use std::net::{TcpListener, TcpStream};
use std::thread;

use cli::{FailedAt, Flags, Output, Result, Trace, bind_error, escaped_line};
use timeline::{Recorder, Recording, Tap};

use crate::late_reader::pair;

/// Where servers listen and clients connect if nothing else is said.
const DEFAULT_ADDR: &str = "127.0.0.1:8080";

/// A scene with both ends in this process whose timeline is all it prints.
///
/// # Errors
/// The address cannot be bound, a socket failed, or a trace file cannot be written.
pub fn drawn(
    flags: &Flags,
    scene: impl FnOnce(&TcpListener) -> io::Result<(String, Recording)>,
) -> Result {
    let listener = local_listener(flags)?;
    cli::demo(flags, "lesson 03", || scene(&listener))
}

/// A scene with both ends in this process that is played and then described.
///
/// # Errors
/// As [`drawn`].
pub fn played(
    flags: &Flags,
    name: &str,
    scene: impl FnOnce(&TcpListener, &Recorder) -> io::Result<String>,
) -> Result {
    let listener = local_listener(flags)?;
    let play = |recorder: &Recorder| scene(&listener, recorder).failed_at(name);
    let text = Trace::new(flags, None).show(name, play)?;
    Output.raw(text.as_bytes())
}

/// On any free port, so that local scenes never collide, unless an address was typed.
fn local_listener(flags: &Flags) -> Result<TcpListener> {
    let addr = flags.addr_or("127.0.0.1:0")?.to_bind()?;
    TcpListener::bind(addr).map_err(|error| bind_error(addr, &error))
}

/// A connection with both ends in this process: who connected, who accepted.
fn recorded_pair(
    listener: &TcpListener,
    recorder: &Recorder,
    sides: [&str; 2],
) -> io::Result<[Tap<TcpStream>; 2]> {
    let recorder = recorder.clone().with_sides(&sides);
    let ((client, server), [here, there]) = (pair(listener)?, sides);
    Ok([recorder.tcp(here, client), recorder.tcp(there, server)])
}

/// Runs one end in a second thread and the other one here.
///
/// # Errors
/// The system has no thread to give, or the second one panicked.
fn together<A: Send, B>(
    there: impl FnOnce() -> A + Send,
    here: impl FnOnce() -> B,
) -> io::Result<(A, B)> {
    thread::scope(|scope| {
        // `scope.spawn` would panic where there is none. The builder's error says WouldBlock, as if it were a timeout.
        let there = thread::Builder::new().spawn_scoped(scope, there);
        let there = there.map_err(|_| io::Error::other("the system has no thread to give"))?;
        let here = here();
        let panicked = |_| io::Error::other("the other end's thread panicked");
        Ok((there.join().map_err(panicked)?, here))
    })
}

/// Text in quotes for a table or a note; what is not text is shown as such.
fn quoted(bytes: &[u8]) -> String {
    format!("“{}”", escaped_line(bytes))
}
