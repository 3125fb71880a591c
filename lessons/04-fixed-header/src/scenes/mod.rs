//! What the command line starts, what the demo shows, what a trace names. The subject is elsewhere.

mod choice;
mod commands;
mod demo;
mod echo;
mod flood;
mod pack;
mod side_by_side;

use cli::{Flags, Output, Result};

pub use choice::{FramingChoice, command_framing};
pub use commands::{command_server, run};
pub use demo::{demo, demo_svg};
pub use echo::{client, server};
pub use flood::{flood, flood_server};
pub use pack::{PackArgs, UnpackArgs, pack, unpack};

/// Where servers listen and clients connect, if nothing else is said.
const ADDRESS: &str = "127.0.0.1:8080";

/// The demo: both ends in one process, the same output every time.
///
/// # Errors
/// A socket failed; a trace file cannot be written.
pub fn run_demo(flags: &Flags) -> Result {
    cli::demo(flags, "lesson 04", demo::recorded)
}

/// One message under every framing, byte for byte.
///
/// # Errors
/// Nobody reads stdout any more.
pub fn framings(flags: &Flags, message: &[u8]) -> Result {
    flags.without_socket("framings")?;
    Output.raw(side_by_side::side_by_side(message).as_bytes())
}
