//! What each scene does: the command line's side of the lesson.

mod commands;
mod datagrams;
mod local;
mod trace;
mod two_ends;

use std::io;
use std::net::{SocketAddr, TcpListener};

use common::{Fault, Flags, Output, bind, bind_fault, pause_between_blocks};
use timeline::{Outputs, Recorder, Recording};

pub use commands::{Patience, command_server, run};
pub use datagrams::{udp_command_server, udp_run};
pub use local::{PingArgs, ping, shell};
pub use two_ends::{ReadArgs, WriteArgs, read_server, write};

use crate::demo::demo_recording;
use trace::Trace;

/// Where servers listen and clients connect if nobody says otherwise.
const DEFAULT_ADDR: &str = "127.0.0.1:8080";

/// Any free port of this machine: local scenes never collide.
const ANY_PORT: &str = "127.0.0.1:0";

/// The demo: both ends in one process, the same output every time.
///
/// # Errors
/// The address cannot be bound, a socket failed, or a trace file cannot be written.
pub fn demo(flags: &Flags) -> Result<(), Fault> {
    let listener = local(flags)?;
    let (text, recording) = demo_recording(&listener).map_err(|error| Fault::io("demo", &error))?;
    drawn(flags, &recording)?;
    pause_between_blocks(&text, flags.pause)
}

/// Read 2, read 3, the rest.
///
/// # Errors
/// As [`demo`].
pub fn leftover(flags: &Flags) -> Result<(), Fault> {
    let listener = local(flags)?;
    let recording =
        crate::leftover::leftover(&listener).map_err(|error| Fault::io("leftover", &error))?;
    drawn(flags, &recording)?;
    Output::default().raw(recording.text().as_bytes())
}

/// Ten sends with pauses in between.
///
/// # Errors
/// As [`demo`].
pub fn interval(flags: &Flags) -> Result<(), Fault> {
    told(flags, "interval", crate::interval::interval)
}

/// The kernel's count of segments.
///
/// # Errors
/// As [`demo`].
pub fn kernel(flags: &Flags) -> Result<(), Fault> {
    told(flags, "kernel", crate::kernel::kernel)
}

/// One large write and the sizes of the reads.
///
/// # Errors
/// As [`demo`].
pub fn one_write(flags: &Flags) -> Result<(), Fault> {
    told(flags, "one-write", crate::one_write::one_write)
}

/// What Nagle's algorithm costs.
///
/// # Errors
/// As [`demo`].
pub fn nagle(flags: &Flags) -> Result<(), Fault> {
    told(flags, "nagle", crate::nagle::nagle)
}

/// A reader who never reads, and what becomes of the writer.
///
/// # Errors
/// As [`demo`].
pub fn full(flags: &Flags) -> Result<(), Fault> {
    told(flags, "full", crate::full::full)
}

/// What happens when nobody acknowledges.
///
/// # Errors
/// The address cannot be bound, or a socket failed.
pub fn silence(flags: &Flags) -> Result<(), Fault> {
    flags.without_timeline("silence", "neither end reads or writes")?;
    let addr = local_addr(flags)?;
    let listener = crate::silence::full_listener(addr).map_err(|error| bind_fault(addr, &error))?;
    let (mut out, mut closed) = (Output::default(), Ok(()));
    let mut say = |line: String| {
        if closed.is_ok() {
            closed = out.raw(format!("{line}\n").as_bytes());
        }
    };
    crate::silence::silence(&listener, &mut say).map_err(|error| Fault::io("silence", &error))?;
    closed
}

/// A scene that is played and then told, on stdout.
fn told(
    flags: &Flags,
    name: &str,
    scene: impl FnOnce(&TcpListener, &Recorder) -> io::Result<String>,
) -> Result<(), Fault> {
    let listener = local(flags)?;
    let trace = Trace::new(flags);
    let recorder = trace.every_call();
    let text = scene(&listener, &recorder).map_err(|error| Fault::io(name, &error))?;
    trace.show(&recorder, name)?;
    Output::default().raw(text.as_bytes())
}

/// A scene that prints its timeline anyway: `--trace` has nothing to add, `--trace-svg` has.
fn drawn(flags: &Flags, recording: &Recording) -> Result<(), Fault> {
    let outputs = Outputs::new(false, flags.trace_svg.clone());
    outputs
        .write(recording, "lesson 03")
        .map_err(|error| Fault::io("trace", &error))
}

/// Where a local scene listens: any free port, unless somebody says otherwise.
fn local_addr(flags: &Flags) -> Result<SocketAddr, Fault> {
    flags.addr_or(ANY_PORT)?.to_bind()
}

/// Its listener; one that cannot be had is told with the next step, as a server's is.
fn local(flags: &Flags) -> Result<TcpListener, Fault> {
    bind(&flags.addr_or(ANY_PORT)?)
}
