//! The ladder as text, for a terminal and for a screen reader.
//!
//! ```text
//!                             client  server
//!  1  client  connect              ●──────▶│
//!  2  server  accept               │       ●
//! ```
//!
//! Each line reads as a sentence from the left (who, what, how much), then comes the picture, then what was in the
//! bytes. That stands last, because a Chinese character takes two columns and nothing may shift.

use crate::bytes::{fitted, grouped, show, width};
use crate::rows::{Arrow, Content, Ladder, Line, Row};

/// As wide as a drawing gets, lanes and all.
const COLUMNS: usize = 108;
/// What stands behind the lanes gets at least so much, however many lanes there are.
const ROOM_AT_LEAST: usize = 24;

pub(crate) fn draw(ladder: &Ladder) -> String {
    if ladder.rows.is_empty() {
        return "nothing was recorded\n".to_owned();
    }
    let sizes = Sizes::of(ladder);
    let mut out = sizes.head(ladder);
    for row in &ladder.rows {
        if row.begins_block {
            out.push('\n');
        }
        let side = ladder.sides.get(row.side).map_or("", String::as_str);
        let mut lines = row.lines.iter();
        let mut line = sizes.start(row, side) + &sizes.lanes(Some(row)) + &sizes.behind(lines.next());
        out.push_str(line.trim_end());
        out.push('\n');
        for part in lines {
            line = " ".repeat(sizes.before()) + &sizes.lanes(None) + &sizes.behind(Some(part));
            out.push_str(line.trim_end());
            out.push('\n');
        }
    }
    if ladder.more > 0 {
        out.push_str(&format!("\n... {} more\n", grouped(ladder.more.into())));
    }
    out
}

/// How wide the columns are: as wide as what stands in them.
struct Sizes {
    number: usize,
    side: usize,
    call: usize,
    amount: usize,
    lanes: usize,
    /// From one lane to the next.
    step: usize,
    part: usize,
    part_size: usize,
}

impl Sizes {
    fn of(ladder: &Ladder) -> Self {
        let side = widest(ladder.sides.iter().map(String::as_str));
        let lines = || ladder.rows.iter().flat_map(|row| &row.lines);
        Self {
            number: ladder.rows.len().to_string().len().max(2),
            side,
            call: widest(ladder.rows.iter().map(|row| row.call.as_str())),
            amount: widest(ladder.rows.iter().map(|row| row.amount.as_str())),
            lanes: ladder.sides.len(),
            step: if ladder.sides.len() > 2 { side + 2 } else { (side + 2).max(8) },
            part: widest(lines().map(|line| line.name.as_str())),
            part_size: widest(lines().map(|line| line.size.as_str())),
        }
    }

    /// Columns before the first lane.
    fn before(&self) -> usize {
        self.number + 2 + self.side + 2 + self.call + 2 + self.amount + 3
    }

    fn lanes_wide(&self) -> usize {
        self.lanes.saturating_sub(1) * self.step + 1
    }

    /// The names of the sides, each centred over its lane.
    fn head(&self, ladder: &Ladder) -> String {
        let mut line = String::new();
        for (lane, side) in ladder.sides.iter().enumerate() {
            let from = (self.before() + lane * self.step).saturating_sub(width(side).saturating_sub(1) / 2);
            line = pad(&line, from) + side;
        }
        line + "\n"
    }

    /// ` 3  client  write   35 bytes   `
    fn start(&self, row: &Row, side: &str) -> String {
        format!(
            "{:>number$}  {}  {}  {}   ",
            row.number,
            pad(side, self.side),
            pad(&row.call, self.call),
            pad_left(&row.amount, self.amount),
            number = self.number
        )
    }

    /// `●──────────▶│`: the lanes, and in an event's line who acted and where it goes.
    fn lanes(&self, row: Option<&Row>) -> String {
        let mut cells = vec![' '; self.lanes_wide()];
        let mut set = |at: usize, c: char| {
            if let Some(cell) = cells.get_mut(at) {
                *cell = c;
            }
        };
        for lane in 0..self.lanes {
            set(lane * self.step, '│');
        }
        if let Some(row) = row {
            let from = row.side * self.step;
            match row.arrow {
                Arrow::None => {}
                Arrow::To(peer) => {
                    let to = peer * self.step;
                    for at in from.min(to) + 1..from.max(to) {
                        set(at, if at.is_multiple_of(self.step) { '┼' } else { '─' });
                    }
                    if to > from { set(to - 1, '▶') } else { set(to + 1, '◀') }
                }
                Arrow::Out => {
                    set(from + 1, '─');
                    set(from + 2, '▶');
                }
            }
            set(from, if row.call.is_empty() { '·' } else { '●' });
        }
        let mut text: String = cells.into_iter().collect();
        if self.lanes == 1 && row.is_some_and(|row| row.arrow == Arrow::Out) {
            text.push_str("─▶");
        }
        pad(&text, self.lanes_wide() + if self.lanes == 1 { 3 } else { 0 })
    }

    /// What stands behind the lanes.
    fn behind(&self, line: Option<&Line>) -> String {
        let Some(line) = line else { return String::new() };
        let mut used = self.before() + self.lanes_wide() + 3;
        let mut out = "   ".to_owned();
        if !line.name.is_empty() {
            out.push_str(&format!(
                "{}  {}  ",
                pad(&line.name, self.part),
                pad_left(&line.size, self.part_size)
            ));
            used += self.part + self.part_size + 4;
        }
        let room = COLUMNS.saturating_sub(used).max(ROOM_AT_LEAST);
        match &line.content {
            Content::Words(words) => out.push_str(&fitted(words, room)),
            Content::Bytes(first, total, shown) => {
                let remark = if line.remark.is_empty() { 0 } else { width(&line.remark) + 2 };
                out.push_str(&show(first, *total, *shown, room.saturating_sub(remark)));
                if remark > 0 {
                    out.push_str("  ");
                    out.push_str(&line.remark);
                }
            }
        }
        out
    }
}

fn widest<'a>(texts: impl Iterator<Item = &'a str>) -> usize {
    texts.map(width).max().unwrap_or(0)
}

fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

fn pad_left(text: &str, to: usize) -> String {
    format!("{}{text}", " ".repeat(to.saturating_sub(width(text))))
}
