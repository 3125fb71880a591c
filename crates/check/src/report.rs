//! What a case gave: that it passed, or what was wanted and what came. Both always stand there, as text and in hex.

use std::fmt;

/// How many bytes are shown as text, and how many in hex.
const TEXT: usize = 60;
const HEX: usize = 16;

/// What a step of a case gives.
pub type Checked<T = ()> = Result<T, Failure>;

/// Why a case failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    sent: Option<String>,
    wanted: String,
    pub(crate) came: String,
    pub(crate) kind: Kind,
}

/// What a failure means for the cases that are still to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something else came.
    Differs,
    /// The time was over.
    TimedOut,
    /// The program ran and never did its part: nothing can be tried on it.
    NeverUp,
    /// There is no such program.
    NotStarted,
}

impl Failure {
    /// What was wanted and what came instead.
    pub fn new(wanted: impl Into<String>, came: impl Into<String>) -> Self {
        Self {
            sent: None,
            wanted: wanted.into(),
            came: came.into(),
            kind: Kind::Differs,
        }
    }

    /// Two runs of bytes that differ, shown from shortly before the place where they do.
    pub fn differ(wanted: &[u8], came: &[u8]) -> Self {
        let pairs = wanted.iter().zip(came);
        let same = pairs.take_while(|(wanted, came)| wanted == came).count();
        Self::new(shown_at(wanted, same), shown_at(came, same))
    }

    /// With what had been sent before.
    #[must_use]
    pub fn after(mut self, sent: &[u8]) -> Self {
        self.sent = (!sent.is_empty()).then(|| shown(sent));
        self
    }

    /// With what the reader needs to know about what was wanted.
    #[must_use]
    pub fn because(mut self, why: &str) -> Self {
        self.wanted = format!("{} ({why})", self.wanted);
        self
    }

    /// With more about what came.
    #[must_use]
    pub fn and(mut self, more: &str) -> Self {
        self.came.push_str(more);
        self
    }

    pub(crate) fn of(mut self, kind: Kind) -> Self {
        self.kind = kind;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sent) = &self.sent {
            write!(f, "sent {sent}, ")?;
        }
        write!(f, "wanted {}, came {}", self.wanted, self.came)
    }
}

/// `2 bytes "1\n" (31 0a)`; `nothing` for no bytes; of many the beginning.
pub fn shown(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "nothing".to_owned();
    }
    let (text, text_dots) = start(bytes, TEXT);
    let (hex, hex_dots) = start(bytes, HEX);
    let hex: Vec<String> = hex.iter().map(|byte| format!("{byte:02x}")).collect();
    let plural = if bytes.len() == 1 { "" } else { "s" };
    format!(
        "{} byte{plural} \"{}\"{text_dots} ({}{hex_dots})",
        bytes.len(),
        as_text(text),
        hex.join(" ")
    )
}

/// The same, from shortly before byte `at` on.
fn shown_at(bytes: &[u8], at: usize) -> String {
    if at < HEX {
        return shown(bytes);
    }
    let from = at - HEX / 2;
    let rest = shown(bytes.get(from..).unwrap_or_default());
    format!("{} bytes, from byte {from} on: {rest}", bytes.len())
}

fn start(bytes: &[u8], most: usize) -> (&[u8], &str) {
    match bytes.get(..most) {
        Some(start) if start.len() < bytes.len() => (start, "..."),
        _ => (bytes, ""),
    }
}

/// Text as it reads, controls and what is not UTF-8 spelled out.
fn as_text(bytes: &[u8]) -> String {
    let chunks = bytes.utf8_chunks();
    chunks
        .map(|chunk| {
            let valid = chunk.valid().escape_debug().to_string();
            valid.replace(r"\'", "'") + &chunk.invalid().escape_ascii().to_string()
        })
        .collect()
}

/// What judging a program gave.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many cases passed.
    pub passed: usize,
    /// How many did not, or were not tried any more.
    pub failed: usize,
    /// One line a case.
    pub lines: Vec<String>,
    /// All that the program wrote on stderr.
    pub stderr: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_text_and_in_hex() {
        assert_eq!(shown(b"1\n"), r#"2 bytes "1\n" (31 0a)"#);
        assert_eq!(
            shown("粘\x1b".as_bytes()),
            r#"4 bytes "粘\u{1b}" (e7 b2 98 1b)"#
        );
        assert_eq!(shown(b"\xff"), r#"1 byte "\xff" (ff)"#);
        assert_eq!(shown(b""), "nothing");
        let long = shown(&[b'x'; 100]);
        assert!(
            long.starts_with("100 bytes \"xxx") && long.ends_with("78 78...)"),
            "{long}"
        );
    }

    #[test]
    fn long_runs_are_shown_where_they_differ() {
        let (wanted, mut came) = (vec![b'x'; 1000], vec![b'x'; 1000]);
        came[500] = b'y';
        let told = Failure::differ(&wanted, &came).after(b"ask").to_string();
        assert!(told.starts_with(
            r#"sent 3 bytes "ask" (61 73 6b), wanted 1000 bytes, from byte 492 on: "#
        ));
        assert!(
            told.contains(r#"came 1000 bytes, from byte 492 on: 508 bytes "xxxxxxxxyxx"#),
            "{told}"
        );
    }
}
