//! What each scene does: the command line's side of the lesson.

mod commands;
mod datagrams;
mod local;
mod two_ends;

use std::net::SocketAddr;

use common::{Fault, Flags, Output, pause_between_blocks};
use timeline::{Outputs, Recording};

pub use commands::{Patience, command_server, run};
pub use datagrams::{udp_command_server, udp_run};
pub use local::{PingArgs, ping, shell};
pub use two_ends::{ReadArgs, WriteArgs, read_server, write};

use crate::demo::demo_recording;

/// The demo: both ends in one process, the same output every time.
///
/// # Errors
/// A socket failed; a trace file cannot be written.
pub fn demo(flags: &Flags) -> Result<(), Fault> {
    let (text, recording) = demo_recording().map_err(|error| Fault::io("demo", &error))?;
    drawn(flags, &recording)?;
    pause_between_blocks(&text, flags.pause)
}

/// Read 2, read 3, the rest.
///
/// # Errors
/// A socket failed; a trace file cannot be written.
pub fn leftover(flags: &Flags) -> Result<(), Fault> {
    let addr = local_addr(flags)?;
    let recording = crate::leftover::leftover(addr).map_err(|error| Fault::io(addr, &error))?;
    drawn(flags, &recording)?;
    Output::default().raw(recording.text().as_bytes())
}

/// Ten sends with pauses in between.
///
/// # Errors
/// A socket failed.
pub fn interval(flags: &Flags) -> Result<(), Fault> {
    told(flags, crate::interval::interval)
}

/// The kernel's count of segments.
///
/// # Errors
/// A socket failed.
pub fn kernel(flags: &Flags) -> Result<(), Fault> {
    told(flags, crate::kernel::kernel)
}

/// One large write and the sizes of the reads.
///
/// # Errors
/// A socket failed.
pub fn one_write(flags: &Flags) -> Result<(), Fault> {
    told(flags, crate::one_write::one_write)
}

/// What Nagle's algorithm costs.
///
/// # Errors
/// A socket failed.
pub fn nagle(flags: &Flags) -> Result<(), Fault> {
    told(flags, crate::nagle::nagle)
}

/// What happens when nobody acknowledges.
///
/// # Errors
/// A socket failed.
pub fn silence(flags: &Flags) -> Result<(), Fault> {
    let addr = local_addr(flags)?;
    let (mut out, mut closed) = (Output::default(), Ok(()));
    let mut say = |line: String| {
        if closed.is_ok() {
            closed = out.raw(format!("{line}\n").as_bytes());
        }
    };
    crate::silence::silence(addr, &mut say).map_err(|error| Fault::io(addr, &error))?;
    closed
}

/// A scene that is played and then told, on stdout.
fn told(flags: &Flags, scene: impl FnOnce(SocketAddr) -> std::io::Result<String>) -> Result<(), Fault> {
    let addr = local_addr(flags)?;
    let text = scene(addr).map_err(|error| Fault::io(addr, &error))?;
    Output::default().raw(text.as_bytes())
}

/// A scene that prints its timeline anyway: `--trace` has nothing to add, its two siblings have.
fn drawn(flags: &Flags, recording: &Recording) -> Result<(), Fault> {
    let outputs = Outputs::new(false, flags.trace_svg.clone(), flags.trace_json.clone());
    outputs.write(recording, "lesson 03").map_err(|error| Fault::io("trace", &error))
}

/// Where a local scene listens: any free port, unless somebody says otherwise.
fn local_addr(flags: &Flags) -> Result<SocketAddr, Fault> {
    flags.addr_or("127.0.0.1:0")?.to_bind()
}
