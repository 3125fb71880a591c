//! What an address is for: the blocks that IANA keeps apart, each with the RFC that says so.
//!
//! The table follows the two registries `iana-ipv4-special-registry` and `iana-ipv6-special-registry` (RFC 6890), with
//! multicast and the plain unicast space added. Blocks lie inside blocks, so the longest prefix that matches wins, as
//! in a router. Left out: blocks for single protocols and laboratories of IPv6; they count as reserved here.

use std::net::{IpAddr, Ipv4Addr};

use crate::address::Address;

/// A block, such as `10.0.0.0/8`; what it is for; the RFC that says so.
pub type Purpose = (&'static str, &'static str, &'static str);

const BLOCKS: &[Purpose] = &[
    // ANCHOR: private
    ("10.0.0.0/8", "private", "RFC 1918"),
    ("172.16.0.0/12", "private", "RFC 1918"),
    ("192.168.0.0/16", "private", "RFC 1918"),
    // ANCHOR_END: private
    ("0.0.0.0/8", "reserved", "RFC 791, section 3.2"),
    ("0.0.0.0/32", "unspecified", "RFC 1122, section 3.2.1.3"),
    ("100.64.0.0/10", "shared, CGNAT", "RFC 6598"),
    ("127.0.0.0/8", "loopback", "RFC 1122, section 3.2.1.3"),
    ("169.254.0.0/16", "link-local", "RFC 3927"),
    ("192.0.0.0/24", "reserved", "RFC 6890, section 2.1"),
    ("192.0.2.0/24", "documentation", "RFC 5737"),
    ("198.51.100.0/24", "documentation", "RFC 5737"),
    ("203.0.113.0/24", "documentation", "RFC 5737"),
    ("192.88.99.0/24", "reserved", "RFC 7526"),
    ("198.18.0.0/15", "benchmarking", "RFC 2544"),
    ("224.0.0.0/4", "multicast", "RFC 5771"),
    ("240.0.0.0/4", "reserved", "RFC 1112, section 4"),
    ("255.255.255.255/32", "broadcast", "RFC 919"),
    ("0.0.0.0/0", "public", "RFC 7020"),
    ("::/0", "reserved", "RFC 4291, section 2.4"),
    ("::/128", "unspecified", "RFC 4291, section 2.5.2"),
    ("::1/128", "loopback", "RFC 4291, section 2.5.3"),
    ("::ffff:0:0/96", "IPv4-mapped", "RFC 4291, section 2.5.5.2"),
    ("64:ff9b::/96", "NAT64", "RFC 6052"),
    ("2000::/3", "public", "RFC 4291, section 2.5.4"),
    ("2001::/23", "reserved", "RFC 2928"),
    ("2001::/32", "Teredo", "RFC 4380"),
    ("2001:db8::/32", "documentation", "RFC 3849"),
    ("2002::/16", "6to4", "RFC 3056"),
    ("3fff::/20", "documentation", "RFC 9637"),
    ("fc00::/7", "private, unique local", "RFC 4193"),
    ("fe80::/10", "link-local", "RFC 4291, section 2.5.6"),
    ("fec0::/10", "site-local", "RFC 3879"),
    ("ff00::/8", "multicast", "RFC 4291, section 2.7"),
];

/// What follows for whoever meets an address of this purpose.
pub fn meaning(name: &str) -> &'static str {
    match name {
        "private" | "private, unique local" => {
            "any home or office may use it; no router of the internet forwards it"
        }
        "public" => "one machine or site in the whole internet, given out by a registry",
        "unspecified" => "\"no address yet\"; a server that binds it listens on all its addresses",
        "shared, CGNAT" => "between a provider and its customers; not public, not yours",
        "loopback" => "this machine itself; never on a cable",
        "link-local" => {
            "chosen by the machine itself (IPv4: no DHCP server answered); one cable only"
        }
        "documentation" => "for examples in books; nobody has it",
        "benchmarking" => "for measuring devices in a laboratory",
        "multicast" => "a group of machines that asked for it, never one machine",
        "broadcast" => "everybody on this cable; no router forwards it",
        "IPv4-mapped" => "how a program sees an IPv4 peer through an IPv6 socket; never on a cable",
        "NAT64" => "an IPv4 address as hosts without IPv4 reach it, through a translator",
        "Teredo" | "6to4" => "IPv6 through an IPv4 network; given up",
        "site-local" => "given up in 2004; unique local took its place",
        _ => "kept apart; no ordinary machine has it",
    }
}

/// The block that `address` lies in, and what it is for.
pub fn purpose(address: IpAddr) -> Purpose {
    let longest = BLOCKS.iter().max_by_key(|(block, ..)| {
        let network = Address::parse(block).ok()?.network()?;
        network.contains(address).then_some(network.prefix) // a block around it, before any other
    });
    longest.copied().unwrap_or_default()
}

/// The IPv4 address that this IPv6 address stands for: `::ffff:a.b.c.d` in a program, `64:ff9b::a.b.c.d` on the wire.
pub fn ipv4_inside(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else {
        return None;
    };
    let [.., a, b, c, d] = address.octets();
    let nat64 = address.segments().starts_with(&[0x64, 0xff9b, 0, 0, 0, 0]);
    address
        .to_ipv4_mapped()
        .or(nat64.then_some(Ipv4Addr::new(a, b, c, d)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> &'static str {
        purpose(text.parse().unwrap()).1
    }

    #[test]
    fn every_row_is_a_network_written_by_its_own_address() {
        for &(block, _, source) in BLOCKS {
            let address = Address::parse(block).unwrap();
            let network = address.network().unwrap_or_else(|| panic!("{block}"));
            assert_eq!(network.address, address.ip(), "{block}");
            assert!(source.starts_with("RFC "), "{block}");
        }
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
            let before = purpose(Ipv4Addr::from_bits(first.to_bits() - 1).into()).1;
            let after = purpose(Ipv4Addr::from_bits(last.to_bits() + 1).into()).1;
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
            let name = purpose(address.into()).1;
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

    #[test]
    fn an_ipv4_address_inside_is_found() {
        let inside =
            |text: &str| ipv4_inside(text.parse().unwrap()).map(|address| address.to_string());
        assert_eq!(inside("::ffff:1.2.3.4").as_deref(), Some("1.2.3.4"));
        assert_eq!(inside("64:ff9b::1.2.3.4").as_deref(), Some("1.2.3.4"));
        assert_eq!(
            (
                inside("::1.2.3.4"),
                inside("64:ff9b:0:0:0:1::"),
                inside("1.2.3.4")
            ),
            (None, None, None)
        );
    }
}
