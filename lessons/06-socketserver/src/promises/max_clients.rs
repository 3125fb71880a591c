//! The promise: no more than so many clients at once (1,024, or `--max-clients N`), whatever comes.
//!
//! Beyond that the server says so and waits **before** it accepts. The next client stays in the kernel's queue, connected
//! and not served, and queues are served in order; when one leaves, the first in the queue comes in. To accept and close
//! at once would be easier, and would punish those who wait patiently.
//!
//! The price: whoever wants to keep others out needs only as many silent connections: `--idle` says for how long.

use crate::handler::{Handler, Notice};
use crate::promises::connections::Connections;

/// The limit, if nothing else is said.
pub const MAX_CLIENTS: usize = 1024;

/// Returns when there are fewer than `max` clients. (A server that is told to stop lets those go who are in, so it comes to that.)
pub(crate) fn wait_for_a_place(connections: &Connections, max: usize, handler: &impl Handler) {
    if connections.open() >= max {
        handler.on_notice(&Notice::Full(max));
        connections.wait_while(|open| open >= max);
    }
}
