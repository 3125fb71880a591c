//! A file name that came from somebody else: one component of a path, or refused.
//!
//! The goal: whoever holds a [`FileName`] needs no further check. It is stored unchanged or not at all; a name is never
//! made harmless by rewriting it, because then two names would mean one file. `%2e%2e` is six harmless characters:
//! nobody here decodes anything.
//!
//! | refused | because |
//! |---|---|
//! | empty, or over 255 bytes | no common file system stores it |
//! | not UTF-8 | JSON could not say it, and half the systems could not store it |
//! | `/` or `\` in it, or all of it `.` or `..` | it is a path, here or on the next system |
//! | a control character, NUL too | it plays tricks on terminals and on C |
//! | `.receiving-` + 16 hex digits + `.part` | our own half-written files are called so |
//! | Windows only: a `:`, a dot or blank at the end, `CON`, `nul.txt` | they mean a stream, another name, a device |
//!
//! This file knows no folder: links and pipes are `folder.rs`'s business.

use std::io;

/// What ext4, APFS and NTFS store at most (NTFS counts 255 UTF-16 units, which 255 bytes never exceed).
const LIMIT: usize = 255;

/// How the name of a half-written file begins: hidden on Unix.
const TEMPORARY_START: &str = ".receiving-";
/// How it ends: `.gitignore` has it, so that a file left behind by `kill -9` is not committed.
const TEMPORARY_END: &str = ".part";

/// The name of a file in a shared folder: one component, checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// Parses a name as it came, from a JSON string or from raw bytes.
    ///
    /// # Errors
    /// `InvalidInput` with the reason, fit for the answer to a refused `put`. (For a refused `get` the contract has one
    /// sentence, whatever the reason: no such file.)
    pub fn parse(name: impl AsRef<[u8]>) -> io::Result<Self> {
        let name = name.as_ref();
        if name.is_empty() {
            return refused("a name of 0 bytes is no name");
        }
        if name.len() > LIMIT {
            return refused(format!(
                "name of {} bytes is over the limit of {LIMIT}",
                name.len()
            ));
        }
        let Ok(name) = std::str::from_utf8(name) else {
            return refused("the name is not UTF-8");
        };
        if name == "." || name == ".." || name.contains(['/', '\\']) {
            return refused("the name is a path, not one file name");
        }
        // `is_control` is the Unicode class Cc: U+0000 to 1F, 7F, 80 to 9F. Bidirectional controls are another class
        // (Cf); they are kept, and whoever shows a name to a person makes them visible.
        if name.chars().any(char::is_control) {
            return refused("a control character in the name");
        }
        if is_temporary(name) {
            return refused("names like this one are kept for unfinished files");
        }
        if cfg!(windows)
            && let Some(reason) = windows_objection(name)
        {
            return refused(reason);
        }
        Ok(Self(name.to_owned()))
    }

    /// The name, exactly as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The name of a half-written file. `number` is random: it must not be derived from the target's name, or a name of 255
/// bytes would have no room for the suffix, and somebody could guess it and wait for it there.
pub(crate) fn temporary_name(number: u64) -> String {
    format!("{TEMPORARY_START}{number:016x}{TEMPORARY_END}")
}

/// Is this what [`temporary_name`] makes? In any case, because some file systems take `A` and `a` for the same.
fn is_temporary(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.strip_prefix(TEMPORARY_START)
        .and_then(|rest| rest.strip_suffix(TEMPORARY_END))
        .is_some_and(|digits| {
            digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        })
}

/// What Windows would silently take for something else. Compiled everywhere, so that it is tested everywhere.
///
/// Source: Microsoft, "Naming Files, Paths, and Namespaces". What Windows itself refuses (`<>"|?*`) is left to it.
fn windows_objection(name: &str) -> Option<&'static str> {
    if name.contains(':') {
        return Some("on Windows a colon names a stream inside a file");
    }
    if name.ends_with(['.', ' ']) {
        return Some("Windows drops a dot or blank at the end of a name");
    }
    // `nul.tar.gz` and `nul .txt` mean the device too.
    let stem = name.split('.').next().unwrap_or_default();
    let stem = stem.trim_end_matches(' ').to_uppercase();
    let port = stem
        .strip_prefix("COM")
        .or_else(|| stem.strip_prefix("LPT"));
    // The superscript digits count as digits there.
    let mut port = port.unwrap_or_default().chars();
    let one_digit =
        matches!(port.next(), Some('0'..='9' | '¹' | '²' | '³')) && port.next().is_none();
    let devices = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];
    (one_digit || devices.contains(&stem.as_str())).then_some("a device of Windows has this name")
}

