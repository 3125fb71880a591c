//! Text to address: `192.168.1.20/24`, `2001:db8::20/64`, `192.168.1.20`.
//!
//! The standard library parses addresses strictly, and says only `invalid IPv4 address syntax` when it refuses. A
//! person who typed it wants the reason, so this file looks once more at what was refused. It never accepts anything
//! that the standard library does not.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::network::{Network, width};

/// An address, and the length of its network's prefix if that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    address: IpAddr,
    /// At most 32 for IPv4 and 128 for IPv6.
    prefix: Option<u8>,
}

impl Place {
    /// Reads `ADDRESS` or `ADDRESS/PREFIX`; for IPv4 the prefix may be written as a mask.
    ///
    /// # Errors
    /// The reason, as the second half of `error: WHAT: WHY`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address = parse_address(address)?;
        let prefix = prefix
            .map(|prefix| parse_prefix(prefix, address))
            .transpose()?;
        Ok(Self { address, prefix })
    }

    /// The address alone.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// The network, if a prefix says where it ends.
    pub fn network(&self) -> Option<Network> {
        self.prefix
            .map(|prefix| Network::around(self.address, prefix))
    }

    /// The same address; if it has no prefix, with the one of `other`.
    ///
    /// Only within one family: 64 bits of prefix mean nothing to an IPv4 address.
    #[must_use]
    pub fn or_prefix_of(self, other: &Self) -> Self {
        let same_family = self.address.is_ipv4() == other.address.is_ipv4();
        Self {
            prefix: self.prefix.or(other.prefix.filter(|_| same_family)),
            ..self
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.prefix {
            Some(prefix) => write!(f, "{}/{prefix}", self.address),
            None => write!(f, "{}", self.address),
        }
    }
}

fn parse_address(text: &str) -> Result<IpAddr, String> {
    text.parse().map_err(|_| why_no_address(text))
}

/// A prefix length in decimal, or for IPv4 a mask such as `255.255.255.0`.
fn parse_prefix(text: &str, address: IpAddr) -> Result<u8, String> {
    let bits = width(address);
    if text.is_empty() {
        return Err(format!(
            "no prefix behind the slash, which is a number from 0 to {bits}"
        ));
    }
    if let (true, Ok(mask)) = (address.is_ipv4(), text.parse::<Ipv4Addr>()) {
        return prefix_of_mask(mask);
    }
    // `parse` alone would take `+24` too.
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!(
            "the prefix `{text}` is not a number from 0 to {bits}"
        ));
    }
    match text.parse::<u8>() {
        Ok(_) if text.len() > 1 && text.starts_with('0') => {
            Err(format!("the prefix `{text}` has a leading zero"))
        }
        Ok(prefix) if prefix <= bits => Ok(prefix),
        _ => Err(format!(
            "the prefix `{text}` is over the {bits} bits of the address"
        )),
    }
}

/// A mask is ones, then zeros. `255.0.255.0` selects bits too, but no prefix says so.
fn prefix_of_mask(mask: Ipv4Addr) -> Result<u8, String> {
    let ones = mask.to_bits().leading_ones();
    if ones != mask.to_bits().count_ones() {
        return Err(format!(
            "the mask {mask} has a 0 bit in front of a 1 bit; a mask is ones, then zeros"
        ));
    }
    u8::try_from(ones).map_err(|error| error.to_string())
}

/// Why the standard library said no.
fn why_no_address(text: &str) -> String {
    if text.is_empty() {
        return "no address".to_owned();
    }
    if let Some((_, zone)) = text.split_once('%') {
        return format!(
            "`%{zone}` is a zone: it names a network card of one machine and is no part of the address; leave it out"
        );
    }
    if text.parse::<SocketAddr>().is_ok() {
        return "this is an address with a port; the network is found from the address alone, leave the port out"
            .to_owned();
    }
    if text.starts_with('[') {
        return "brackets belong around an IPv6 address only when a port follows".to_owned();
    }
    if text.contains(':') {
        return why_no_ipv6(text);
    }
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return why_no_ipv4(text);
    }
    "neither an address nor a scene of --help; a name has to be looked up first: getent hosts NAME"
        .to_owned()
}

/// What is wrong with this text of digits and dots.
fn why_no_ipv4(text: &str) -> String {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return format!(
            "{} numbers between the dots; an IPv4 address has 4",
            parts.len()
        );
    }
    for part in parts {
        if part.is_empty() {
            return "a number is missing between two dots".to_owned();
        }
        if part.parse::<u8>().is_err() {
            return format!("{part} is over 255, the largest number in 8 bits");
        }
        if part.len() > 1 && part.starts_with('0') {
            return format!(
                "{part} has a leading zero, which some programs read as octal; write it without"
            );
        }
    }
    "not an IPv4 address".to_owned()
}

