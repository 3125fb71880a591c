//! What each scene does: the command line's side of the lesson. Protocol, folder and copying are elsewhere.

mod commands;
mod files;

use std::io;
use std::net::TcpStream;

use common::{Address, Fault, Flags, Wire, connect, pause_between_blocks};
use timeline::{Outputs, Tap};

pub use commands::{Encoding, command_server, run};
pub use files::{ServerArgs, get, list, put, server};

use crate::demo::demo_recording;
use crate::layout::{course_layout, python_layout};

/// Where servers listen and clients connect, if nothing else is said.
const DEFAULT: &str = "127.0.0.1:8080";

/// The demo: both ends in one process, the same output every time.
///
/// # Errors
/// A socket or a file failed; a trace file cannot be written.
pub fn demo(flags: &Flags) -> Result<(), Fault> {
    let (text, recording) = demo_recording().map_err(|error| Fault::io("demo", &error))?;
    // The demo prints its timeline anyway, so `--trace` has nothing to add.
    let outputs = Outputs::new(false, flags.trace_svg.clone(), flags.trace_json.clone());
    outputs.write(&recording, "lesson 05").map_err(|error| Fault::io("trace", &error))?;
    pause_between_blocks(&text, flags.pause)
}

/// What `--trace` and its two siblings ask for.
fn outputs(flags: &Flags) -> Outputs {
    Outputs::new(flags.trace, flags.trace_svg.clone(), flags.trace_json.clone())
}

/// Runs one side's part of a connection on a tapped stream and writes its timeline, however the part ends.
fn traced<T>(
    outputs: &Outputs,
    wire: Wire,
    side: &str,
    stream: &TcpStream,
    part: impl FnOnce(Tap<&TcpStream>) -> T,
) -> io::Result<T> {
    // A header is a small write with a body behind it: without this, Nagle's algorithm holds the body's tail back
    // until the header is acknowledged, and a delayed ACK makes that 40 ms.
    stream.set_nodelay(true)?;
    let layout = if wire == Wire::Course { course_layout } else { python_layout };
    let recorder = outputs.recorder().with_layout(layout);
    let result = part(recorder.stream(side, stream));
    if recorder.is_on() {
        outputs.write(&recorder.take(), side)?;
    }
    Ok(result)
}

/// A client's part: connect, run it, write its timeline.
fn as_client<T>(
    flags: &Flags,
    server: &str,
    part: impl FnOnce(&Address, Tap<&TcpStream>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let address = flags.addr_or(DEFAULT)?;
    let stream = connect(&address, server)?;
    traced(&outputs(flags), flags.wire, "client", &stream, |tap| part(&address, tap))
        .map_err(|error| Fault::io("trace", &error))?
}
