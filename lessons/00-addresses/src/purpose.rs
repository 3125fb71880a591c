//! What an address is for: the blocks that IANA keeps apart, each with the RFC that says so.
//!
//! ```text
//! private: any home or office may use it; no router of the internet forwards it
//!     10.0.0.0/8          RFC 1918
//!     172.16.0.0/12       RFC 1918
//! ```
//!
//! The table is `tables/purposes.txt`. Blocks lie inside blocks, so the longest prefix that matches
//! wins, as in a router. Left out: blocks for single protocols and laboratories of IPv6; they count as reserved here.

use std::net::IpAddr;

use crate::address::Address;

const TABLE: &str = include_str!("../tables/purposes.txt");

/// A block, what its addresses are for, and who says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purpose {
    /// `private`, `public`, `loopback`, ...
    pub name: &'static str,
    /// What follows for whoever meets such an address.
    pub meaning: &'static str,
    /// `10.0.0.0/8`
    pub block: &'static str,
    /// The RFC, and its section.
    pub source: &'static str,
}

/// The purpose of the smallest block that `address` lies in. There is always one: the table has `0.0.0.0/0` and `::/0`.
pub fn purpose(address: IpAddr) -> Purpose {
    let blocks = blocks().filter_map(|purpose| {
        let network = Address::parse(purpose.block).ok()?.network()?;
        let found = (network.prefix, purpose);
        network.contains(address).then_some(found)
    });
    let smallest = blocks.max_by_key(|(prefix, _)| *prefix);
    smallest.map(|(_, purpose)| purpose).unwrap_or_default()
}

/// The rows of the table. A line that is not indented is the purpose of the rows after it, or a comment.
fn blocks() -> impl Iterator<Item = Purpose> {
    let (mut name, mut meaning) = ("", "");
    TABLE.lines().filter_map(move |line| {
        let Some(row) = line.strip_prefix("    ") else {
            (name, meaning) = line.split_once(": ").unwrap_or_default();
            return None;
        };
        let (block, source) = row.split_once("  ")?;
        let source = source.trim_start();
        Some(Purpose {
            name,
            meaning,
            block,
            source,
        })
    })
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn name(text: &str) -> &'static str {
        purpose(text.parse().unwrap()).name
    }

    #[test]
    fn every_row_is_a_network_written_by_its_own_address() {
        for row in blocks() {
            let address = Address::parse(row.block).unwrap();
            let network = address.network().unwrap_or_else(|| panic!("{row:?}"));
            assert_eq!(network.address, address.ip(), "{row:?}");
            assert!(row.source.starts_with("RFC "), "{row:?}");
            assert!(!row.name.is_empty() && !row.meaning.is_empty(), "{row:?}");
        }
    }

    #[test]
    fn no_row_of_the_table_is_lost_and_no_block_stands_there_twice() {
        let mut found: Vec<_> = blocks().map(|row| row.block).collect();
        let rows = TABLE.lines().filter(|line| line.contains('/'));
        assert_eq!(found.len(), rows.count());
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), blocks().count());
    }

    #[test]
    fn both_ends_of_each_ipv4_block_belong_to_it_and_their_neighbours_do_not() {
        for (first, last, expected) in [
            ("10.0.0.0", "10.255.255.255", "private"),
            ("172.16.0.0", "172.31.255.255", "private"),
            ("192.168.0.0", "192.168.255.255", "private"),
            ("100.64.0.0", "100.127.255.255", "shared, CGNAT"),
            ("127.0.0.0", "127.255.255.255", "loopback"),
            ("169.254.0.0", "169.254.255.255", "link-local"),
            ("192.0.2.0", "192.0.2.255", "documentation"),
            ("198.51.100.0", "198.51.100.255", "documentation"),
            ("203.0.113.0", "203.0.113.255", "documentation"),
            ("198.18.0.0", "198.19.255.255", "benchmarking"),
            ("224.0.0.0", "239.255.255.255", "multicast"),
            ("240.0.0.0", "255.255.255.254", "reserved"),
        ] {
            assert_eq!((name(first), name(last)), (expected, expected));
            let first: Ipv4Addr = first.parse().unwrap();
            let last: Ipv4Addr = last.parse().unwrap();
            let before = purpose(Ipv4Addr::from_bits(first.to_bits() - 1).into()).name;
            let after = purpose(Ipv4Addr::from_bits(last.to_bits() + 1).into()).name;
            assert!(
                before != expected && after != expected,
                "{first}: {before}, {last}: {after}"
            );
        }
    }

    #[test]
    fn a_block_inside_a_block_wins() {
        assert_eq!(
            (name("0.0.0.0"), name("0.0.0.1")),
            ("unspecified", "reserved")
        );
        assert_eq!(name("255.255.255.255"), "broadcast");
        assert_eq!(
            (name("2001::1"), name("2001:5::1"), name("2001:200::1")),
            ("Teredo", "reserved", "public")
        );
    }

    #[test]
    fn the_types_of_ipv6_addresses_are_told_apart() {
        for (text, expected) in [
            ("::", "unspecified"),
            ("::1", "loopback"),
            ("::2", "reserved"),
            ("::ffff:192.168.1.20", "IPv4-mapped"),
            ("64:ff9b::8.8.8.8", "NAT64"),
            ("2001:db8::1", "documentation"),
            ("3fff::1", "documentation"),
            ("2606:4700:4700::1111", "public"),
            ("fdff::1", "private, unique local"),
            ("fe80::1", "link-local"),
            ("febf::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff02::1", "multicast"),
            ("4000::1", "reserved"),
        ] {
            assert_eq!(name(text), expected, "{text}");
        }
    }

    #[test]
    fn the_standard_library_agrees_on_what_it_knows() {
        for bits in (0..=u32::MAX).step_by(65_521) {
            let address = Ipv4Addr::from_bits(bits);
            let name = purpose(address.into()).name;
            assert_eq!(name == "private", address.is_private(), "{address}");
            assert_eq!(name == "loopback", address.is_loopback(), "{address}");
            assert_eq!(name == "link-local", address.is_link_local(), "{address}");
            assert_eq!(name == "multicast", address.is_multicast(), "{address}");
            assert_eq!(
                name == "documentation",
                address.is_documentation(),
                "{address}"
            );
        }
    }
}
