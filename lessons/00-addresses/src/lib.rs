//! Addresses and layers: what an address says before a single byte is sent, and what is put around our bytes on the way.
//!
//! ```text
//! 192.168.1.20/24    11000000.10101000.00000001 . 00010100
//!                    \____ network, 24 bits ____/ \_ host _/
//! ```
//!
//! Addresses:
//!
//! | file | knows |
//! |---|---|
//! | `place.rs` | text to address and prefix, and why a text is refused |
//! | `bases.rs` | the same bits in binary, decimal and hex |
//! | `network.rs` | mask, network, broadcast, hosts: the arithmetic |
//! | `purpose.rs` | private, loopback, multicast, ...: the tables of the RFCs |
//! | `report.rs` | all of that for one address, as text |
//! | `neighbours.rs` | two addresses: the same network? |
//! | `mac.rs` | the address of a card, and what two of its bits say |
//! | `ports.rs` | what a port number is, and how many clients one port serves |
//!
//! Layers:
//!
//! | file | knows |
//! |---|---|
//! | `capture.rs` | frames as hex text; the captures of this lesson |
//! | `frame.rs` and `frame/` | the headers: Ethernet, ARP, IPv4, IPv6, TCP, UDP |
//! | `anatomy.rs` | one frame, header by header, as text |
//! | `layers.rs` | what each layer adds to our bytes |
//! | `conversation.rs` | a capture as a ladder: handshake, bytes, end |
//! | `picture.rs` | layers and ladder as SVG |
//! | `switch.rs`, `router.rs` | what the two devices do with a frame |
//! | `encodings.rs` | text as bytes, in UTF-8 and in GBK |
//!
//! And `demo.rs` (the worked example), `scenes.rs` (what can be asked on the command line).
#![forbid(unsafe_code)]

mod anatomy;
mod bases;
pub mod capture;
mod conversation;
mod demo;
mod encodings;
pub mod frame;
mod layers;
mod mac;
mod neighbours;
mod network;
pub mod picture;
mod place;
mod ports;
mod purpose;
mod report;
mod router;
pub mod scenes;
mod switch;

pub use anatomy::anatomy;
pub use bases::{binary, decimal, hex};
pub use conversation::{Conversation, Step};
pub use demo::demo;
pub use encodings::{encodings, gbk};
pub use layers::{Share, shares, tell_layers};
pub use mac::{Mac, describe_mac};
pub use neighbours::{Answer, same_network};
pub use network::Network;
pub use place::Place;
pub use ports::{port_range, try_ports};
pub use purpose::{Purpose, ipv4_inside, multicast_scope, purpose};
pub use report::report;
pub use router::watch_router;
pub use switch::{PORTS, Switch, watch_switch};
