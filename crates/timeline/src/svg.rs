//! The ladder as SVG, to stand in a page as it is.
//!
//! `currentColor` follows the page, dark themes too; nothing is told by colour. There is no blank line, which would end
//! mdBook's HTML block, no script, no font to fetch. Names take the page's font; bytes are monospace, so that their
//! columns can be counted: sizes below are in pixels, 8 for a column of 13-pixel type, which is a little more than any
//! common font takes.

use std::fmt::Write as _;

use crate::bytes::{grouped, width};
use crate::rows::{Arrow, Ladder, Row};

const ROW: usize = 22;
const GAP: usize = 14;
/// Where the first row's line is: below the names of the sides.
const TOP: usize = 48;
const COLUMN: usize = 8;
/// As wide as a page's text; a drawing with many lanes gets wider, and is then shown smaller.
const PAGE: usize = 760;
const ROOM_AT_LEAST: usize = 24;

/// Draws it. `id` makes the ids of the title and the description.
pub(crate) fn draw(ladder: &Ladder, id: &str, title: &str, description: &str) -> String {
    let sizes = Sizes::of(ladder);
    let mut rows = String::new();
    let mut y = TOP;
    let mut wide = PAGE;
    for row in &ladder.rows {
        if row.begins_block {
            y += GAP;
        }
        y = sizes.row(row, y, &mut wide, &mut rows);
    }
    if ladder.more > 0 || ladder.rows.is_empty() {
        let words = match ladder.more {
            0 => "nothing was recorded".to_owned(),
            more => format!("… {} more", grouped(more)),
        };
        let _ = writeln!(
            rows,
            "<text x=\"{}\" y=\"{}\">{words}</text>",
            sizes.call,
            y + GAP
        );
        y += ROW;
    }
    let end = y - ROW / 4;
    let high = end + ROW / 2;
    let id = escape(id);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
         viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" style=\"max-width:100%;height:auto\" fill=\"currentColor\" \
         font-family=\"system-ui,sans-serif\" font-size=\"13\">"
    );
    let _ = writeln!(out, "<title id=\"{id}-title\">{}</title>", escape(title));
    let _ = writeln!(out, "<desc id=\"{id}-desc\">{}</desc>", escape(description));
    for (lane, name) in ladder.sides.iter().enumerate() {
        let x = sizes.lane(lane);
        let name = escape(name);
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"20\" text-anchor=\"middle\" font-weight=\"bold\">{name}</text>"
        );
        let _ = writeln!(
            out,
            "<path d=\"M{x} 28V{end}\" stroke=\"currentColor\" stroke-opacity=\".4\"/>"
        );
    }
    out.push_str(&rows);
    out.push_str("</svg>");
    out
}

/// Where things stand.
struct Sizes {
    /// Numbers end and calls begin here.
    call: usize,
    /// Amounts end here.
    amount: usize,
    first_lane: usize,
    step: usize,
    lanes: usize,
    /// What stands behind the lanes begins here; then sizes end, then bytes begin, both counted from there.
    behind: usize,
    size: usize,
    bytes: usize,
}

impl Sizes {
    fn of(ladder: &Ladder) -> Self {
        let lines = || ladder.rows.iter().flat_map(|row| &row.lines);
        let most = |widths: &mut dyn Iterator<Item = usize>| widths.max().unwrap_or(0) * COLUMN;
        let side = most(&mut ladder.sides.iter().map(|side| width(side)));
        let digits = ladder.rows.len().to_string().len().max(2);
        let call = 8 + digits * COLUMN + 12;
        let amount = call
            + most(&mut ladder.rows.iter().map(|row| {
                width(&row.call)
                    + if row.amount.is_empty() {
                        0
                    } else {
                        1 + width(&row.amount)
                    }
            }));
        let lanes = ladder.sides.len();
        let first_lane = amount + 16 + (side / 2).saturating_sub(8);
        let step = if lanes > 2 {
            (side + 16).max(80)
        } else {
            (side + 32).max(140)
        };
        let behind = first_lane + lanes.saturating_sub(1) * step + if lanes == 1 { 56 } else { 24 };
        let size = most(&mut lines().map(|line| width(&line.name)))
            + most(&mut lines().map(|line| width(&line.size)));
        Self {
            call,
            amount,
            first_lane,
            step,
            lanes,
            behind,
            size: size + 8,
            bytes: size + 24,
        }
    }

