//! The promise: what stands after a chunk's size is what the grammar allows there, a quoted string is closed before the line
//! ends, and nothing else is skipped. Programs that skipped anything up to the line end did not agree about where that is.
//!
//! The price: these lines, for a thing that next to no program sends. What they say is ignored, as the RFC wants it.

use crate::head::{is_control, token_length};

/// ```text
/// chunk-ext-name = token
/// chunk-ext-val  = token / quoted-string
/// quoted-string  = DQUOTE *( qdtext / quoted-pair ) DQUOTE      (RFC 9110, section 5.6.4)
/// ```
///
/// An error is how many bytes of the line are left where it shows.
pub(crate) fn check_extensions(mut rest: &[u8]) -> Result<(), usize> {
    while !rest.is_empty() {
        rest = blanks(rest).strip_prefix(b";").ok_or(rest.len())?;
        rest = token(blanks(rest))?;
        if let Some(value) = blanks(rest).strip_prefix(b"=") {
            let value = blanks(value);
            rest = match value.strip_prefix(b"\"") {
                Some(quoted) => after_quoted(quoted)?,
                None => token(value)?,
            };
        }
    }
    Ok(())
}

/// After a token.
fn token(text: &[u8]) -> Result<&[u8], usize> {
    match token_length(text) {
        0 => Err(text.len()),
        length => Ok(text.get(length..).unwrap_or_default()),
    }
}

/// After the rest of a quoted string.
///
/// ```text
/// qdtext      = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text
/// quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )
/// ```
fn after_quoted(mut text: &[u8]) -> Result<&[u8], usize> {
    loop {
        text = match text {
            [b'"', rest @ ..] => return Ok(rest),
            [b'\\', byte, rest @ ..] | [byte, rest @ ..] if !is_control(*byte) => rest,
            _ => return Err(text.len()),
        };
    }
}

/// After white space.
///
/// ```text
/// BWS = *( SP / HTAB )
/// ```
fn blanks(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    text
}
