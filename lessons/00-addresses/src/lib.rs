//! Addresses and layers: what an address says before a single byte is sent, and what is put around our bytes on the way.
//!
//! ```text
//! 192.168.1.20/24    11000000.10101000.00000001 . 00010100
//!                    \____ network, 24 bits ____/ \_ host _/
//! ```
//!
//! **First**, the idea, in this order:
//!
//! | file | knows |
//! |---|---|
//! | `network.rs` | the AND: mask, network, broadcast, hosts, "is this address in it?" |
//! | `next_hop.rs` | the question before every packet: which card gets the frame? |
//! | `address.rs` | text to address and prefix |
//! | `bases.rs` | the same bits in binary, decimal and hex |
//! | `purpose.rs` | private, public, loopback, ...: the RFCs' blocks, which are in `tables/purposes.txt` |
//!
//! **Second**, what is put around our bytes:
//!
//! | file | knows |
//! |---|---|
//! | `frame.rs` | how one header says what follows it; the lists of their fields are in `tables/headers.txt` |
//! | `mac.rs` | the address of a card, and what two of its bits say |
//! | `switch.rs` | a switch, whole: 30 lines |
//!
//! **Third**, if you want to know where a line of output comes from: `scenes/`, one file a scene. It makes text and
//! decides nothing.
//!
//! **Skip** `promises/reasons.rs`: it only says why a text is not an address.
//!
//! | where is | |
//! |---|---|
//! | the loop | none here: nothing is sent |
//! | the limit | `parse_prefix` in `address.rs`: 32 bits, or 128 |
//! | an error's words | of an address `promises/reasons.rs`, of a prefix `address.rs` |
//! | a new scene | its row in `main.rs`, its function in `scenes/` |
#![forbid(unsafe_code)]

pub mod address;
pub mod bases;
pub mod frame;
pub mod mac;
pub mod network;
pub mod next_hop;
mod promises;
pub mod purpose;
pub mod scenes;
pub mod switch;

pub use scenes::demo;
pub use scenes::text::gbk;
