//! The address of a network card: 6 bytes, and what two of their bits say.
//!
//! ```text
//! 02        :00:00:00:00:0a
//! 00000010
//!       |\__ I/G: 0 = one card, 1 = a group of cards
//!       \___ U/L: 0 = given by the maker, 1 = chosen by somebody else (IEEE 802, section 8)
//! ```
//!
//! A card's maker burns an address in, and the first three bytes say who made it. But the address that goes into a
//! frame is whatever the system puts there: virtual machines, containers and phones make one up, and the U/L bit admits
//! it. So a MAC address is no identity card (身份证). It has to be unique on one cable, and nowhere else.

use std::fmt;
use std::net::IpAddr;

use crate::bases::bytes_of;

/// The address of a network card, or of a group of cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mac(pub [u8; 6]);

impl Mac {
    /// Where a frame for every card on the cable goes.
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// Reads `02:00:00:00:00:0a`, `02-00-00-00-00-0a`, `0200.0000.000a`, `2:0:0:0:0:a`.
    ///
    /// # Errors
    /// The reason, as the second half of `error: WHAT: WHY`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut bytes = Vec::new();
        for group in text.split([':', '-', '.']) {
            match group.len() {
                1 => bytes.extend(bytes_of(&format!("0{group}"))?), // `arp -a` of macOS leaves zeros out
                _ => bytes.extend(bytes_of(group)?),
            }
        }
        let count = bytes.len();
        let why = |_| format!("a MAC address has 6 bytes, as in 02:00:00:00:00:0a, not {count}");
        bytes.try_into().map(Self).map_err(why)
    }

    /// The address in a field of a header; zeros if the field has another length.
    pub(crate) fn of(field: &[u8]) -> Self {
        Self(field.try_into().unwrap_or_default())
    }

    /// The cards that listen to an IP group: for IPv4 the last 23 bits of the address after `01:00:5e`
    /// (RFC 1112, section 6.4), for IPv6 the last 32 after `33:33` (RFC 2464, section 7).
    pub fn of_group(group: IpAddr) -> Self {
        match group {
            IpAddr::V4(group) => {
                let [_, b, c, d] = group.octets();
                Self([0x01, 0x00, 0x5e, b & 0x7f, c, d])
            }
            IpAddr::V6(group) => {
                let [.., a, b, c, d] = group.octets();
                Self([0x33, 0x33, a, b, c, d])
            }
        }
    }

    /// Whether it names a group of cards; the broadcast is the group of all.
    pub fn is_group(self) -> bool {
        self.0[0] & 0b01 != 0
    }

    /// The address, and who is to take a frame for it.
    pub fn and_whom(self) -> String {
        let whom = self.meaning().split(';').next().unwrap_or_default();
        format!("{self}, {whom}")
    }

    /// Who is meant and who chose it, in a few words.
    pub fn meaning(self) -> &'static str {
        match self.0 {
            [0xff, 0xff, 0xff, 0xff, 0xff, 0xff] => "broadcast: every card on this cable",
            [0, 0, 0, 0, 0, 0] => "no card at all: what loopback writes",
            _ if self.is_group() => "multicast: cards that listen to this group",
            _ if self.0[0] & 0b10 != 0 => {
                "one card; software chose this address, another machine may have the same"
            }
            _ => "one card; its maker gave it this address, and software can replace it",
        }
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([a, b, c, d, e, g]) = self;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_shown() {
        for text in ["02:00:00:00:00:0a", "ff:ff:ff:ff:ff:ff"] {
            assert_eq!(Mac::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "02-00-00-00-00-0A",
            "0200.0000.000a",
            "02000000000A",
            "2:0:0:0:0:a",
            "2-0-0-0-0-A",
        ] {
            let mac = Mac::parse(text).unwrap();
            assert_eq!(mac.to_string(), "02:00:00:00:00:0a", "{text}");
        }
    }

    #[test]
    fn what_is_no_mac_address_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "not 0"),
            ("02:00:00:00:00", "not 5"),
            ("02:00:00:00:00:0a:0b", "not 7"),
            ("02:00:00:00:00:0g", "`g` is not a hex digit"),
            ("002:0:0:0:0:a", "an odd number of hex digits"),
            ("2:0:0:0:a", "not 5"),
            ("2:0:0:0:0:g", "`g` is not a hex digit"),
            ("02:00:00:00:00:+a", "`+` is not"),
            ("02:00:00:00:00:粘", "`粘` is not"),
        ] {
            let why = Mac::parse(text).unwrap_err();
            assert!(why.contains(reason), "{text}: {why}");
        }
    }

    #[test]
    fn two_bits_tell_a_group_and_a_made_up_address() {
        let told = |text| Mac::parse(text).map(|mac| (mac.is_group(), mac.meaning()));
        for (text, group, meaning) in [
            ("00:1b:21:00:00:01", false, "its maker gave it"),
            ("02:00:00:00:00:0a", false, "software chose"),
            ("01:00:5e:00:00:fb", true, "multicast"),
            ("ff:ff:ff:ff:ff:ff", true, "broadcast"),
        ] {
            let (is_group, says) = told(text).unwrap();
            assert!(
                is_group == group && says.contains(meaning),
                "{text}: {says}"
            );
        }
    }

    #[test]
    fn the_meaning_is_told() {
        for (text, word) in [
            ("ff:ff:ff:ff:ff:ff", "broadcast: every card on this cable"),
            ("01:00:5e:00:00:fb", "multicast: cards that listen"),
            ("33:33:00:00:00:01", "multicast: cards that listen"),
            ("01:80:c2:00:00:00", "multicast: cards that listen"),
            ("02:42:ac:11:00:02", "software chose"),
            ("00:1b:21:00:00:01", "its maker"),
            ("00:00:00:00:00:00", "loopback"),
        ] {
            assert!(Mac::parse(text).unwrap().meaning().contains(word), "{text}");
        }
    }
}
