//! Everything that one address says, as text.
//!
//! ```text
//! address     192.168.1.20
//!   binary    11000000.10101000.00000001.00010100
//! ...
//! purpose     private
//! ```
//!
//! An address that came without a prefix still has three bases and a purpose; for the rest the report says what is
//! missing.

use std::net::IpAddr;

use crate::address::Address;
use crate::bases::{binary, hex};
use crate::network::{Network, to_bits, width};
use crate::purpose::purpose;

/// Everything that `address` says.
pub fn report(address: &Address) -> String {
    let ip = address.ip();
    let (binary, decimal, hex) = (binary(ip), to_bits(ip), hex(ip));
    let network = match address.network() {
        Some(network) => about_network(ip, &network),
        None => format!(
            "\
prefix      not given: try {ip}/{}
network     unknown: an address alone does not say where its network ends
",
            example_prefix(ip)
        ),
    };
    let about = purpose(ip);
    let (name, meaning) = (about.name, about.meaning);
    let (block, source) = (about.block, about.source);
    format!(
        "\
address     {ip}
  binary    {binary}
  decimal   {decimal}
  hex       {hex}
{network}purpose     {name}
  because   it lies in {block} ({source})
  meaning   {meaning}
"
    )
}

fn about_network(ip: IpAddr, network: &Network) -> String {
    let (prefix, width, mask) = (network.prefix, width(ip), network.mask());
    let front = format!("the first {prefix} of {width} bits name the network");
    let mut text = format!("mask        {mask} ({front})\n");
    if ip.is_ipv4() {
        text += &format!("  binary    {}\n", binary(mask));
    }
    let (lowest, host_bits) = (network.address, network.host_bits());
    // Why there is no broadcast, where there is none.
    let none = match (width, host_bits) {
        (128, _) => "none: IPv6 has multicast instead, ff02::1 is everybody on this link",
        (_, 0) => "none: one host alone",
        _ => "none: two hosts on one line, both addresses are theirs (RFC 3021)",
    };
    let broadcast = network.broadcast();
    let broadcast = broadcast.map_or(none.to_owned(), |all| all.to_string());
    let (first, last) = network.hosts();
    let hosts = to_bits(last) - to_bits(first) + 1;
    // The one number that does not fit into 128 bits is the count of all IPv6 addresses.
    let all = "340282366920938463463374607431768211456".to_owned();
    let count = 1_u128.checked_shl(host_bits.into());
    let count = count.map_or(all, |count| count.to_string());
    text += &format!(
        "\
network     {lowest}/{prefix}
broadcast   {broadcast}
first host  {first}
last host   {last}
hosts       {hosts}
addresses   {count} (2^{host_bits})
"
    );
    if !(first..=last).contains(&ip) {
        let whose = match network.broadcast() {
            Some(all) if all == ip => "broadcast address itself",
            Some(_) => "address of the network itself",
            None => "address of the network's routers",
        };
        text += &format!("note        this is the {whose}: no host has it\n");
    }
    text
}

/// A length that a home network has.
pub(crate) fn example_prefix(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 24 } else { 64 }
}
#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        report(&Address::parse(text).unwrap())
    }

    #[test]
    fn a_private_address_is_told_in_full() {
        let expected = "\
address     192.168.1.20
  binary    11000000.10101000.00000001.00010100
  decimal   3232235796
  hex       0xc0a80114 (c0.a8.01.14)
mask        255.255.255.0 (the first 24 of 32 bits name the network)
  binary    11111111.11111111.11111111.00000000
network     192.168.1.0/24
broadcast   192.168.1.255
first host  192.168.1.1
last host   192.168.1.254
hosts       254
addresses   256 (2^8)
purpose     private
  because   it lies in 192.168.0.0/16 (RFC 1918)
  meaning   any home or office may use it; no router of the internet forwards it
";
        assert_eq!(told("192.168.1.20/24"), expected);
    }

    #[test]
    fn without_a_prefix_the_bases_and_the_purpose_are_still_told() {
        let told = told("8.8.8.8");
        assert!(
            told.contains("00001000.00001000.00001000.00001000"),
            "{told}"
        );
        assert!(
            told.contains("prefix      not given") && told.contains("try 8.8.8.8/24"),
            "{told}"
        );
        assert!(
            told.contains("purpose     public\n") && told.contains("network     unknown"),
            "{told}"
        );
    }

    #[test]
    fn an_address_that_no_host_has_is_named() {
        assert!(told("192.168.1.255/24").contains("this is the broadcast address"));
        assert!(told("192.168.1.0/24").contains("the address of the network itself"));
        assert!(told("2001:db8::/64").contains("routers"));
        for plain in [
            "1.2.3.4/0",
            "192.168.1.0/31",
            "192.168.1.0/32",
            "192.168.1.1/24",
            "2001:db8::/127",
            "2001:db8::/128",
        ] {
            assert!(!told(plain).contains("note"), "{plain}");
        }
    }

    #[test]
    fn networks_without_broadcast_say_why() {
        assert!(told("10.0.0.1/31").contains("none: two hosts on one line"));
        assert!(told("10.0.0.1/32").contains("none: one host alone"));
        assert!(told("fe80::1/64").contains("none: IPv6 has multicast"));
    }

    #[test]
    fn the_count_of_all_ipv6_addresses_is_right_although_it_fits_no_integer() {
        let told = told("::/0");
        assert!(
            told.contains("addresses   340282366920938463463374607431768211456 (2^128)"),
            "{told}"
        );
        assert!(
            told.contains("hosts       340282366920938463463374607431768211455\n"),
            "{told}"
        );
        assert!(super::tests::told("1.2.3.4/0").contains("addresses   4294967296 (2^32)"));
    }
}
