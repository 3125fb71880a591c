//! What the plain path goes through by one call: one file, one promise, its price in the first lines.
//!
//! | file | promise |
//! |---|---|
//! | `second_thread.rs` | a line of any length is answered; a thread that cannot be had is an error |

pub(crate) mod second_thread;
