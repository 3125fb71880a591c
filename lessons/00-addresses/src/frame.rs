//! A frame taken apart: which header follows which, and whose bytes remain.
//!
//! ```text
//! Ethernet 14 | IPv4 20 | TCP 20 to 60 | payload | padding
//!             | IPv6 40 | UDP 8        | payload |
//!             | ARP 28                           |
//! ```
//!
//! Each header says what follows it: the Ethernet type says IPv4, IPv4's protocol says TCP, and TCP's port says which
//! program. That is all there is to layers (五层模型). Everything comes from the wire, so everything may be missing or
//! a lie: a header that ends too early is an error, what is unknown stays bytes.
//!
//! Left out: VLAN tags, IPv6 extension headers, and putting fragments together.

mod checksum;
mod ethernet;
mod ip;
#[cfg(test)]
mod tests;
mod transport;

use std::fmt;

pub use ethernet::{Arp, Ethernet};
pub use ip::{Ip, Ipv4, Ipv6};
pub use transport::{Tcp, Transport, Udp};

/// One frame, its headers read.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The header that every card reads.
    pub ethernet: Ethernet,
    /// What the Ethernet header announced.
    pub packet: Packet<'a>,
    /// Zeros that filled a short frame up to the 60 bytes that Ethernet asks for; belongs to nobody.
    pub padding: &'a [u8],
}

/// What a frame carries.
#[derive(Debug)]
pub enum Packet<'a> {
    /// A question or answer about a MAC address.
    Arp(Arp),
    /// A packet from machine to machine, and what is in it.
    Ip(Ip, Transport<'a>),
    /// Something else.
    Other(&'a [u8]),
}

/// One field of a header. The fields of a header, in order, are all its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// How many bytes it has.
    pub len: usize,
    /// Its name.
    pub name: &'static str,
    /// What its bytes say.
    pub meaning: String,
}

/// One header, or the payload.
#[derive(Debug)]
pub struct Layer {
    /// `Ethernet`, `IPv4`, ...
    pub name: &'static str,
    /// Whom it connects.
    pub job: &'static str,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// A header that ends too early, or says something about itself that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameFault {
    /// Bytes are missing.
    Short {
        /// Which part.
        part: &'static str,
        /// How many bytes there are.
        has: usize,
        /// How many it takes.
        needs: usize,
    },
    /// A length inside a header is impossible.
    Length {
        /// Which header.
        part: &'static str,
        /// What it says.
        says: usize,
        /// The least that it can be.
        least: usize,
    },
    /// It says that it is IPv4 or IPv6, and its version number says otherwise.
    Version(u8),
}

impl fmt::Display for FrameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short { part, has, needs } => {
                write!(f, "{part} ends after {has} of {needs} bytes")
            }
            Self::Length { part, says, least } => {
                write!(f, "{part} says {says} bytes; it has at least {least}")
            }
            Self::Version(version) => {
                write!(
                    f,
                    "version {version} in a packet that was announced as another"
                )
            }
        }
    }
}

impl<'a> Frame<'a> {
    // ANCHOR: parse
    /// Takes a frame apart, from the first byte that a card's program sees (the destination) to the last.
    ///
    /// # Errors
    /// A header that ends too early or contradicts itself.
    pub fn parse(frame: &'a [u8]) -> Result<Self, FrameFault> {
        let (ethernet, inside) = Ethernet::split(frame)?;
        let (packet, padding) = match ethernet.inside {
            Ethernet::ARP => {
                let (arp, padding) = Arp::split(inside)?;
                (Packet::Arp(arp), padding)
            }
            Ethernet::IPV4 => {
                let (header, inside, padding) = Ipv4::split(inside)?;
                let ip = Ip::V4(header);
                (Packet::Ip(ip, Transport::parse(&ip, inside)?), padding)
            }
            Ethernet::IPV6 => {
                let (header, inside, padding) = Ipv6::split(inside)?;
                let ip = Ip::V6(header);
                (Packet::Ip(ip, Transport::parse(&ip, inside)?), padding)
            }
            _ => (Packet::Other(inside), Default::default()),
        };
        Ok(Self {
            ethernet,
            packet,
            padding,
        })
    }
    // ANCHOR_END: parse

    /// The headers from the outside to the inside. Together with [`payload`](Self::payload) and the padding they are
    /// all the bytes.
    pub fn layers(&self) -> Vec<Layer> {
        let mut layers = vec![Layer {
            name: "Ethernet",
            job: "from card to card, on one cable",
            fields: self.ethernet.fields(),
        }];
        match &self.packet {
            Packet::Arp(arp) => {
                layers.push(Layer {
                    name: "ARP",
                    job: "which card has this IP address?",
                    fields: arp.fields(),
                });
            }
            Packet::Ip(ip, transport) => {
                layers.push(Layer {
                    name: ip.name(),
                    job: "from machine to machine, through any number of routers",
                    fields: ip.fields(),
                });
                layers.extend(transport.layer());
            }
            Packet::Other(_) => {}
        }
        layers
    }

    /// What is in the innermost header that we know.
    pub fn payload(&self) -> &'a [u8] {
        match &self.packet {
            Packet::Arp(_) => &[],
            Packet::Ip(_, transport) => transport.payload(),
            Packet::Other(bytes) => bytes,
        }
    }
}

/// The first `N` bytes and the rest.
fn split<'a, const N: usize>(
    bytes: &'a [u8],
    part: &'static str,
) -> Result<(&'a [u8; N], &'a [u8]), FrameFault> {
    bytes.split_first_chunk().ok_or(FrameFault::Short {
        part,
        has: bytes.len(),
        needs: N,
    })
}

/// The first `len` bytes and the rest, when a header says how long it is.
fn split_at<'a>(
    bytes: &'a [u8],
    len: usize,
    part: &'static str,
) -> Result<(&'a [u8], &'a [u8]), FrameFault> {
    bytes.split_at_checked(len).ok_or(FrameFault::Short {
        part,
        has: bytes.len(),
        needs: len,
    })
}

fn field(len: usize, name: &'static str, meaning: impl fmt::Display) -> Field {
    Field {
        len,
        name,
        meaning: meaning.to_string(),
    }
}
