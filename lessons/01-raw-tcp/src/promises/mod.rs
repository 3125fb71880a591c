//! What the plain path goes through by one call: one file, one promise, its price in the first lines.
//!
//! | file | promise |
//! |---|---|
//! | `back_off.rs` | an accept that fails does not burn a core |
//! | `second_thread.rs` | a line of any length is answered; a thread that cannot be had is an error |

pub(crate) mod back_off;
pub(crate) mod second_thread;
