//! What every lesson leans on and no lesson teaches.
//!
//! If a chapter has to explain it, it lives in the lesson; if a reader needs only its signature, it may live here.
//!
//! | file | knows |
//! |---|---|
//! | `framing.rs` | the one interface for framing: bytes in, messages out; no socket |
//! | `law.rs` | the two laws every framing is held to, as functions a test calls |
//! | `address.rs` | `HOST:PORT`: parse, bind, connect |
//! | `accept.rs` | one client after the other, and a close after which the last words arrive |
//! | `flags.rs` | the command-line flags that all scenes share |
//! | `program.rs` | exit status, the one `error:` line, a quiet end when stdout closes |
//! | `log.rs` | `listening on`, and log lines that are not too many |
//! | `entries.rs` | one line of input is one entry, from a terminal or a pipe |
//! | `unread.rs` | lines that do not wait for somebody who never reads |
//! | `plain_text.rs` | text from others, made harmless before a terminal sees it |
#![forbid(unsafe_code)]

mod accept;
mod address;
mod entries;
mod flags;
mod framing;
pub mod law;
mod log;
mod plain_text;
mod program;
mod timeouts;
mod unread;

pub use accept::{BackOff, close_politely, serve_in_turn};
pub use address::{
    Address, bind, bind_fault, bind_loopback, bind_udp, bind_udp_loopback, connect,
    listener_on_a_free_port,
};
pub use entries::Entries;
pub use flags::{Flags, Wire, parse_seconds, parse_whole};
pub use framing::{Frame, FrameError, Framing};
pub use log::{ClientLog, SeldomLog, announce, log, tell};
pub use plain_text::{PlainWriter, plain_block, plain_line, short_line};
pub use program::{Fault, Output, pause_between_blocks, run_program, run_program_on, why};
pub use timeouts::Timeouts;
