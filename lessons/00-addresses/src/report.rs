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

use std::fmt::Display;
use std::io::{self, Write};
use std::net::IpAddr;

use crate::bases::{binary, decimal, hex};
use crate::network::{Network, width};
use crate::place::Place;
use crate::purpose::{ipv4_inside, multicast_scope, purpose};

/// Writes everything that `place` says.
///
/// # Errors
/// Those of `out`.
pub fn report(out: &mut impl Write, place: &Place) -> io::Result<()> {
    let address = place.address();
    line(out, "address", address)?;
    line(out, "  binary", binary(address))?;
    line(out, "  decimal", decimal(address))?;
    line(out, "  hex", hex(address))?;
    match place.network() {
        Some(network) => describe_network(out, address, &network)?,
        None => {
            let example = example_prefix(address);
            line(
                out,
                "prefix",
                format_args!("not given: try {address}/{example}"),
            )?;
            line(
                out,
                "network",
                "unknown: an address alone does not say where its network ends",
            )?;
        }
    }
    describe_purpose(out, address)
}

fn describe_network(out: &mut impl Write, address: IpAddr, network: &Network) -> io::Result<()> {
    let (first, last) = network.hosts();
    let front = format!(
        "the first {} of {} bits name the network",
        network.prefix(),
        width(address)
    );
    line(out, "mask", format_args!("{} ({front})", network.mask()))?;
    if address.is_ipv4() {
        line(out, "  binary", binary(network.mask()))?;
    }
    line(
        out,
        "network",
        format_args!("{}/{}", network.address(), network.prefix()),
    )?;
    match network.broadcast() {
        Some(broadcast) => line(out, "broadcast", broadcast)?,
        None => line(out, "broadcast", why_no_broadcast(network))?,
    }
    line(out, "first host", first)?;
    line(out, "last host", last)?;
    line(out, "hosts", network.host_count())?;
    line(
        out,
        "addresses",
        format_args!("{} (2^{})", count(network), network.host_bits()),
    )?;
    match role(address, network) {
        Some(role) => line(out, "note", role),
        None => Ok(()),
    }
}

fn why_no_broadcast(network: &Network) -> &'static str {
    match (network.address().is_ipv4(), network.host_bits()) {
        (true, 0) => "none: one host alone",
        (true, _) => "none: two hosts on one line, both addresses are theirs (RFC 3021)",
        (false, _) => "none: IPv6 has multicast instead, ff02::1 is everybody on this link",
    }
}

/// What an address is that no host has, or a prefix that no cable has.
fn role(address: IpAddr, network: &Network) -> Option<&'static str> {
    if network.prefix() == 0 {
        return Some("/0 is every address there is: the default route, not a network of hosts");
    }
    if network.broadcast() == Some(address) {
        return Some("this is the broadcast address itself: no host has it");
    }
    if network.host_bits() >= 2 && network.address() == address {
        return Some(match address {
            IpAddr::V4(_) => "this is the address of the network itself: no host has it",
            IpAddr::V6(_) => "this is the address of the network's routers: no host has it",
        });
    }
    None
}

fn describe_purpose(out: &mut impl Write, address: IpAddr) -> io::Result<()> {
    let purpose = purpose(address);
    line(out, "purpose", purpose.name)?;
    line(
        out,
        "  because",
        format_args!("it lies in {} ({})", purpose.block, purpose.source),
    )?;
    line(out, "  meaning", purpose.meaning)?;
    if let Some(scope) = multicast_scope(address) {
        line(out, "  reaches", scope)?;
    }
    if let Some(inside) = ipv4_inside(address) {
        line(
            out,
            "  inside",
            format_args!("{inside}, {}", crate::purpose::purpose(inside.into()).name),
        )?;
    }
    Ok(())
}

/// A length that a home network has.
pub(crate) fn example_prefix(address: IpAddr) -> u8 {
    if address.is_ipv4() { 24 } else { 64 }
}

/// The one number that does not fit into 128 bits is 2^128, the count of all IPv6 addresses.
fn count(network: &Network) -> String {
    network.count().map_or_else(
        || "340282366920938463463374607431768211456".to_owned(),
        |count| count.to_string(),
    )
}

fn line(out: &mut impl Write, label: &str, value: impl Display) -> io::Result<()> {
    writeln!(out, "{label:<11} {value}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let mut out = Vec::new();
        report(&mut out, &Place::parse(text).unwrap()).unwrap();
        String::from_utf8(out).unwrap()
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
        assert!(told("1.2.3.4/0").contains("default route"));
        for plain in [
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
    }

    #[test]
    fn what_hides_in_an_ipv6_address_is_told() {
        assert!(told("::ffff:192.168.1.20").contains("inside    192.168.1.20, private"));
        assert!(told("ff02::fb").contains("reaches   one link"));
    }
}
