//! What is sent, and how a receiver looks at it.

/// A message of `size` bytes that every framing can carry: no zero byte, no line feed.
pub fn message(size: usize) -> Vec<u8> {
    (0..size).map(|n| 32 + (n % 200) as u8).collect()
}

/// Payload sizes: a chat line, a small record, a page, a block of a file.
pub const SIZES: [usize; 4] = [16, 256, 4 * 1024, 64 * 1024];

/// What has to be seen in all together, when `payload` was sent so many times. Sums wrap, and so does this.
pub fn seen_in_all(payload: &[u8], messages: usize) -> u64 {
    (look(payload) as u128 * messages as u128) as u64
}

/// Looks at every byte, eight at a time, and says what it saw. A decoder that hands out slices nobody reads would report
/// thousands of gigabytes a second.
#[inline]
pub fn look(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let words = words
        .iter()
        .map(|word| u64::from_ne_bytes(*word))
        .fold(0, u64::wrapping_add);
    rest.iter()
        .map(|&byte| u64::from(byte))
        .fold(words, u64::wrapping_add)
}
