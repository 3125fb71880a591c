//! Text to address: `192.168.1.20/24`, `2001:db8::20/64`, `192.168.1.20`.
//!
//! The standard library parses addresses strictly, and says only `invalid IPv4 address syntax` when it refuses. Why a
//! text was refused is looked for afterwards, in `promises/reasons.rs`: nothing is accepted there.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use crate::network::{Network, width};
use crate::promises::reasons::why_no_address;

/// An address, and the length of its network's prefix if that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address {
    ip: IpAddr,
    /// At most 32 for IPv4 and 128 for IPv6.
    prefix: Option<u8>,
}

impl Address {
    /// Reads `ADDRESS` or `ADDRESS/PREFIX`; for IPv4 the prefix may be written as a mask.
    ///
    /// # Errors
    /// The reason, as the second half of `error: WHAT: WHY`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let ip = address.parse().map_err(|_| why_no_address(address))?;
        let prefix = prefix.map(|prefix| parse_prefix(prefix, ip)).transpose()?;
        Ok(Self { ip, prefix })
    }

    /// The address alone.
    pub fn ip(&self) -> IpAddr {
        self.ip
    }

    /// The network, if a prefix says where it ends.
    pub fn network(&self) -> Option<Network> {
        self.prefix.map(|prefix| Network::around(self.ip, prefix))
    }

    /// The same address; if it has no prefix, with the one of `other`, an address of the same family.
    #[must_use]
    pub fn or_prefix_of(self, other: &Self) -> Self {
        let same_family = self.ip.is_ipv4() == other.ip.is_ipv4();
        let prefix = self.prefix.or(other.prefix.filter(|_| same_family));
        Self { prefix, ..self }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.prefix {
            Some(prefix) => write!(f, "{}/{prefix}", self.ip),
            None => write!(f, "{}", self.ip),
        }
    }
}

/// A prefix length in decimal, or for IPv4 a mask such as `255.255.255.0`.
fn parse_prefix(text: &str, ip: IpAddr) -> Result<u8, String> {
    if let (IpAddr::V4(_), Ok(mask)) = (ip, text.parse::<Ipv4Addr>()) {
        // A mask is ones, then zeros. `255.0.255.0` selects bits too, but no prefix says so.
        let ones = mask.to_bits().leading_ones();
        let prefix = u8::try_from(ones).ok();
        let prefix = prefix.filter(|_| mask.to_bits().count_ones() == ones);
        return prefix.ok_or_else(|| format!("the mask {mask} has a 0 bit in front of a 1 bit"));
    }
    let bits = width(ip);
    let counts = text.starts_with(|c: char| c.is_ascii_digit() && c != '0');
    let why = match text.parse::<u8>() {
        // `parse` alone would take `+24` and `024` too.
        Ok(prefix) if prefix <= bits && prefix.to_string() == text => return Ok(prefix),
        _ if counts && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("is over the {bits} bits of the address")
        }
        _ => format!("is not a number from 0 to {bits} without a leading zero"),
    };
    Err(format!("the prefix `{text}` {why}"))
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
            assert_eq!(Address::parse(text).unwrap().to_string(), text);
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
            assert_eq!(Address::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_wrong_prefix_is_refused_with_its_reason() {
        for (text, reason) in [
            ("10.0.0.1/", "the prefix `` is not a number from 0 to 32"),
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
            let why = Address::parse(text).unwrap_err();
            assert!(why.contains(reason), "{text}: {why}");
        }
    }

    #[test]
    fn the_prefix_of_one_serves_the_other_only_within_a_family() {
        let address = |text| Address::parse(text).unwrap();
        assert_eq!(
            address("10.0.0.1").or_prefix_of(&address("10.0.0.2/8")),
            address("10.0.0.1/8")
        );
        assert_eq!(
            address("10.0.0.1/16").or_prefix_of(&address("10.0.0.2/8")),
            address("10.0.0.1/16")
        );
        assert_eq!(
            address("10.0.0.1").or_prefix_of(&address("::1/64")),
            address("10.0.0.1")
        );
    }
}
