//! The internet checksum: RFC 1071, used by IPv4, TCP and UDP.
//!
//! Take the bytes as numbers of 16 bits, add them, and add what overflows back at the low end. The sender writes the
//! complement of the sum into the header; whoever adds everything up, checksum included, must get only ones. It finds
//! a flipped bit. It does not find two swapped numbers, and it is no protection against somebody who wants to cheat.

/// Whether `parts`, one behind the other, add up. Each part but the last has an even number of bytes.
pub(super) fn adds_up(parts: &[&[u8]]) -> bool {
    let mut sum = 0_u64;
    for pair in parts.iter().flat_map(|part| part.chunks(2)) {
        let high = pair.first().copied().unwrap_or(0);
        let low = pair.get(1).copied().unwrap_or(0); // an odd last byte counts as if a zero followed
        sum += u64::from(u16::from_be_bytes([high, low]));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum == 0xffff
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 1071, section 3: the sum is `ddf2`, so the checksum is `220d`.
    #[test]
    fn the_example_of_the_rfc_adds_up() {
        let data = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert!(adds_up(&[&data, &[0x22, 0x0d]]));
        assert!(!adds_up(&[&data, &[0x22, 0x0e]]));
        assert!(!adds_up(&[]));
    }

    #[test]
    fn an_odd_last_byte_counts_as_the_high_half() {
        assert!(adds_up(&[&[0xff, 0xff - 1], &[0x00, 0x01]]));
        assert!(adds_up(&[&[0x01, 0xff], &[0xfe]]));
    }
}
