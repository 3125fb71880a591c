//! How long is the body? The numbered steps of RFC 9112, section 6.3.
//!
//! Two ends that answer this differently see different messages in the same bytes, and what one takes for a body the
//! other takes for the next request: that is request smuggling. So whatever could be read in two ways is refused.

use crate::error::{HttpError, Refused};
use crate::head::{Fields, RequestHead, ResponseHead, Version, is_token};

/// Where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyLength {
    /// There is none, or exactly so many bytes.
    Exactly(u64),
    /// With the last chunk.
    Chunked,
    /// With the stream: only of a response.
    UntilClose,
}

/// Of a request. A length over `limit` is refused before anything of the body is read.
///
/// # Errors
/// A `Content-Length` or a `Transfer-Encoding` that is not right.
pub fn request_body(head: &RequestHead<'_>, limit: u64) -> Result<BodyLength, HttpError> {
    // Steps 1 and 2 are about responses.
    match announced(&head.fields, head.version, limit)? {
        Some(length) => Ok(length),
        None => Ok(BodyLength::Exactly(0)), // step 7: a request that announces no body has none
    }
}

/// Of a response to a request with `method`.
///
/// # Errors
/// As [`request_body`].
pub fn response_body(
    head: &ResponseHead<'_>,
    method: &str,
    limit: u64,
) -> Result<BodyLength, HttpError> {
    match (method, head.status) {
        // Step 1: whatever the fields say. They describe what a GET would have brought.
        ("HEAD", _) | (_, 100..=199 | 204 | 304) => return Ok(BodyLength::Exactly(0)),
        // Step 2: the connection is a tunnel from here on.
        ("CONNECT", 200..=299) => return Ok(BodyLength::UntilClose),
        _ => {}
    }
    match announced(&head.fields, head.version, limit)? {
        Some(length) => Ok(length),
        None => Ok(BodyLength::UntilClose), // step 8
    }
}

/// Steps 3 to 6: what the fields announce.
// ANCHOR: steps
fn announced(
    fields: &Fields<'_>,
    version: Version,
    limit: u64,
) -> Result<Option<BodyLength>, HttpError> {
    let length = content_length(fields)?; // step 5: a wrong one is an error
    if !transfer_encoding(fields, version)? {
        // Step 6.
        return match length {
            Some((at, length)) if length > limit => Err(Refused::LONG_BODY.at(at)),
            length => Ok(length.map(|(_, length)| BodyLength::Exactly(length))),
        };
    }
    match length {
        // Step 3. The RFC lets the transfer coding win. A proxy that goes by the length is then out
        // of sync with us.
        Some((at, _)) => Err(Refused::CONTENT_LENGTH.at(at)),
        None => Ok(Some(BodyLength::Chunked)), // step 4
    }
}
// ANCHOR_END: steps

/// Where a length is announced, and which.
///
/// ```text
/// Content-Length = 1*DIGIT        (RFC 9110, section 8.6; equal values in a list, or in several fields, are one)
/// ```
fn content_length(fields: &Fields<'_>) -> Result<Option<(usize, u64)>, HttpError> {
    let mut found = None;
    for (at, element) in fields.elements("Content-Length") {
        let digits = element
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if digits == 0 || digits < element.len() {
            return Err(Refused::CONTENT_LENGTH.at(at + digits));
        }
        let text = str::from_utf8(element).unwrap_or_default();
        // Digits that no u64 holds are over every limit.
        let length = text.parse().map_err(|_| Refused::LONG_BODY.at(at))?;
        match found {
            Some((_, other)) if other != length => return Err(Refused::CONTENT_LENGTH.at(at)),
            _ => found = Some((at, length)),
        }
    }
    Ok(found)
}

/// Is it chunked?
///
/// ```text
/// Transfer-Encoding = #transfer-coding          (RFC 9112, section 6.1)
/// transfer-coding   = token *( OWS ";" OWS transfer-parameter )
/// ```
fn transfer_encoding(fields: &Fields<'_>, version: Version) -> Result<bool, HttpError> {
    let mut chunked = false;
    for (at, element) in fields.elements("Transfer-Encoding") {
        let mut parts = element.splitn(2, |&byte| byte == b';');
        let coding = parts.next().unwrap_or_default().trim_ascii_end();
        let plain = parts.next().is_none();
        if version == Version::Http10 || !is_token(coding) {
            return Err(Refused::TRANSFER_ENCODING.at(at));
        }
        if !coding.eq_ignore_ascii_case(b"chunked") {
            return Err(Refused::UNKNOWN_CODING.at(at));
        }
        // Twice would be chunks in chunks; a parameter is not defined (RFC 9112, section 7.1).
        if chunked || !plain {
            return Err(Refused::TRANSFER_ENCODING.at(at));
        }
        chunked = true;
    }
    Ok(chunked)
}
