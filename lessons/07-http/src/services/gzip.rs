//! Text, zipped on the way: a third of its size or less, if the client takes it.
//!
//! The price: processor time for each answer, some 300 KiB of memory while it lasts, and no length in advance (it goes in
//! chunks).

use std::fs::File;
use std::io::{self, Read};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::connection::http_stream::became_shorter;
use crate::service::{Body, Headers};

/// Smaller files fit into one packet anyway.
const WORTH_IT: u64 = 1024;

/// Whether a file of this type becomes much smaller. Pictures, films and archives are packed already.
pub(super) fn is_worth_it(media_type: &str, size: u64) -> bool {
    let ends = ["javascript", "json", "wasm", "xml"];
    let text = media_type.starts_with("text/") || ends.iter().any(|end| media_type.ends_with(end));
    text && size >= WORTH_IT
}

/// Whether the client takes gzip.
///
/// ```text
/// Accept-Encoding = #( codings [ OWS ";" OWS "q=" qvalue ] )     codings: gzip, identity, *     (RFC 9110, section 12.5.3)
/// ```
///
/// A weight of 0 is a no. `*` counts where gzip is not named.
pub(super) fn accepts_gzip(headers: &Headers) -> bool {
    let takes = |wanted: &[&str]| {
        headers.members("Accept-Encoding").find_map(|member| {
            let mut parts = std::str::from_utf8(member).ok()?.split(';').map(str::trim);
            let coding = parts.next()?;
            let named = wanted.iter().any(|name| coding.eq_ignore_ascii_case(name));
            let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
            let weight = weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
            named.then_some(weight > 0.0)
        })
    };
    takes(&["gzip", "x-gzip"])
        .or(takes(&["*"]))
        .unwrap_or(false)
}

/// `size` bytes of a file, zipped as they are read.
pub(super) fn gzipped(file: File, size: u64) -> Body {
    Body::Stream(Box::new(move |out| {
        let mut zipped = GzEncoder::new(out, Compression::fast());
        let copied = io::copy(&mut file.take(size), &mut zipped)?;
        if copied < size {
            return Err(became_shorter());
        }
        zipped.finish().map(drop)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_for_those_who_take_it() {
        for (value, wanted) in [
            ("gzip", true),
            ("GZIP", true),
            ("x-gzip", true),
            ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8, *;q=0.1", true),
            ("gzip ; q=0.001", true),
            ("*", true),
            ("", false),
            ("identity", false),
            ("deflate", false),
            ("gzip;q=0", false),
            ("gzip;Q=0.000", false),
            ("gzip; q=0, *", false),
            ("*;q=0", false),
            ("gzip;q=nan", false),
            ("gzip;q=x", false),
            ("gzipped", false),
        ] {
            let mut headers = Headers::default();
            headers.add("accept-encoding", value).unwrap();
            assert_eq!(accepts_gzip(&headers), wanted, "{value}");
        }
        assert!(!accepts_gzip(&Headers::default()));
    }
}
