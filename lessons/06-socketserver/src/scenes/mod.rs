//! What the command line starts. The servers are the lesson's; what they do with a connection is often another lesson's.
//!
//! | file | scene |
//! |---|---|
//! | `served.rs` | what all servers do around a handler: bind, Ctrl-C, a line in the log for each connection |
//! | `reply.rs` | `server`, `client`, `udp-server`, `udp-client` |
//! | `reconnect.rs` | `reconnect` |
//! | `commands.rs` | `command-server`, `run`: lesson 04's commands, for many |
//! | `files.rs` | `file-server`: lesson 05's files, for many |
//! | `idle.rs` | `idle`: what a thousand silent clients cost |
//! | `demo.rs` | three clients at once, one of them asleep |

mod commands;
mod demo;
mod files;
mod idle;
mod reconnect;
mod reply;
mod served;

use cli::{Flags, Result};

pub use commands::{CommandArgs, command_server, run};
pub use demo::{demo_recording, demo_svg};
pub use files::{FileArgs, file_server};
pub use idle::{IdleArgs, idle};
pub use reconnect::{ReconnectArgs, reconnect};
pub use reply::{ServerArgs, UdpClientArgs, client, server, udp_client, udp_server};
pub use served::{Counted, ManyArgs, Model, Stream, serve_requests};

/// Where servers listen and clients connect if nothing else is said.
const ADDRESS: &str = "127.0.0.1:8080";

/// The demo: the same output every time.
///
/// # Errors
/// A socket failed; a trace file cannot be written.
pub fn demo(flags: &Flags) -> Result {
    cli::demo(flags, "lesson 06", demo_recording)
}