    fn lane(&self, lane: usize) -> usize {
        self.first_lane + lane * self.step
    }

    /// One row with its line at `y`; where the next one's is.
    fn row(&self, row: &Row, y: usize, wide: &mut usize, out: &mut String) -> usize {
        let (base, x) = (y + 4, self.lane(row.side));
        let number = self.call - 12;
        let _ = write!(
            out,
            "<text x=\"{number}\" y=\"{base}\" text-anchor=\"end\" opacity=\".7\">{}</text>",
            row.number
        );
        if !row.call.is_empty() {
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{base}\">{}</text>",
                self.call,
                escape(&row.call)
            );
        }
        if !row.amount.is_empty() {
            let (at, amount) = (self.amount, row.amount.trim_end());
            let _ = write!(
                out,
                "<text x=\"{at}\" y=\"{base}\" text-anchor=\"end\">{amount}</text>"
            );
        }
        out.push('\n');
        match row.arrow {
            Arrow::None => {}
            Arrow::To(peer) => arrow(x, self.lane(peer), y, out),
            Arrow::Out if self.lanes > 1 && row.side > 0 => arrow(x, x.saturating_sub(40), y, out),
            Arrow::Out => arrow(x, x + 40, y, out),
        }
        let radius = if row.call.is_empty() { 2 } else { 4 };
        let _ = writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>");
        self.behind(row, y, wide, out)
    }

    /// What stands behind the lanes; where the next row's line is.
    fn behind(&self, row: &Row, y: usize, wide: &mut usize, out: &mut String) -> usize {
        let mut base = y + 4;
        let mut end = y + ROW;
        for line in &row.lines {
            let named = !line.name.is_empty();
            let at = self.behind + if named { self.bytes } else { 0 };
            if named {
                let _ = write!(
                    out,
                    "<text x=\"{}\" y=\"{base}\">{}</text>",
                    self.behind,
                    escape(&line.name)
                );
                let size = self.behind + self.size;
                let _ = write!(
                    out,
                    "<text x=\"{size}\" y=\"{base}\" text-anchor=\"end\">{}</text>",
                    line.size
                );
            }
            let font = if line.is_words() {
                ""
            } else {
                " font-family=\"ui-monospace,monospace\""
            };
            for text in line.texts((PAGE.saturating_sub(at) / COLUMN).max(ROOM_AT_LEAST)) {
                *wide = (*wide).max(at + (width(&text) + 1) * COLUMN);
                let text = escape(&text);
                let _ = writeln!(
                    out,
                    "<text x=\"{at}\" y=\"{base}\"{font} xml:space=\"preserve\">{text}</text>"
                );
                base += ROW - 4;
                end = base;
            }
        }
        if row.lines.first().is_some_and(|line| !line.name.is_empty()) {
            let (x, last) = (self.behind - 10, base - ROW + 8);
            let _ = writeln!(
                out,
                "<path d=\"M{x} {}V{last}\" stroke=\"currentColor\" stroke-opacity=\".4\"/>",
                y - 7
            );
        }
        end.max(y + ROW)
    }
}

/// A line with a head; two shapes, so that no marker needs an id of its own.
fn arrow(from: usize, to: usize, y: usize, out: &mut String) {
    let back = if to > from {
        to.saturating_sub(9)
    } else {
        to + 9
    };
    let (above, below) = (y - 4, y + 4);
    let _ = writeln!(
        out,
        "<path d=\"M{from} {y}H{back}\" stroke=\"currentColor\"/><path d=\"M{to} {y}L{back} {above}V{below}Z\"/>"
    );
}

/// Text for XML: its five special characters, and nothing that XML 1.0 forbids.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // A line break could make a blank line.
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
