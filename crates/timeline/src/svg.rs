//! The ladder as an SVG file, to be shown as a picture.
//!
//! One colour, dark on light paper and light on dark (`prefers-color-scheme`: no single grey can be read on both);
//! nothing is told by colour. No script, no font to fetch. Names take the page's font; bytes are monospace, so that
//! their columns can be counted: sizes below are in pixels, 8 for a column of 13-pixel type, which is a little more than
//! any common font takes.

use crate::bytes::{grouped, width};
use crate::rows::{Ladder, Row};

const ROW: usize = 22;
const GAP: usize = 14;
/// Where the first row's line is: below the names of the sides.
const TOP: usize = 48;
const COLUMN: usize = 8;
/// As wide as a page's text; a drawing with many lanes gets wider, and is then shown smaller.
const PAGE: usize = 860;
/// From this height on the names of the sides stand at the foot too.
const TALL: usize = 700;
/// At least so many columns for what stands after the lanes.
const MIN_COLUMNS: usize = 24;

/// The paper's side of it: a file shown as a picture knows the reader's scheme, not the page's colours.
const STYLE: &str =
    "<style>svg{color:#222}@media(prefers-color-scheme:dark){svg{color:#ddd}}</style>";
const RIGHT: &str = " text-anchor=\"end\"";

/// Draws it.
pub(crate) fn draw(ladder: &Ladder, title: &str, description: &str) -> String {
    let mut drawing = Drawing::of(ladder);
    // Where the lanes' lines stop and go on, so that they do not cross a title.
    let (mut y, mut lines) = (TOP, "V".to_owned());
    for row in &ladder.rows {
        if row.begins_block {
            y += GAP;
        }
        if !row.title.is_empty() {
            drawing.text(8, y + 4, " font-weight=\"bold\"", &row.title);
            lines += &format!("{}m0 {ROW}V", y - ROW / 2);
            y += ROW;
        }
        y = drawing.row(row, y);
    }
    if ladder.more > 0 || ladder.rows.is_empty() {
        let words = match ladder.more {
            0 => "nothing was recorded".to_owned(),
            more => format!("… {} more", grouped(more)),
        };
        drawing.text(drawing.call, y + GAP, "", &words);
        y += ROW;
    }
    let end = y - ROW / 4;
    for (lane, name) in ladder.sides.iter().enumerate() {
        let x = drawing.lane(lane);
        let style = " text-anchor=\"middle\" font-weight=\"bold\"";
        drawing.text(x, 20, style, name);
        drawing.line(&format!("M{x} 28{lines}{end}"), " stroke-opacity=\".4\"");
        if end > TALL {
            drawing.text(x, end + ROW - 4, style, name);
        }
    }
    let Drawing { wide, out, .. } = drawing;
    let high = end + if end > TALL { ROW + 4 } else { ROW / 2 };
    let (title, description) = (escape(title), escape(description));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"title desc\" \
         viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" fill=\"currentColor\" \
         font-family=\"system-ui,sans-serif\" font-size=\"13\">\n\
         <title id=\"title\">{title}</title>\n<desc id=\"desc\">{description}</desc>\n{STYLE}\n{out}</svg>\n"
    )
}

/// Where things stand, and what was drawn so far.
struct Drawing {
    /// Numbers end and calls begin here.
    call: usize,
    /// Amounts end here.
    amount: usize,
    first_lane: usize,
    step: usize,
    /// What stands after the lanes begins here; then sizes end, then bytes begin, both counted from there.
    after: usize,
    size: usize,
    bytes: usize,
    wide: usize,
    out: String,
}

impl Drawing {
    fn of(ladder: &Ladder) -> Self {
        // Widths in pixels.
        let widths = ladder.widths(1);
        let side = widths.side * COLUMN;
        let call = 8 + widths.number * COLUMN + 12;
        let amount = call + widths.call * COLUMN;
        let lanes = ladder.sides.len();
        let first_lane = amount + widths.share * COLUMN + 16 + (side / 2).saturating_sub(8);
        let (between, min) = if lanes > 2 { (16, 80) } else { (32, 140) };
        let step = (side + between).max(min);
        let size = (widths.name + widths.size) * COLUMN;
        Self {
            call,
            amount,
            first_lane,
            step,
            after: first_lane + lanes.saturating_sub(1) * step + if lanes == 1 { 56 } else { 24 },
            size: size + 8,
            bytes: size + 24,
            wide: PAGE,
            out: String::new(),
        }
    }

    fn lane(&self, lane: usize) -> usize {
        self.first_lane + lane * self.step
    }

    fn text(&mut self, x: usize, y: usize, style: &str, text: &str) {
        if !text.is_empty() {
            let text = escape(text);
            self.out += &format!("<text x=\"{x}\" y=\"{y}\"{style}>{text}</text>\n");
        }
    }

    fn line(&mut self, path: &str, style: &str) {
        self.out += &format!("<path d=\"{path}\" stroke=\"currentColor\"{style}/>\n");
    }

    /// One row with its line at `y`; where the next one's is.
    fn row(&mut self, row: &Row, y: usize) -> usize {
        let (base, x) = (y + 4, self.lane(row.side));
        let (call, amount) = (self.call, self.amount);
        let faint = format!("{RIGHT} opacity=\".7\"");
        self.text(call - 12, base, &faint, &row.number.to_string());
        self.text(call, base, "", &row.call);
        self.text(amount, base, RIGHT, row.amount.trim_end());
        self.text(amount, base, "", &row.share);
        let to = row.arrow_to(|lane| self.lane(lane), 40);
        if to != x {
            self.arrow(x, to, y);
        }
        let radius = if row.call.is_empty() { 2 } else { 4 };
        self.out += &format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>\n");
        self.after(row, y)
    }

    /// What stands after the lanes; where the next row's line is.
    fn after(&mut self, row: &Row, y: usize) -> usize {
        let after = self.after;
        let mut base = y + 4;
        for line in &row.lines {
            let mut at = after;
            if !line.name.is_empty() {
                self.text(after, base, "", line.name);
                self.text(after + self.size, base, RIGHT, &line.size);
                at += self.bytes;
            }
            let style = if line.is_words() {
                ""
            } else {
                " font-family=\"ui-monospace,monospace\" xml:space=\"preserve\""
            };
            for text in line.texts((PAGE.saturating_sub(at) / COLUMN).max(MIN_COLUMNS)) {
                self.wide = self.wide.max(at + (width(&text) + 1) * COLUMN);
                self.text(at, base, style, &text);
                base += ROW - 4;
            }
        }
        if row.lines.first().is_some_and(|line| !line.name.is_empty()) {
            let path = format!("M{} {}V{}", after - 10, y - 7, base - ROW + 8);
            self.line(&path, " stroke-opacity=\".4\"");
        }
        base.max(y + ROW)
    }

    /// A line with a head; two shapes, so that no marker needs an id of its own.
    fn arrow(&mut self, from: usize, to: usize, y: usize) {
        let back = if to > from {
            to.saturating_sub(9)
        } else {
            to + 9
        };
        let (above, below) = (y - 4, y + 4);
        self.line(&format!("M{from} {y}H{back}"), "");
        self.out += &format!("<path d=\"M{to} {y}L{back} {above}V{below}Z\"/>\n");
    }
}

/// Text for XML: its five special characters, and nothing that XML 1.0 forbids.
fn escape(text: &str) -> String {
    let one = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        '\n' | '\r' | '\t' => " ".to_owned(),
        '\u{fffe}' | '\u{ffff}' => "\u{fffd}".to_owned(),
        c if c.is_control() => "\u{fffd}".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
mod tests;
