//! The lesson's promises, but for the one that asks the kernel for a queue.

#[path = "../../lessons/06-socketserver/src/promises/back_off.rs"]
pub(crate) mod back_off;
#[path = "../../lessons/06-socketserver/src/promises/connections.rs"]
pub(crate) mod connections;
#[path = "../../lessons/06-socketserver/src/promises/max_clients.rs"]
pub(crate) mod max_clients;
#[path = "../../lessons/06-socketserver/src/promises/panics.rs"]
pub(crate) mod panics;
#[path = "../../lessons/06-socketserver/src/promises/semaphore.rs"]
pub(crate) mod semaphore;
#[path = "../../lessons/06-socketserver/src/promises/stopper.rs"]
pub(crate) mod stopper;

pub(crate) mod backlog {
    pub(crate) use crate::sys::listen;
}
