//! What a case gave: that it passed, or what was wanted and what came. Both always stand there, as text and in hex.

use std::{fmt, io};

/// How many bytes are shown as text (a whole small request), and how many in hex.
const TEXT: usize = 200;
const HEX: usize = 12;

/// What a step of a case gives.
pub(crate) type Checked<T = ()> = Result<T, Failure>;

/// Why a case failed: what was sent, what was wanted, what came, and what else the reader needs, a line each.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    lines: Vec<(&'static str, String)>,
    /// The time was over.
    pub(crate) late: bool,
}

impl Failure {
    /// What was wanted and what came instead.
    pub(crate) fn new(wanted: impl Into<String>, came: impl Into<String>) -> Self {
        let (lines, late) = (vec![("wanted", wanted.into())], false);
        Self { lines, late }.with("came", came)
    }

    /// Two runs of bytes that differ, shown from shortly before the place where they do.
    pub(crate) fn differ(wanted: &[u8], came: &[u8]) -> Self {
        let pairs = wanted.iter().zip(came);
        let same = pairs.take_while(|(wanted, came)| wanted == came).count();
        let failure = Self::new(shown_at(wanted, same), shown_at(came, same));
        failure.with("differ", format!("from byte {same} on"))
    }

    /// With what had been sent before.
    pub(crate) fn after(mut self, sent: &[u8]) -> Self {
        if !sent.is_empty() {
            self.lines.insert(0, ("sent", shown(sent)));
        }
        self
    }

    /// With one line more.
    pub(crate) fn with(mut self, label: &'static str, text: impl Into<String>) -> Self {
        self.lines.push((label, text.into()));
        self
    }

    /// For the reason that the time was over.
    pub(crate) fn late(mut self) -> Self {
        self.late = true;
        self
    }
}

/// Trouble on our own side: no port, no folder.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::new("this machine to let the check work", cli::why(&error))
    }
}

/// The lines under the case's own.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.lines.iter();
        lines.try_for_each(|(label, text)| write!(f, "\n  {:<8}{text}", format!("{label}:")))
    }
}

/// `2 bytes "1\n" (31 0a)`; `nothing` for no bytes; of many the beginning.
pub(crate) fn shown(bytes: &[u8]) -> String {
    shown_at(bytes, 0)
}

/// The same, from shortly before byte `at` on.
fn shown_at(bytes: &[u8], at: usize) -> String {
    let count = match bytes.len() {
        0 => return "nothing".to_owned(),
        1 => "1 byte".to_owned(),
        count => format!("{count} bytes"),
    };
    let (from, place) = match at {
        0..HEX => (0, String::new()),
        at => (at - HEX / 2, format!(", from byte {} on:", at - HEX / 2)),
    };
    let rest = bytes.get(from..).unwrap_or_default();
    let dots = |most| if rest.len() > most { "..." } else { "" };
    let text = as_text(rest.get(..TEXT).unwrap_or(rest));
    let hex = rest.iter().take(HEX).map(|byte| format!("{byte:02x}"));
    let hex = Vec::from_iter(hex).join(" ");
    format!(
        "{count}{place} \"{text}\"{} ({hex}{})",
        dots(TEXT),
        dots(HEX)
    )
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
    /// What was said of each case.
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
        let long = shown(&[b'x'; 300]);
        let (text, hex) = ("x".repeat(200), ["78"; 12].join(" "));
        assert_eq!(long, format!("300 bytes \"{text}\"... ({hex}...)"));
    }

    #[test]
    fn long_runs_are_shown_where_they_differ() {
        let (wanted, mut came) = (vec![b'x'; 1000], vec![b'x'; 1000]);
        came[500] = b'y';
        let lines = Failure::differ(&wanted, &came).after(b"ask").to_string();
        let lines: Vec<&str> = lines.lines().collect();
        assert_eq!(lines[1], r#"  sent:   3 bytes "ask" (61 73 6b)"#);
        let start = r#"  came:   1000 bytes, from byte 494 on: "xxxxxxyxx"#;
        assert!(lines[3].starts_with(start), "{lines:?}");
        assert!(lines[3].ends_with(" (78 78 78 78 78 78 79 78 78 78 78 78...)"));
        assert_eq!(lines[4..], ["  differ: from byte 500 on"]);
        assert!(lines.iter().all(|line| line.len() <= 300), "{lines:?}");
    }
}
