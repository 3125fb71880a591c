//! What a server of this lesson promises beyond the plain one, a file each:
//!
//! | file | promise | price |
//! |---|---|---|
//! | `stopper.rs` | it stops when asked, and what runs may finish for 2 s | a connection to ourselves |
//! | `connections.rs` | it knows who is connected, however they leave | a lock for each connection that comes and goes |
//! | `max_clients.rs` | no more than so many clients at once; the next waits its turn | who takes all places keeps others out |
//! | `panics.rs` | a handler that panics ends its own connection and nothing else | none, as long as nothing panics |
//! | `backlog.rs` | of a thousand clients at once none waits for seconds | kernel memory for those who wait |
//! | `back_off.rs` | a failing `accept` does not burn the processor | a client may wait up to 1 s after it works again |
//! | `semaphore.rs` | no more than 16 commands at once, in order | a lock for each command |
//! | `descriptors.rs` | as many descriptors as this system allows | one system call at the start |
//! | `idle_memory.rs` | what busy connections needed goes back when they are silent | the program starts itself once more |

pub(crate) mod back_off;
pub(crate) mod backlog;
pub(crate) mod connections;
pub(crate) mod descriptors;
pub(crate) mod idle_memory;
pub(crate) mod max_clients;
pub(crate) mod panics;
pub(crate) mod semaphore;
pub(crate) mod stopper;
