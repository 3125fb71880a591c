//! Where a range is cut.
//!
//! ```text
//! Range: bytes=0-99          the first hundred bytes        206, Content-Range: bytes 0-99/1234
//! Range: bytes=100-          from byte 100 to the end       206, Content-Range: bytes 100-1233/1234
//! Range: bytes=-5            the last five                  206, Content-Range: bytes 1229-1233/1234
//! Range: bytes=1234-         nothing is there               416, Content-Range: bytes */1234
//! Range: bytes=0-1,5-6       several: the whole file        200
//! ```
//!
//! What is not understood is not an error: a server may ignore any Range (RFC 9110, section 14.2).

/// What of a file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Range {
    /// All of it.
    Whole,
    /// `count` bytes, at least one, from `first` on.
    Part {
        /// Where it begins, counted from 0.
        first: u64,
        /// How long it is.
        count: u64,
    },
    /// Only bytes that are not there.
    OutOfBounds,
}

/// What the members of a `Range` ask of `size` bytes. All numbers of a client's are cut to what is there.
///
/// ```text
/// ranges-specifier = range-unit "=" range-set             (RFC 9110, section 14.1.1)
/// int-range        = first-pos "-" [ last-pos ]           first-pos, last-pos, suffix-length = 1*DIGIT
/// suffix-range     = "-" suffix-length
/// ```
pub(super) fn range<'a>(mut members: impl Iterator<Item = &'a [u8]>, size: u64) -> Range {
    let (Some(range), None) = (members.next(), members.next()) else {
        return Range::Whole; // none, or several
    };
    let range = std::str::from_utf8(range).unwrap_or_default();
    let of_bytes = range
        .split_once('=')
        .filter(|(unit, _)| unit.eq_ignore_ascii_case("bytes"));
    let Some((first, last)) = of_bytes.and_then(|(_, range)| range.split_once('-')) else {
        return Range::Whole;
    };
    let (first, end) = match (digits(first), digits(last), first, last) {
        (Some(first), Some(last), ..) if first <= last => (first, last.saturating_add(1)),
        (Some(first), None, _, "") => (first, u64::MAX),
        (None, Some(count), "", _) if size == 0 && count > 0 => return Range::Whole, // of nothing
        (None, Some(count), "", _) => (size - count.min(size), size),
        _ => return Range::Whole,
    };
    match end.min(size).checked_sub(first) {
        None | Some(0) => Range::OutOfBounds,
        Some(count) => Range::Part { first, count },
    }
}

/// A number; one that is too large is as large as can be.
fn digits(text: &str) -> Option<u64> {
    let all = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn cut(value: &str, size: u64) -> Range {
        let members = value.split(',').map(|member| member.trim().as_bytes());
        range(members, size)
    }

    #[test]
    fn the_examples_of_the_rfc_are_cut_where_it_says() {
        // RFC 9110, section 14.1.2, of 10,000 bytes.
        let part = |first, count| Range::Part { first, count };
        for (value, wanted) in [
            ("bytes=0-499", part(0, 500)),
            ("bytes=500-999", part(500, 500)),
            ("bytes=-500", part(9500, 500)),
            ("bytes=9500-", part(9500, 500)),
            ("bytes=0-0", part(0, 1)),
            ("bytes=-1", part(9999, 1)),
            ("bytes=0-0,-1", Range::Whole),
            ("bytes= 0-999, 4500-5499, -1000", Range::Whole),
            ("bytes=500-700,601-999", Range::Whole),
            ("bytes=0-", part(0, 10_000)),
            ("BYTES=0-9", part(0, 10)),
            ("bytes=9999-", part(9999, 1)),
            ("bytes=9999-20000", part(9999, 1)),
            ("bytes=0-18446744073709551615", part(0, 10_000)),
            ("bytes=1-99999999999999999999999", part(1, 9_999)),
            ("bytes=-10001", part(0, 10_000)),
            ("bytes=-99999999999999999999999", part(0, 10_000)),
            ("bytes=10000-", Range::OutOfBounds),
            ("bytes=10000-10001", Range::OutOfBounds),
            ("bytes=99999999999999999999999-", Range::OutOfBounds),
            ("bytes=-0", Range::OutOfBounds),
        ] {
            assert_eq!(cut(value, 10_000), wanted, "{value}");
        }
    }

    #[test]
    fn what_is_no_range_is_ignored() {
        for value in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
            "bytes=5-4",
            "bytes=1",
            "bytes=1--2",
            "bytes=+1-2",
            "bytes= 1-2",
            "bytes=1 -2",
            "bytes=1-2x",
            "lines=1-2",
            "bytes:1-2",
            "bytes=0x1-2",
        ] {
            assert_eq!(cut(value, 10), Range::Whole, "{value}");
        }
        assert_eq!(range(std::iter::empty(), 10), Range::Whole);
    }

    #[test]
    fn of_an_empty_file_there_is_no_part() {
        assert_eq!(cut("bytes=0-", 0), Range::OutOfBounds);
        assert_eq!(cut("bytes=-5", 0), Range::Whole);
        assert_eq!(cut("bytes=-0", 0), Range::OutOfBounds);
    }
}
