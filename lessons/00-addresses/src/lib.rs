//! Addresses and layers: what an address says before a single byte is sent, and what is put around our bytes on the way.
//!
//! ```text
//! 192.168.1.20/24    11000000.10101000.00000001 . 00010100
//!                    \____ network, 24 bits ____/ \_ host _/
//! ```
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