fn refused<T>(why: impl Into<String>) -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::InvalidInput, why.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn is_refused(name: impl AsRef<[u8]>, why: &str) {
        let name = name.as_ref();
        let error = FileName::parse(name).expect_err(&String::from_utf8_lossy(name));
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
        assert!(
            error.to_string().contains(why),
            "{error} does not say {why}"
        );
    }

    #[test]
    fn a_good_name_is_kept_byte_for_byte() {
        for name in [
            "a",
            "hello.txt",
            "粘包.txt",
            " leading blank",
            "...",
            ".hidden",
            "..a",
            "a..",
            "%2e%2e",
            "%2e%2e%2fx",
            "~",
            "-rf",
            "a b",
            "e\u{301}",
            "é",
            "👩‍👩‍👧.png",
            "right\u{202e}to-left",
            "\u{feff}bom",
        ] {
            assert_eq!(FileName::parse(name).unwrap().as_str(), name);
        }
    }

    #[test]
    fn a_path_is_no_name() {
        for name in [
            ".",
            "..",
            "/",
            "a/b",
            "../x",
            "/etc/passwd",
            "a/",
            "./a",
            "..\\x",
            "\\",
            "C:\\x",
            "a\\b",
        ] {
            is_refused(name, "is a path");
        }
    }

    #[test]
    fn the_limit_is_255_bytes_not_characters() {
        assert!(FileName::parse("a".repeat(255)).is_ok());
        is_refused(
            "a".repeat(256),
            "name of 256 bytes is over the limit of 255",
        );
        assert!(FileName::parse("粘".repeat(85)).is_ok());
        is_refused(
            "粘".repeat(86),
            "name of 258 bytes is over the limit of 255",
        );
        is_refused("", "0 bytes");
    }

    #[test]
    fn every_control_character_is_refused_anywhere_in_a_name() {
        let controls = (0..=0x1f)
            .chain([0x7f])
            .chain(0x80..=0x9f)
            .filter_map(char::from_u32);
        for control in controls {
            is_refused(format!("{control}b"), "control character");
            is_refused(format!("a{control}b"), "control character");
            is_refused(format!("a{control}"), "control character");
        }
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused() {
        for name in [
            &b"\xff"[..],
            b"a\xffb",
            b"\xc0\xae",
            b"\xc0\xaf",
            b"\xed\xa0\x80",
            b"\xe7\xb2",
        ] {
            is_refused(name, "not UTF-8");
        }
    }

    #[test]
    fn names_of_unfinished_files_are_refused_and_their_neighbours_are_not() {
        is_refused(temporary_name(0), "unfinished");
        is_refused(temporary_name(u64::MAX), "unfinished");
        is_refused(".RECEIVING-0123456789ABCDEF.PART", "unfinished");
        for name in [
            ".receiving-",
            ".receiving-0123456789abcde.part",
            ".receiving-0123456789abcdeg.part",
            "a.part",
        ] {
            assert!(FileName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_temporary_name_fits_wherever_a_short_name_fits() {
        assert_eq!(temporary_name(0xab), ".receiving-00000000000000ab.part");
    }

    #[test]
    fn what_windows_takes_for_something_else_is_known_everywhere() {
        for name in [
            "a:b",
            "a.",
            "a ",
            "...",
            "CON",
            "con",
            "Con.txt",
            "nul.tar.gz",
            "nul .txt",
            "AUX",
            "PRN",
            "COM1",
            "lpt9.x",
            "COM¹",
            "conin$",
            "COM0",
        ] {
            assert!(windows_objection(name).is_some(), "{name}");
        }
        for name in [
            "CONSOLE",
            "COM",
            "COM10",
            "COMX",
            "nulls.txt",
            "my con",
            "a.con",
            " con",
            "LPT",
            "粘包.txt",
        ] {
            assert_eq!(windows_objection(name), None, "{name}");
        }
        // And parse asks it on Windows only.
        assert_eq!(FileName::parse("CON").is_err(), cfg!(windows));
    }
}
