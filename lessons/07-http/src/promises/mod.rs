//! What parser and server promise beyond the plain story, a file each:
//!
//! | file | promise | price |
//! |---|---|---|
//! | `one_host.rs` | a request means one host and one path to every program that reads it | what could be read in two ways is refused |
//! | `chunk_extensions.rs` | what is skipped in a chunk's line is what the grammar allows there | lines for what next to no program sends |
//! | `lingering_close.rs` | the last answer arrives, although the client went on sending | a thread waits up to 1 s |
//! | `path.rs` | no byte from outside the folder, whatever the path says | two paths that mean one file are rarely served both |
//! | `same_origin.rs` | a page of somebody else cannot store files through a reader's browser | a name for this machine must be known |

pub(crate) mod chunk_extensions;
pub(crate) mod lingering_close;
pub(crate) mod one_host;
pub(crate) mod path;
pub(crate) mod same_origin;
