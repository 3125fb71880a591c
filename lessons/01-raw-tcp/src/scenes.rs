//! The scenes that need no second terminal: what they print goes to stdout.

use std::net::SocketAddr;

use common::{Fault, Flags, Output, pause_between_blocks};
use timeline::{Outputs, Recording};

use crate::backlog::somaxconn;
use crate::demo::demo_recording;
use crate::endings::endings_recording;

/// The demo: both ends in one process, the same output every time.
///
/// # Errors
/// A socket failed, or a trace file cannot be written.
pub fn demo(flags: &Flags) -> Result<(), Fault> {
    let (text, recording) = demo_recording().map_err(|error| Fault::io("demo", &error))?;
    drawn(flags, &recording)?;
    pause_between_blocks(&text, flags.pause)
}

/// Every socket call with its value now.
///
/// # Errors
/// The address cannot be bound, or a socket failed.
pub fn options(flags: &Flags) -> Result<(), Fault> {
    let addr = local(flags)?;
    shown(|out| crate::options::options(addr, out).map_err(|error| Fault::io(addr, &error)))
}

/// The echo over AF_UNIX.
///
/// # Errors
/// No socket file can be made here, or this system has no such sockets.
pub fn unix(flags: &Flags) -> Result<(), Fault> {
    #[cfg(unix)]
    {
        let recorder = timeline::Recorder::joined();
        shown(|out| crate::unix::unix(out, &recorder).map_err(|error| Fault::io("unix", &error)))?;
        drawn(flags, &recorder.recording())
    }
    #[cfg(not(unix))]
    {
        let _ = flags;
        Err(Fault::failed(
            "unix",
            "std has AF_UNIX on Unix systems only",
        ))
    }
}

/// Every way in which a connection ends.
///
/// # Errors
/// A socket failed in a way that is not part of the story.
pub fn endings(flags: &Flags) -> Result<(), Fault> {
    let ip = local(flags)?.ip();
    shown(|out| crate::endings::endings(ip, out).map_err(|error| Fault::io(ip, &error)))?;
    if flags.trace_svg.is_none() {
        return Ok(());
    }
    drawn(
        flags,
        &endings_recording().map_err(|error| Fault::io("endings", &error))?,
    )
}

/// How many connects complete while nobody accepts.
///
/// # Errors
/// The address cannot be bound.
pub fn backlog(flags: &Flags) -> Result<(), Fault> {
    let addr = local(flags)?;
    let mut out = Output::default();
    out.raw(b"listen(n)  connected  the next one\n")?;
    for n in [0, 1, 3, 5, 128] {
        let queue = crate::backlog::backlog(addr, n).map_err(|error| Fault::io(addr, &error))?;
        out.raw(format!("{n:>9}  {:>9}  {}\n", queue.connected, queue.next).as_bytes())?;
    }
    let limit = somaxconn().map_or_else(
        || "cannot be read here".to_owned(),
        |limit| limit.to_string(),
    );
    out.raw(format!("\nsomaxconn, the system's own limit: {limit}\n").as_bytes())
}

/// What writes take while nobody reads.
///
/// # Errors
/// The address cannot be bound, or a socket failed.
pub fn short_writes(flags: &Flags) -> Result<(), Fault> {
    let addr = local(flags)?;
    shown(|out| {
        crate::short_writes::short_writes(addr, out).map_err(|error| Fault::io(addr, &error))
    })
}

/// A scene that prints its timeline anyway: `--trace` has nothing to add, `--trace-svg` has.
fn drawn(flags: &Flags, recording: &Recording) -> Result<(), Fault> {
    let outputs = Outputs::new(false, flags.trace_svg.clone());
    outputs
        .write(recording, "lesson 01")
        .map_err(|error| Fault::io("trace", &error))
}

/// Where a local scene listens: any free port, unless somebody says otherwise.
fn local(flags: &Flags) -> Result<SocketAddr, Fault> {
    flags.addr_or("127.0.0.1:0")?.to_bind()
}

/// What a scene writes, on stdout.
fn shown(scene: impl FnOnce(&mut Vec<u8>) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut text = Vec::new();
    scene(&mut text)?;
    Output::default().raw(&text)
}
