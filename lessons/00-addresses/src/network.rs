//! The rule: an address and a prefix length give mask, network, broadcast and hosts.
//!
//! ```text
//!              192      168      1        20
//! address      11000000.10101000.00000001.00010100
//! mask /24     11111111.11111111.11111111.00000000
//! network      11000000.10101000.00000001.00000000   address AND mask
//! broadcast    11000000.10101000.00000001.11111111   network OR (NOT mask)
//!              \______ 24 bits of network ______/\ 8 of host /
//! ```
//!
//! IPv4 has 32 bits and IPv6 has 128; the rule is the same, so both are computed in a `u128`. This file knows no text
//! and no purpose of an address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// All addresses that share their first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The lowest address: the host bits are 0.
    pub(crate) address: IpAddr,
    /// How many bits all addresses share: 0 to 32, or 0 to 128.
    pub(crate) prefix: u8,
}

impl Network {
    /// The network of `prefix` bits that `address` lies in. A prefix over the width counts as the whole width.
    pub fn around(address: IpAddr, prefix: u8) -> Self {
        let width = width(address);
        let prefix = prefix.min(width);
        let mask = mask(prefix, width);
        // ANCHOR: and
        let network = to_bits(address) & mask;
        // ANCHOR_END: and
        Self {
            address: from_bits(network, width),
            prefix,
        }
    }

    /// Whether `address` has the same first bits. An address of the other family never has.
    pub fn contains(&self, address: IpAddr) -> bool {
        let (mask, network) = (to_bits(self.mask()), to_bits(self.address));
        // ANCHOR: contains
        width(address) == self.width() && to_bits(address) & mask == network
        // ANCHOR_END: contains
    }

    /// Ones for the network, zeros for the host.
    pub fn mask(&self) -> IpAddr {
        from_bits(mask(self.prefix, self.width()), self.width())
    }

    /// How many bits differ from host to host.
    pub fn host_bits(&self) -> u8 {
        self.width() - self.prefix
    }

    /// The highest address: all host bits 1.
    pub fn last(&self) -> IpAddr {
        let host_part = !to_bits(self.mask()) & all_ones(self.width());
        from_bits(to_bits(self.address) | host_part, self.width())
    }

    /// Where a message to everybody in the network goes.
    ///
    /// IPv6 has none. Nor has an IPv4 network with fewer than two host bits: `/31` is two hosts on a line between two
    /// routers (RFC 3021), `/32` is one host.
    pub fn broadcast(&self) -> Option<IpAddr> {
        (self.width() == 32 && self.host_bits() >= 2).then(|| self.last())
    }

    /// The first and the last address that a host can have.
    ///
    /// In IPv4 the lowest address names the network and the highest is the broadcast (RFC 1122, section 3.2.1.3),
    /// except in a `/31` and a `/32`. In IPv6 the lowest belongs to the routers (RFC 4291, section 2.6.1), except
    /// in a `/127` (RFC 6164) and a `/128`.
    pub fn hosts(&self) -> (IpAddr, IpAddr) {
        let (first, last) = (to_bits(self.address), to_bits(self.last()));
        let width = self.width();
        let (first, last) = match (width, self.host_bits()) {
            (_, 0 | 1) => (first, last),
            (32, _) => (first + 1, last - 1),
            _ => (first + 1, last),
        };
        (from_bits(first, width), from_bits(last, width))
    }

    fn width(&self) -> u8 {
        width(self.address)
    }
}

/// `prefix` ones, then zeros, `width` bits in all.
// ANCHOR: mask
fn mask(prefix: u8, width: u8) -> u128 {
    let zeros = u32::from(width - prefix);
    // Shifting all 128 bits out is not 0 but an overflow, in Rust as in C: `/0` of IPv6 needs the
    // `checked_`.
    all_ones(width)
        .checked_shr(zeros)
        .and_then(|ones| ones.checked_shl(zeros))
        .unwrap_or(0)
}
// ANCHOR_END: mask

fn all_ones(width: u8) -> u128 {
    u128::MAX >> (128 - width)
}

/// How many bits an address of this family has.
pub(crate) fn width(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

/// The address as one number.
pub(crate) fn to_bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}

