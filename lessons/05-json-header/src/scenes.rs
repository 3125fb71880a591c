//! What each scene does: the command line's side of the lesson. Protocol, folder and copying are elsewhere.

mod commands;
mod files;

use common::{Fault, Flags, Wire, pause_between_blocks};
use timeline::{Layout, Outputs};

pub use commands::{command_server, run};
pub use files::{ServerArgs, get, list, put, server};

use crate::demo::demo_recording;
use crate::layout::{course_layout, python_layout};

/// The demo: both ends in one process, the same output every time.
///
/// # Errors
/// A socket or a file failed; a trace file cannot be written.
pub fn demo(flags: &Flags) -> Result<(), Fault> {
    let (text, recording) = demo_recording().map_err(|error| Fault::io("demo", &error))?;
    // The demo prints its timeline anyway, so `--trace` has nothing to add.
    let outputs = Outputs::new(false, flags.trace_svg.clone());
    outputs
        .write(&recording, "lesson 05")
        .map_err(|error| Fault::io("trace", &error))?;
    pause_between_blocks(&text, flags.pause)
}

/// What a drawing calls the parts of what travels.
fn layout(wire: Wire) -> Layout {
    if wire == Wire::Course {
        course_layout
    } else {
        python_layout
    }
}