/// What is wrong with this text with a colon in it.
fn why_no_ipv6(text: &str) -> String {
    let (groups, embedded) = match text.rsplit_once(':') {
        Some((front, tail)) if tail.contains('.') => (front, Some(tail)),
        _ => (text, None),
    };
    if let Some(tail) = embedded.filter(|tail| tail.parse::<Ipv4Addr>().is_err()) {
        return format!(
            "`{tail}` at its end is no IPv4 address: {}",
            why_no_address(tail)
        );
    }
    if let Some(strange) = groups.chars().find(|c| !c.is_ascii_hexdigit() && *c != ':') {
        return format!("`{strange}` is no hex digit");
    }
    if let Some(long) = groups.split(':').find(|group| group.len() > 4) {
        return format!("the group `{long}` has over 4 hex digits, that is over 16 bits");
    }
    if text.contains(":::") || text.matches("::").count() > 1 {
        return "`::` stands for as many zero groups as fit, so it can stand only once".to_owned();
    }
    // An IPv4 address at the end stands for two groups.
    let count =
        groups.split(':').filter(|group| !group.is_empty()).count() + embedded.map_or(0, |_| 2);
    match count {
        0..8 if !text.contains("::") => {
            format!("{count} groups; an IPv6 address has 8, or a `::` for those left out")
        }
        8 if text.contains("::") => {
            "8 groups and a `::`, which stands for at least one more".to_owned()
        }
        9.. => format!("{count} groups; an IPv6 address has 8"),
        _ => "a lone `:` at its beginning or end".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_shown() {
        for text in [
            "192.168.1.20/24",
            "0.0.0.0/0",
            "10.0.0.1",
            "2001:db8::20/64",
            "::/0",
            "::ffff:1.2.3.4/128",
        ] {
            assert_eq!(Place::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_mask_is_another_way_to_write_the_prefix() {
        for (text, shown) in [
            ("10.0.0.1/255.0.0.0", "10.0.0.1/8"),
            ("10.0.0.1/255.255.255.192", "10.0.0.1/26"),
            ("10.0.0.1/0.0.0.0", "10.0.0.1/0"),
            ("10.0.0.1/255.255.255.255", "10.0.0.1/32"),
        ] {
            assert_eq!(Place::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "no address"),
            ("fe80::1%eth0", "`%eth0` is a zone"),
            ("fe80::1%eth0/64", "is a zone"),
            ("192.168.1.20:8080", "with a port"),
            ("[::1]:8080", "with a port"),
            ("[::1]", "brackets"),
            ("192.168.1", "3 numbers between the dots"),
            ("192.168.1.20.5", "5 numbers"),
            ("192.168..20", "missing between two dots"),
            ("192.168.1.256", "256 is over 255"),
            ("192.168.1.99999999999999999999", "over 255"),
            ("192.168.01.20", "01 has a leading zero"),
            ("localhost", "has to be looked up first"),
            ("192.168.1.x", "looked up"),
            ("192.168.1.20 ", "looked up"),
            ("1:2:3", "3 groups; an IPv6 address has 8"),
            ("1:2:3:4:5:6:7:8:9", "9 groups; an IPv6 address has 8"),
            (
                "1:2:3:4:5:6:7::8",
                "a `::`, which stands for at least one more",
            ),
            ("1::2::3", "only once"),
            (":::", "only once"),
            ("12345::", "`12345` has over 4 hex digits"),
            ("::g", "`g` is no hex digit"),
            ("::ffff:1.2.3.256", "256 is over 255"),
            ("1:2:3:4:5:6:7:1.2.3.4", "9 groups"),
            ("1:2:3:4:5:6:7:8:", "a lone `:`"),
        ] {
            let why = Place::parse(text).unwrap_err();
            assert!(why.contains(reason), "{text}: {why}");
        }
    }

    #[test]
    fn a_wrong_prefix_is_refused_with_its_reason() {
        for (text, reason) in [
            ("10.0.0.1/", "no prefix behind the slash"),
            ("10.0.0.1/33", "over the 32 bits"),
            ("10.0.0.1/256", "over the 32 bits"),
            ("::1/129", "over the 128 bits"),
            ("10.0.0.1/+24", "not a number from 0 to 32"),
            ("10.0.0.1/-1", "not a number"),
            ("10.0.0.1/ 24", "not a number"),
            ("10.0.0.1/024", "leading zero"),
            ("10.0.0.1/24/24", "not a number"),
            ("10.0.0.1/255.0.255.0", "a 0 bit in front of a 1 bit"),
            ("::1/255.0.0.0", "not a number from 0 to 128"),
        ] {
            let why = Place::parse(text).unwrap_err();
            assert!(why.contains(reason), "{text}: {why}");
        }
    }

    #[test]
    fn the_prefix_of_one_serves_the_other_only_within_a_family() {
        let place = |text| Place::parse(text).unwrap();
        assert_eq!(
            place("10.0.0.1").or_prefix_of(&place("10.0.0.2/8")),
            place("10.0.0.1/8")
        );
        assert_eq!(
            place("10.0.0.1/16").or_prefix_of(&place("10.0.0.2/8")),
            place("10.0.0.1/16")
        );
        assert_eq!(
            place("10.0.0.1").or_prefix_of(&place("::1/64")),
            place("10.0.0.1")
        );
    }
}
