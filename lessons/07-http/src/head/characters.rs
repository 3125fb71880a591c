//! Which bytes may stand where: a table of 256 answers each, made by the compiler.

/// Where the bytes from `at` on that stand in the table end.
#[inline]
pub(crate) fn run(bytes: &[u8], at: usize, table: &Table) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let other = |&byte: &u8| table.get(usize::from(byte)) != Some(&true);
    // Four in a row without asking for the end: a tenth less for a head.
    let (fours, tail) = rest.as_chunks::<4>();
    for (n, four) in fours.iter().enumerate() {
        if let Some(end) = four.iter().position(other) {
            return at + 4 * n + end;
        }
    }
    let end = tail.iter().position(other).unwrap_or(tail.len());
    at + 4 * fours.len() + end
}

/// Which bytes may stand somewhere.
pub(crate) type Table = [bool; 256];

/// ```text
/// token = 1*( "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA )
/// ```
/// (RFC 9110, section 5.6.2)
pub(super) const TOKEN: Table = table(
    b"!#$%&'*+-.^_`|~0123456789\
      ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
);

/// Visible ASCII without `#`, for a fragment stays with the client. That is more than a URL may hold (RFC 3986), because
/// browsers send `|` and `"` as well.
pub(super) const TARGET: Table = table(
    b"!\"$%&'()*+,-./0123456789:;<=>?@[\\]^_`{|}~\
      ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
);

/// ```text
/// OWS = *( SP / HTAB )      (RFC 9110, section 5.6.3)
/// ```
pub(super) const BLANK: Table = table(b" \t");

#[expect(clippy::indexing_slicing, reason = "runs in the compiler")]
pub(crate) const fn table(bytes: &[u8]) -> Table {
    let mut table = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
}

/// Is it a token?
pub(crate) fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && token_length(text) == text.len()
}

/// How many bytes at the front of `text` are a token.
pub(crate) fn token_length(text: &[u8]) -> usize {
    run(text, 0, &TOKEN)
}

/// A control character that no text may hold; tab may.
#[inline]
pub(crate) fn is_control(byte: u8) -> bool {
    ((byte < b' ') & (byte != b'\t')) | (byte == 0x7f)
}
