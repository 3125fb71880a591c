//! Whether the client has it already.
//!
//! ```text
//! first     200, ETag: "2f-a1", Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT, and the file
//! again     If-None-Match: "2f-a1"      ▶ 304 and no file, if it is still the same
//! ```

use std::io;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cap_std::fs::Metadata;
use httpdate::{HttpDate, parse_http_date};

use crate::server::http_date;
use crate::service::{Headers, Response};

/// What distinguishes this content from what was, or will be, under the same path.
pub(super) struct Validators {
    etag: String,
    modified: Option<HttpDate>,
    /// It may still change within the same second: the date does not distinguish it.
    is_young: bool,
}

impl Validators {
    /// Of an open file. What is zipped is another content, and has another tag.
    pub(super) fn of(metadata: &Metadata, zipped: bool) -> Self {
        let modified = metadata.modified().ok().map(|time| time.into_std());
        let since = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let (size, nanos) = (metadata.len(), since.unwrap_or_default().as_nanos());
        let (inode, zipped) = (inode(metadata), if zipped { "-gzip" } else { "" });
        let now = SystemTime::now();
        Self {
            etag: format!("\"{inode:x}-{size:x}-{nanos:x}{zipped}\""),
            // Never later than Date (RFC 9110, section 8.8.2.1).
            modified: modified.and_then(|time| http_date(time.min(now))),
            is_young: modified.is_none_or(|time| time + Duration::from_secs(1) > now),
        }
    }

    /// The answer, if it is decided without the content: 304 or 412.
    ///
    /// ```text
    /// 1. If-Match: false ▶ 412                                    (RFC 9110, section 13.2.2)
    /// 2. without it, If-Unmodified-Since: false ▶ 412
    /// 3. If-None-Match: false ▶ 304 (of GET and HEAD, and we have no others here)
    /// 4. without it, If-Modified-Since: false ▶ 304
    /// ```
    pub(super) fn judge(&self, headers: &Headers) -> Option<u16> {
        let unmodified_since = |name| Some(self.modified? <= date(headers, name)?);
        let changed = match headers.first("If-Match") {
            Some(_) => !self.is_among(headers, "If-Match", false),
            None => unmodified_since("If-Unmodified-Since") == Some(false),
        };
        let known = match headers.first("If-None-Match") {
            Some(_) => self.is_among(headers, "If-None-Match", true),
            None => unmodified_since("If-Modified-Since") == Some(true),
        };
        match (changed, known) {
            (true, _) => Some(412),
            (_, true) => Some(304),
            _ => None,
        }
    }

    /// Whether our tag is in a list. `W/"a"` is as good as `"a"` when only the client's copy is in question.
    fn is_among(&self, headers: &Headers, name: &str, weak: bool) -> bool {
        headers.members(name).any(|tag| {
            let tag = tag.strip_prefix(b"W/").filter(|_| weak).unwrap_or(tag);
            tag == self.etag.as_bytes() || tag == b"*"
        })
    }

    /// Whether a range may be given: the client's first part is of this very content (RFC 9110, section 13.1.5).
    pub(super) fn if_range(&self, headers: &Headers) -> bool {
        match headers.first("If-Range") {
            None => true,
            Some(tag) if tag.starts_with(b"\"") => tag == self.etag.as_bytes(),
            Some(_) => !self.is_young && self.modified == date(headers, "If-Range"),
        }
    }

    /// Adds them to an answer.
    pub(super) fn describe(&self, response: Response) -> io::Result<Response> {
        let response = response.with("ETag", &self.etag)?;
        match self.modified {
            Some(date) => response.with("Last-Modified", date.to_string()),
            None => Ok(response),
        }
    }
}

/// One that cannot be read is as good as none.
fn date(headers: &Headers, name: &str) -> Option<HttpDate> {
    let text = std::str::from_utf8(headers.first(name)?).ok()?;
    http_date(parse_http_date(text).ok()?)
}

/// A file that was replaced within one tick of the clock is another file all the same.
#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    cap_std::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
