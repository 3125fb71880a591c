//! What stands after the lanes: the bytes of an event, part by part, or words.

use crate::bytes::{escaped, grouped, show, width, wrapped};
use crate::call::Call;
use crate::event::Event;
use crate::layout::{Part, Shown};
use crate::words::{bytes, remark};

/// One part, or words.
pub(crate) struct Line {
    /// The name of a part; empty for bytes that are one piece, and for words.
    pub(crate) name: &'static str,
    /// `4`, or `190 of 1,048`.
    pub(crate) size: String,
    content: Content,
    /// A remark after the bytes: `cut: 4 bytes lost`.
    remark: String,
}

enum Content {
    /// Bytes: as many of them as were kept, their number, how they are shown.
    Bytes(Vec<u8>, u64, Shown),
    /// Words, already escaped.
    Words(String),
}

/// What is said about an event. `parts`: its bytes. `same`: the rows of the writes of which it got exactly all. `fin`:
/// whether a close sends one.
pub(crate) fn lines(
    event: &Event,
    parts: Vec<Line>,
    same: Option<(usize, usize)>,
    fin: bool,
) -> Vec<Line> {
    if event.call == Call::Note {
        return vec![Line::words(escaped(&event.note))];
    }
    let mut lines = match same {
        // What stands above part by part is not told twice, but for messages that were written apart and stick together.
        Some((first, last)) if parts.len() > 1 && (first == last || !stick(&parts)) => {
            let rows = match last - first {
                0 => (first + 1).to_string(),
                1 => format!("{} and {}", first + 1, last + 1),
                _ => format!("{} to {}", first + 1, last + 1),
            };
            let words = format!("the same {} as in {rows}", bytes(event.given));
            vec![Line::words(words)]
        }
        _ => parts,
    };
    let remark = remark(event, fin);
    match lines.last_mut() {
        Some(last) => last.remark = remark,
        None if remark.is_empty() => {}
        None => lines.push(Line::words(remark)),
    }
    lines
}

/// Whether more than one message begins here.
fn stick(parts: &[Line]) -> bool {
    let mut names = parts.iter().map(|part| part.name);
    let first = names.next();
    names.any(|name| Some(name) == first)
}

impl Line {
    fn new(name: &'static str, size: String, content: Content) -> Self {
        Self {
            name,
            size,
            content,
            remark: String::new(),
        }
    }

    fn words(words: String) -> Self {
        Self::new("", String::new(), Content::Words(words))
    }

    /// A part, of which a call moved `here` bytes; they begin at `at` in the call.
    pub(crate) fn part(event: &Event, part: Part, at: u64, here: u64) -> Self {
        let whole = here == part.len as u64;
        let size = match (part.name, whole) {
            ("", _) => String::new(),
            (_, true) => grouped(here),
            (_, false) => format!("{} of {}", grouped(here), grouped(part.len as u64)),
        };
        let shown = match part.shown {
            Shown::BigEndian | Shown::LittleEndianSigned if !whole => Shown::Hex,
            shown => shown,
        };
        let kept = event.bytes_at(at, here).to_vec();
        Self::new(part.name, size, Content::Bytes(kept, here, shown))
    }

    /// Whether this is words, not bytes.
    pub(crate) fn is_words(&self) -> bool {
        matches!(self.content, Content::Words(_))
    }

    /// The content, on one or more lines that are `columns` wide.
    pub(crate) fn texts(&self, columns: usize) -> Vec<String> {
        let remark = match self.remark.as_str() {
            "" => String::new(),
            remark => format!("  {remark}"),
        };
        let mut texts = match &self.content {
            Content::Words(words) => wrapped(words, columns),
            Content::Bytes(first, total, shown) => {
                // A part may take a second line if that shows all of it.
                let lines = if remark.is_empty() { 2 } else { 1 };
                let columns = columns.saturating_sub(width(&remark));
                show(first, *total, *shown, columns, lines)
            }
        };
        if let Some(last) = texts.last_mut() {
            last.push_str(&remark);
        }
        texts
    }
}
