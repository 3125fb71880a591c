//! What is sent, and how a receiver looks at it.

/// A message of `size` bytes that every framing can carry: no zero byte, no line feed.
pub fn message(size: usize) -> Vec<u8> {
    (0..size).map(|n| 32 + (n % 200) as u8).collect()
}

/// Looks at every byte, eight at a time, and says what it saw. A decoder that hands out slices nobody reads would report
/// thousands of gigabytes a second.
#[inline]
pub fn look(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks();
    let words = words.iter().map(|word| u64::from_ne_bytes(*word)).fold(0, u64::wrapping_add);
    rest.iter().map(|&byte| u64::from(byte)).fold(words, u64::wrapping_add)
}
