//! What stands after the lanes: the bytes of an event, part by part, or words.

use crate::bytes::{grouped, plain, show, width, wrapped};
use crate::call::Call;
use crate::event::Event;
use crate::layout::Shown;
use crate::messages::Piece;
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

/// What is said about an event. `same`: the rows of the writes of which it got exactly all. `fin`: whether a close sends
/// one.
pub(crate) fn lines(
    event: &Event,
    pieces: &[Piece],
    same: Option<(usize, usize)>,
    fin: bool,
) -> Vec<Line> {
    if event.call == Call::Note {
        return vec![Line::words(plain(&event.note))];
    }
    let remark = remark(event, fin);
    let mut lines: Vec<Line> = match same {
        // What stands above part by part is not told twice, but for messages that were written apart and stick together.
        Some((first, last)) if pieces.len() > 1 && (first == last || !stick(pieces)) => {
            let rows = match last - first {
                0 => (first + 1).to_string(),
                1 => format!("{} and {}", first + 1, last + 1),
                _ => format!("{} to {}", first + 1, last + 1),
            };
            let words = format!("the same {} as in {rows}", bytes(event.given));
            vec![Line::words(words)]
        }
        _ => pieces.iter().map(|piece| Line::of(event, piece)).collect(),
    };
    match lines.last_mut() {
        Some(last) => last.remark = remark,
        None if remark.is_empty() => {}
        None => lines.push(Line::words(remark)),
    }
    lines
}

/// Whether more than one message begins here.
fn stick(pieces: &[Piece]) -> bool {
    let first = pieces.first().map(|piece| piece.name);
    pieces.iter().skip(1).any(|piece| Some(piece.name) == first)
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

    fn of(event: &Event, piece: &Piece) -> Self {
        let whole = piece.here == piece.of;
        let size = match (piece.name, whole) {
            ("", _) => String::new(),
            (_, true) => grouped(piece.here),
            (_, false) => format!("{} of {}", grouped(piece.here), grouped(piece.of)),
        };
        let shown = match piece.shown {
            Shown::BigEndian | Shown::LittleEndianSigned if !whole => Shown::Hex,
            shown => shown,
        };
        let kept = event.bytes_at(piece.at, piece.here).to_vec();
        Self {
            name: plain(piece.name),
            size,
            content: Content::Bytes(kept, piece.here, shown),
            remark: String::new(),
        }
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
