//! What each scene does: the command line's side of the lesson. Framings, the loop and the protocols are elsewhere.

mod commands;
mod echo;
mod flood;
mod pack;

use common::{Fault, Flags, Output, pause_between_blocks};
use timeline::Outputs;

pub use commands::{command_server, run};
pub use echo::{client, server};
pub use flood::{flood, flood_server};
pub use pack::{PackArgs, UnpackArgs, pack, unpack};

use crate::demo::demo_recording;
use crate::side_by_side::side_by_side;

/// The demo: both ends in one process, the same output every time.
///
/// # Errors
/// A socket failed; a trace file cannot be written.
pub fn demo(flags: &Flags) -> Result<(), Fault> {
    let (text, recording) = demo_recording().map_err(|error| Fault::io("demo", &error))?;
    // The demo prints its timeline anyway, so `--trace` has nothing to add.
    let outputs = Outputs::new(false, flags.trace_svg.clone());
    outputs
        .write(&recording, "lesson 04")
        .map_err(|error| Fault::io("trace", &error))?;
    pause_between_blocks(&text, flags.pause)
}

/// One message under every framing, byte for byte.
///
/// # Errors
/// Nobody reads stdout any more.
pub fn framings(flags: &Flags, message: &[u8]) -> Result<(), Fault> {
    flags.without_socket("framings")?;
    Output::default().raw(side_by_side(message).as_bytes())
}
