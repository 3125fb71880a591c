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

use std::cmp::Ordering;
use std::iter::{once, repeat};

use crate::bytes::{grouped, width};
use crate::lines::Line;
use crate::rows::{Ladder, Row, Widths};

/// As wide as a drawing gets, lanes and all.
const COLUMNS: usize = 100;
/// What stands after the lanes gets at least so much, however many lanes there are.
const MIN_COLUMNS: usize = 24;

/// Draws it.
pub(crate) fn draw(ladder: &Ladder) -> String {
    if ladder.rows.is_empty() {
        return "nothing was recorded\n".to_owned();
    }
    let sizes = Sizes::of(ladder);
    let mut out = sizes.head(ladder);
    let mut push = |line: String| {
        out.push_str(line.trim_end());
        out.push('\n');
    };
    for row in &ladder.rows {
        if row.begins_block {
            push(String::new());
        }
        if !row.title.is_empty() {
            push(row.title.clone());
        }
        let mut after = row.lines.iter().flat_map(|line| sizes.after(line));
        let side = ladder.sides.get(row.side).map_or("", String::as_str);
        push(sizes.start(row, side) + &sizes.lanes(Some(row)) + &after.next().unwrap_or_default());
        for line in after {
            push(" ".repeat(sizes.before()) + &sizes.lanes(None) + &line);
        }
    }
    if ladder.more > 0 {
        push(format!("\n... {} more", grouped(ladder.more)));
    }
    out
}

/// Where things stand.
struct Sizes {
    widths: Widths,
    lanes: usize,
    /// From one lane to the next.
    step: usize,
}

impl Sizes {
    fn of(ladder: &Ladder) -> Self {
        let (widths, lanes) = (ladder.widths(2), ladder.sides.len());
        Self {
            step: (widths.side + 2).max(if lanes > 2 { 0 } else { 8 }),
            widths,
            lanes,
        }
    }

    /// Columns before the first lane.
    fn before(&self) -> usize {
        let widths = &self.widths;
        widths.number + 2 + widths.side + 2 + widths.call + widths.share + 3
    }

    fn lanes_wide(&self) -> usize {
        match self.lanes {
            1 => 4, // alone it needs space for its arrow
            lanes => lanes.saturating_sub(1) * self.step + 1,
        }
    }

    /// The names of the sides, each centred over its lane.
    fn head(&self, ladder: &Ladder) -> String {
        let mut line = String::new();
        for (lane, side) in ladder.sides.iter().enumerate() {
            let from = (self.before() + lane * self.step)
                .saturating_sub(width(side).saturating_sub(1) / 2);
            line = pad(&line, from) + side;
        }
        line + "\n"
    }

    /// ` 3  client  write  35 bytes   `
    fn start(&self, row: &Row, side: &str) -> String {
        let widths = &self.widths;
        let number = pad_left(&row.number.to_string(), widths.number);
        let amount = pad_left(&row.amount, widths.call.saturating_sub(width(&row.call)));
        let (side, share) = (pad(side, widths.side), pad(&row.share, widths.share));
        format!("{number}  {side}  {}{amount}{share}   ", row.call)
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
            let to = row.arrow_to(|lane| lane * self.step, 3);
            for at in from.min(to) + 1..from.max(to) {
                let crosses = at.is_multiple_of(self.step);
                set(at, if crosses { '┼' } else { '─' });
            }
            match to.cmp(&from) {
                Ordering::Less => set(to + 1, '◀'),
                Ordering::Equal => {}
                Ordering::Greater => set(to - 1, '▶'),
            }
            set(from, if row.call.is_empty() { '·' } else { '●' });
        }
        cells.into_iter().collect()
    }

    /// What stands after the lanes.
    fn after(&self, line: &Line) -> Vec<String> {
        let mut start = "   ".to_owned();
        if !line.name.is_empty() {
            let name = pad(line.name, self.widths.name);
            let size = pad_left(&line.size, self.widths.size);
            start.push_str(&format!("{name}  {size}  "));
        }
        let used = self.before() + self.lanes_wide() + width(&start);
        let texts = line.texts(COLUMNS.saturating_sub(used).max(MIN_COLUMNS));
        let indent = " ".repeat(width(&start));
        let starts = once(start).chain(repeat(indent));
        let lines = starts.zip(texts);
        lines.map(|(start, text)| start + &text).collect()
    }
}

fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

fn pad_left(text: &str, to: usize) -> String {
    format!("{}{text}", " ".repeat(to.saturating_sub(width(text))))
}
