//! Ethernet (IEEE 802.3) and ARP (RFC 826): what a card reads, and how it learns whom to write to.

use std::net::Ipv4Addr;

use super::{Field, FrameFault, field, split};
use crate::mac::Mac;

/// ```text
/// +-----------------+-----------------+--------+----------
/// | to, 6 bytes     | from, 6 bytes   | inside | the rest
/// +-----------------+-----------------+--------+----------
/// ```
/// The card puts a preamble in front of it and a checksum behind; neither reaches a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ethernet {
    /// The card that is to take it.
    pub to: Mac,
    /// The card that sent it.
    pub from: Mac,
    /// What follows (the EtherType).
    pub inside: u16,
}

impl Ethernet {
    /// An IPv4 packet follows.
    pub const IPV4: u16 = 0x0800;
    /// An ARP question or answer follows.
    pub const ARP: u16 = 0x0806;
    /// An IPv6 packet follows.
    pub const IPV6: u16 = 0x86dd;

    /// The header and what follows it.
    ///
    /// # Errors
    /// Fewer than 14 bytes.
    pub fn split(bytes: &[u8]) -> Result<(Self, &[u8]), FrameFault> {
        let (header, rest) = split::<14>(bytes, "Ethernet header")?;
        let &[a, b, c, d, e, f, g, h, i, j, k, l, inside_1, inside_2] = header;
        let (to, from) = (Mac([a, b, c, d, e, f]), Mac([g, h, i, j, k, l]));
        Ok((
            Self {
                to,
                from,
                inside: u16::from_be_bytes([inside_1, inside_2]),
            },
            rest,
        ))
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        let inside = match self.inside {
            Self::IPV4 => "IPv4 follows",
            Self::ARP => "ARP follows",
            Self::IPV6 => "IPv6 follows",
            _ => "something else follows",
        };
        vec![
            field(6, "to", format_args!("{}, {}", self.to, self.to.who())),
            field(6, "from", self.from),
            field(2, "inside", inside),
        ]
    }
}

/// ```text
/// +-------+--------+-----+-----+----------+------------+-----------+------------+-----------+
/// | cards | speak  | 6 B | 4 B | question | sender MAC | sender IP | target MAC | target IP |
/// | 00 01 | 08 00  | 06  | 04  | 1, 2     | 6 bytes    | 4 bytes   | 6 bytes    | 4 bytes   |
/// +-------+--------+-----+-----+----------+------------+-----------+------------+-----------+
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arp {
    /// Ethernet and IPv4, the only pair that is left in use; any other is refused by its lengths.
    kind: [u8; 6],
    /// 1 asks, 2 answers.
    pub operation: u16,
    /// Who asks, or answers.
    pub sender: (Mac, Ipv4Addr),
    /// Who is asked, or answered. A question does not know the MAC address: that is what it asks for.
    pub target: (Mac, Ipv4Addr),
}

impl Arp {
    /// "Who has this IP address?"
    pub const QUESTION: u16 = 1;
    /// "I have it."
    pub const ANSWER: u16 = 2;

    pub(super) fn split(bytes: &[u8]) -> Result<(Self, &[u8]), FrameFault> {
        let (head, rest) = split::<8>(bytes, "ARP header")?;
        let &[kind @ .., operation_1, operation_2] = head;
        let (sender, rest) = pair(rest)?;
        let (target, rest) = pair(rest)?;
        Ok((
            Self {
                kind,
                operation: u16::from_be_bytes([operation_1, operation_2]),
                sender,
                target,
            },
            rest,
        ))
    }

    pub(super) fn fields(&self) -> Vec<Field> {
        let operation = match self.operation {
            Self::QUESTION => format!("question: who has {}?", self.target.1),
            Self::ANSWER => format!("answer: {} is at {}", self.sender.1, self.sender.0),
            other => format!("operation {other}"),
        };
        let kind = match self.kind {
            [0, 1, 8, 0, 6, 4] => "Ethernet cards (6 bytes) that speak IPv4 (4 bytes)",
            _ => "other cards or another language",
        };
        vec![
            field(6, "kind", kind),
            field(2, "operation", operation),
            field(6, "sender MAC", self.sender.0),
            field(4, "sender IP", self.sender.1),
            field(6, "target MAC", self.target_mac()),
            field(4, "target IP", self.target.1),
        ]
    }

    fn target_mac(&self) -> String {
        match self.operation {
            Self::QUESTION => "unknown: this is the question".to_owned(),
            _ => self.target.0.to_string(),
        }
    }
}

/// A MAC address and an IP address.
fn pair(bytes: &[u8]) -> Result<((Mac, Ipv4Addr), &[u8]), FrameFault> {
    let (pair, rest) = split::<10>(bytes, "ARP address")?;
    let &[a, b, c, d, e, f, g, h, i, j] = pair;
    Ok(((Mac([a, b, c, d, e, f]), Ipv4Addr::new(g, h, i, j)), rest))
}
