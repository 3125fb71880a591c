//! How large a datagram may be.

/// The largest payload over IPv4: the packet's length is a 16-bit number (65,535, RFC 791), of which the IP header takes
/// at least 20 bytes and the UDP header 8. IPv6 counts without its own header and leaves 65,527; one limit is enough.
pub const LARGEST: usize = 65_535 - 20 - 8;

/// Room for any datagram. One byte more than a 16-bit length can say, so that nothing is ever cut.
pub const ROOM: usize = 65_535 + 1;

/// Why a message does not fit a datagram, if it does not. The kernel would say `message too long` and no number.
pub fn too_large(message: &[u8]) -> Option<String> {
    let size = message.len();
    (size > LARGEST).then(|| format!("datagram of {size} bytes is over the limit of {LARGEST}"))
}
