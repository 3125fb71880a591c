//! The same bits in three bases.
//!
//! ```text
//! decimal      192.168.1.20                            3232235796
//! binary       11000000.10101000.00000001.00010100
//! hex          c0.a8.01.14                             0xc0a80114
//! ```
//!
//! Four dotted numbers are how people write 32 bits; on the wire there are four bytes and no dot. IPv6 is written in
//! hex, eight groups of 16 bits, because 128 bits would be up to 39 digits in decimal.

use std::net::IpAddr;

/// Bits, a dot between bytes (IPv4) or a colon between groups of 16 bits (IPv6, over two lines of four groups).
pub fn binary(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.octets().map(|byte| format!("{byte:08b}")).join("."),
        IpAddr::V6(address) => {
            let [a, b, c, d, e, f, g, h] = address.segments().map(|group| format!("{group:016b}"));
            format!("{a}:{b}:{c}:{d}:\n{:12}{e}:{f}:{g}:{h}", "")
        }
    }
}

/// Hex digits, two for each byte, as one number and with the bytes or groups apart.
pub fn hex(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let bytes = address.octets().map(|byte| format!("{byte:02x}")).join(".");
            format!("{:#010x} ({bytes})", address.to_bits())
        }
        IpAddr::V6(address) => {
            let groups = address.segments().map(|group| format!("{group:04x}"));
            groups.join(":") + " (in full)"
        }
    }
}

/// Any bytes in hex, a blank between two: `68 65 6c 6c 6f 21`.
pub(crate) fn hex_bytes(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.collect::<Vec<_>>().join(" ")
}

/// The bytes that hex digits stand for, two for each; blanks do not count.
///
/// # Errors
/// What is not a hex digit, or half a byte.
pub(crate) fn bytes_of(text: &str) -> Result<Vec<u8>, String> {
    let mut digits = Vec::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let digit = c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        digits.push(digit.ok_or_else(|| format!("`{c}` is not a hex digit"))?);
    }
    let (pairs, half) = digits.as_chunks();
    if !half.is_empty() {
        return Err("an odd number of hex digits; a byte has two".to_owned());
    }
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::to_bits;

    fn decimal(address: IpAddr) -> String {
        to_bits(address).to_string()
    }

    #[test]
    fn leading_zeros_stay_because_a_byte_has_8_bits() {
        let address = "1.2.3.4".parse().unwrap();
        assert_eq!(binary(address), "00000001.00000010.00000011.00000100");
        assert_eq!(
            (decimal(address), hex(address)),
            ("16909060".into(), "0x01020304 (01.02.03.04)".into())
        );
    }

    #[test]
    fn ipv6_is_written_in_full() {
        let address = "2001:db8::20".parse().unwrap();
        assert_eq!(
            hex(address),
            "2001:0db8:0000:0000:0000:0000:0000:0020 (in full)"
        );
        assert_eq!(decimal(address), "42540766411282592856903984951653826592");
        let binary = binary(address);
        assert!(
            binary.starts_with("0010000000000001:0000110110111000:"),
            "{binary}"
        );
        assert_eq!(binary.matches(['0', '1']).count(), 128);
    }

    #[test]
    fn the_largest_ipv6_address_has_39_decimal_digits() {
        let all_ones = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff".parse().unwrap();
        assert_eq!(decimal(all_ones).len(), 39);
    }
}
