//! What the benches share: payloads that are looked at, a stream in memory, a stream that counts its calls, and a
//! harness that compares ways of doing one thing side by side.
//!
//! | file | knows |
//! |---|---|
//! | `payload.rs` | what is sent, and how a receiver looks at every byte of it |
//! | `memory.rs` | a peer that has sent everything already |
//! | `counted.rs` | a stream that counts the system calls made on it |
//! | `machine.rs` | where and when something was measured |
//! | `naive.rs` | the plain way: a read for the header, a read for the rest |
//! | `receivers.rs` | ways from bytes to payloads: ours, the plain one, tokio-util's codec, a copy |
//! | `paired.rs` | rounds, ratios inside a round, medians, the table |

#![forbid(unsafe_code)]

mod counted;
mod machine;
mod memory;
pub mod naive;
mod paired;
mod payload;
mod receivers;

pub use counted::Counted;
pub use machine::machine;
pub use memory::Memory;
pub use paired::{Measured, Row, Table};
pub use payload::{SIZES, look, message, seen_in_all};
pub use receivers::{BLOCK, Way, length_codec, ways};