/// The number as an address of the family with `width` bits.
fn from_bits(bits: u128, width: u8) -> IpAddr {
    match u32::try_from(bits) {
        Ok(bits) if width == 32 => Ipv4Addr::from_bits(bits).into(),
        _ => Ipv6Addr::from_bits(bits).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `ADDRESS/PREFIX` to network, first host, last host, broadcast.
    fn told(address: &str, prefix: u8) -> [String; 4] {
        let network = Network::around(address.parse().unwrap(), prefix);
        let (first, last) = network.hosts();
        let broadcast = network
            .broadcast()
            .map_or("none".to_owned(), |address| address.to_string());
        [
            network.address.to_string(),
            first.to_string(),
            last.to_string(),
            broadcast,
        ]
    }

    #[test]
    fn a_household_has_254_hosts() {
        assert_eq!(
            told("192.168.1.20", 24),
            [
                "192.168.1.0",
                "192.168.1.1",
                "192.168.1.254",
                "192.168.1.255"
            ]
        );
    }

    #[test]
    fn a_prefix_may_end_inside_a_byte() {
        assert_eq!(
            told("10.1.2.200", 26),
            ["10.1.2.192", "10.1.2.193", "10.1.2.254", "10.1.2.255"]
        );
        assert_eq!(
            told("172.16.9.1", 12),
            [
                "172.16.0.0",
                "172.16.0.1",
                "172.31.255.254",
                "172.31.255.255"
            ]
        );
    }

    #[test]
    fn two_routers_on_a_line_need_no_broadcast() {
        assert_eq!(
            told("10.0.0.1", 31),
            ["10.0.0.0", "10.0.0.0", "10.0.0.1", "none"]
        );
        assert_eq!(
            told("10.0.0.1", 32),
            ["10.0.0.1", "10.0.0.1", "10.0.0.1", "none"]
        );
        assert_eq!(
            told("10.0.0.1", 30),
            ["10.0.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3"]
        );
    }

    #[test]
    fn prefix_0_is_every_address() {
        assert_eq!(
            told("1.2.3.4", 0),
            ["0.0.0.0", "0.0.0.1", "255.255.255.254", "255.255.255.255"]
        );
        let all = Network::around("::1".parse().unwrap(), 0);
        assert_eq!(
            (all.address, all.mask()),
            ("::".parse().unwrap(), "::".parse().unwrap())
        );
        assert_eq!(all.last(), Ipv6Addr::from_bits(u128::MAX));
    }

    #[test]
    fn ipv6_has_no_broadcast_and_gives_the_lowest_address_to_the_routers() {
        let last = "2001:db8::ffff:ffff:ffff:ffff";
        assert_eq!(
            told("2001:db8::20", 64),
            ["2001:db8::", "2001:db8::1", last, "none"]
        );
        assert_eq!(
            told("2001:db8::3", 127),
            ["2001:db8::2", "2001:db8::2", "2001:db8::3", "none"]
        );
        assert_eq!(
            told("2001:db8::3", 128),
            ["2001:db8::3", "2001:db8::3", "2001:db8::3", "none"]
        );
    }

    #[test]
    fn an_address_of_the_other_family_is_never_inside() {
        let all = Network::around("0.0.0.0".parse().unwrap(), 0);
        assert!(all.contains("255.1.2.3".parse().unwrap()));
        assert!(!all.contains("::1.2.3.4".parse().unwrap()));
    }

    #[test]
    fn every_prefix_agrees_with_counting_bits_one_by_one() {
        for (text, width) in [
            ("172.29.183.77", 32_u8),
            ("2001:db8:9d3f:71c4:8ad2:5be7:6c19:f0a5", 128),
        ] {
            let address: IpAddr = text.parse().unwrap();
            for prefix in 0..=width {
                let network = Network::around(address, prefix);
                let mut expected = 0;
                for bit in 0..prefix {
                    expected |= to_bits(address) & (1 << (width - 1 - bit));
                }
                assert_eq!(to_bits(network.address), expected, "/{prefix}");
                assert_eq!(to_bits(network.mask()).count_ones(), u32::from(prefix));
                assert!(network.contains(network.last()) && network.contains(address));
            }
        }
    }
}
