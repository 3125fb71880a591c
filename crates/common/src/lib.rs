//! The three things that the lessons have to agree on. It depends on nothing and knows nobody.
//!
//! | file | what |
//! |---|---|
//! | `framing.rs` | how bytes are divided into messages: one interface, no socket |
//! | `law.rs` | the laws every right framing keeps, as functions that a test calls |
//! | `timeouts.rs` | what a deadline needs of a stream |
#![forbid(unsafe_code)]

mod framing;
pub mod law;
mod timeouts;

pub use framing::{Frame, FrameError, Framing};
pub use timeouts::Timeouts;
