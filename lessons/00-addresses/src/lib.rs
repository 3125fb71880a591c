//! Addresses and layers: what an address says before a single byte is sent.
//!
//! ```text
//! 192.168.1.20/24    11000000.10101000.00000001 . 00010100
//!                    \____ network, 24 bits ____/ \_ host _/
//! ```
//!
//! | file | knows |
//! |---|---|
//! | `place.rs` | text to address and prefix, and why a text is refused |
//! | `bases.rs` | the same bits in binary, decimal and hex |
//! | `network.rs` | mask, network, broadcast, hosts: the arithmetic |
//! | `purpose.rs` | private, loopback, multicast, ...: the tables of the RFCs |
//! | `report.rs` | all of that for one address, as text |
//! | `neighbours.rs` | two addresses: the same network? |
//! | `demo.rs` | the worked example |
#![forbid(unsafe_code)]

mod bases;
mod demo;
mod neighbours;
mod network;
mod place;
mod purpose;
mod report;

pub use bases::{binary, decimal, hex};
pub use demo::demo;
pub use neighbours::{Answer, same_network};
pub use network::Network;
pub use place::Place;
pub use purpose::{Purpose, ipv4_inside, multicast_scope, purpose};
pub use report::report;
