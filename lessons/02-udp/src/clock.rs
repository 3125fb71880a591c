//! A strftime format to the time as text. Knows no socket, and no bytes make it fail otherwise than by a value.
//!
//! The names are those of POSIX: English, whatever the machine's language, as Python prints them without `setlocale`.
//! The directives are those of C89, which give the same text everywhere. Any other is refused: what `%Q` or `%-d` mean
//! depends on the library, and C's `strftime` prints some of them unchanged.

use jiff::Zoned;
use jiff::fmt::strtime::{BrokenDownTime, Config, PosixCustom};
use jiff::tz::TimeZone;

use crate::promises::too_large;

/// What an empty question means.
const DEFAULT: &str = "%Y-%m-%d %X";

/// What may stand after a percent sign (C89, section 4.12.3.5).
const C89: &str = "aAbBcdHIjmMpSUwWxXyYZ%";

/// The answer to any datagram: the time `now` in the format that it holds, or `bad format: ...`.
pub fn answer(format: &[u8], now: &Zoned) -> Vec<u8> {
    match format_time(format, now) {
        Ok(text) => text.into_bytes(),
        Err(why) => format!("bad format: {why}").into_bytes(),
    }
}

/// The time as text; an empty format means `%Y-%m-%d %X`.
///
/// # Errors
/// A sentence: the format is not UTF-8, has a directive that C89 does not know, or gives more than a datagram holds.
// ANCHOR: clock
pub fn format_time(format: &[u8], now: &Zoned) -> Result<String, String> {
    let format = std::str::from_utf8(format).map_err(|error| format!("not UTF-8: {error}"))?;
    let format = if format.is_empty() { DEFAULT } else { format };
    only_c89(format)?;
    let text = BrokenDownTime::from(now)
        .to_string_with_config(&Config::new().custom(PosixCustom::new()), format)
        .map_err(|error| error.to_string())?;
    // 30,000 times `%c` is a small question with an answer twelve times as large.
    too_large::check(text.as_bytes()).map_err(|error| error.to_string())?;
    Ok(text)
}
// ANCHOR_END: clock

fn only_c89(format: &str) -> Result<(), String> {
    let mut characters = format.chars();
    while characters.any(|c| c == '%') {
        match characters.next() {
            None => return Err("a lone % at the end; %% gives one".to_owned()),
            Some(directive) if C89.contains(directive) => {}
            Some(other) => return Err(format!("%{other} is not a directive of C89")),
        }
    }
    Ok(())
}

/// The zone of this machine, or of the variable `TZ`.
///
/// # Errors
/// `TZ` is set and nothing that the library can read: a sentence that says so. The time is in UTC then.
pub fn local_zone() -> Result<TimeZone, String> {
    match (TimeZone::try_system(), std::env::var_os("TZ")) {
        (Ok(zone), _) => Ok(zone),
        (Err(_), None) => Ok(TimeZone::UTC), // no zone was chosen anywhere: `date` says UTC too
        (Err(_), Some(tz)) => Err(format!(
            "TZ={} is neither a zone of this machine's database nor a whole rule, such as CET-1CEST,M3.5.0,M10.5.0/3",
            tz.to_string_lossy()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LARGEST;
    use jiff::civil::date;

    fn at_noon(format: &[u8]) -> String {
        let now = date(2026, 3, 7).at(12, 4, 9, 0).in_tz("UTC").unwrap();
        String::from_utf8(answer(format, &now)).unwrap()
    }

    #[test]
    fn an_empty_question_means_the_default() {
        assert_eq!(at_noon(b""), "2026-03-07 12:04:09");
    }

    #[test]
    fn the_names_are_those_of_posix() {
        assert_eq!(
            at_noon(b"%c|%x|%X|%p"),
            "Sat Mar  7 12:04:09 2026|03/07/26|12:04:09|PM"
        );
        assert_eq!(at_noon("今天是 %A".as_bytes()), "今天是 Saturday");
    }

    #[test]
    fn what_cannot_be_formatted_is_said() {
        for format in [
            &b"%"[..],
            b"%Ey",
            b"%!",
            b"\xff",
            b"%Y\xe4\xbd",
            b"%999999999999d",
        ] {
            let said = at_noon(format);
            assert!(said.starts_with("bad format: "), "{format:?}: {said}");
            assert!(said.len() < 300, "{said}");
        }
    }

    #[test]
    fn an_answer_fits_a_datagram_to_the_byte() {
        // %H gives as many bytes as it takes; one `%%` takes two and gives one.
        let exact = "%H".repeat(LARGEST / 2) + "%%";
        assert_eq!(at_noon(exact.as_bytes()).len(), LARGEST);
        let over = at_noon((exact + "x").as_bytes());
        assert!(
            over.starts_with("bad format: ") && over.contains("65507"),
            "{over}"
        );
        let long = at_noon("%c".repeat(LARGEST / 2).as_bytes());
        assert!(
            long.starts_with("bad format: ") && long.contains("65507"),
            "{long}"
        );
    }
}
