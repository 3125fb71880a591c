//! What stands behind the lanes: the bytes of an event, part by part, or words.

use crate::bytes::{grouped, plain, show, width, wrapped};
use crate::call::Call;
use crate::event::Event;
use crate::layout::{Part, Shown};
use crate::words::{bytes, remark};

/// One part, or words.
pub(crate) struct Line {
    /// The name of a part; empty for bytes that are one piece, and for words.
    pub(crate) name: String,
    /// Its size.
    pub(crate) size: String,
    content: Content,
    /// A remark behind the bytes: `cut: 4 bytes lost`.
    remark: String,
}

enum Content {
    /// Bytes: as many of them as were kept, their number, how they are shown.
    Bytes(Vec<u8>, u64, Shown),
    /// Words, already harmless.
    Words(String),
}

/// What is said about an event. `all_of`: the write of which it got exactly all. `fin`: whether a close sends one.
pub(crate) fn lines(event: &Event, all_of: Option<usize>, fin: bool) -> Vec<Line> {
    let remark = remark(event, fin);
    if event.call == Call::Note {
        return vec![Line::words(plain(&event.note))];
    }
    if event.given == 0 {
        return if remark.is_empty() {
            Vec::new()
        } else {
            vec![Line::words(remark)]
        };
    }
    let total = usize::try_from(event.given).unwrap_or(usize::MAX);
    let parts = event
        .layout
        .map_or_else(Vec::new, |layout| layout(&event.first, total));
    let mut lines = parts_of(event, &parts);
    // What stands above part by part is not told twice.
    if let (Some(write), true) = (all_of, lines.len() > 1) {
        lines = vec![Line::words(format!(
            "the same {} as in {}",
            bytes(event.given),
            write + 1
        ))];
    }
    if let Some(last) = lines.last_mut() {
        last.remark = remark;
    }
    lines
}

/// One line for each named part, and one for bytes that no part names.
fn parts_of(event: &Event, parts: &[Part]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0_u64;
    for part in parts.iter().filter(|part| part.len > 0) {
        let here = (part.len as u64).min(event.given - at);
        if here == 0 {
            break;
        }
        let size = match here == part.len as u64 {
            true => grouped(here),
            false => format!("{} of {}", grouped(here), grouped(part.len as u64)),
        };
        lines.push(Line::bytes(event, at, here, part.shown).named(plain(part.name), size));
        at += here;
    }
    let rest = event.given - at;
    if rest > 0 {
        let line = Line::bytes(event, at, rest, Shown::Auto);
        lines.push(if lines.is_empty() {
            line
        } else {
            line.named("more".to_owned(), grouped(rest))
        });
    }
    lines
}

impl Line {
    fn words(words: String) -> Self {
        let (name, size, remark) = (String::new(), String::new(), String::new());
        Self {
            name,
            size,
            content: Content::Words(words),
            remark,
        }
    }

    fn bytes(event: &Event, at: u64, len: u64, shown: Shown) -> Self {
        let content = Content::Bytes(event.bytes_at(at, len).to_vec(), len, shown);
        Self {
            content,
            ..Self::words(String::new())
        }
    }

    fn named(self, name: String, size: String) -> Self {
        Self { name, size, ..self }
    }

    /// Whether this is words, not bytes.
    pub(crate) fn is_words(&self) -> bool {
        matches!(self.content, Content::Words(_))
    }

    /// The content, on one or more lines of `room` columns.
    pub(crate) fn texts(&self, room: usize) -> Vec<String> {
        let behind = if self.remark.is_empty() {
            0
        } else {
            width(&self.remark) + 2
        };
        let mut texts = match &self.content {
            Content::Words(words) => wrapped(words, room),
            Content::Bytes(first, total, shown) => {
                // A part may take a second line if that shows all of it.
                let lines = if behind > 0 { 1 } else { 2 };
                show(first, *total, *shown, room.saturating_sub(behind), lines)
            }
        };
        if let Some(last) = texts.last_mut().filter(|_| behind > 0) {
            last.push_str("  ");
            last.push_str(&self.remark);
        }
        texts
    }
}
