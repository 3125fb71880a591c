//! What the server promises beyond the plain story, a file each:
//!
//! | file | promise | price |
//! |---|---|---|
//! | `lingering_close.rs` | the last answer arrives, although the client went on sending | a thread waits up to 1 s |
//! | `idle_memory.rs` | a connection that was busy and is silent costs little | its buffers grow anew |
//! | `path.rs` | no byte from outside the folder, whatever the path says | two paths that mean one file are rarely served both |
//! | `same_origin.rs` | a page of somebody else cannot store files through a reader's browser | a name for this machine must be known |

mod idle_memory;
pub(crate) mod lingering_close;
pub(crate) mod path;
pub(crate) mod same_origin;
