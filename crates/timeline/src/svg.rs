//! The ladder as SVG, for the book.
//!
//! `currentColor` follows the theme of the page; no blank line ends mdBook's HTML block; no script, no font to fetch.

use crate::bytes::{fitted, grouped, show, width};
use crate::rows::{Arrow, Content, Ladder, Line};

/// Heights and widths in pixels; one column is a monospace character at 13 px.
const ROW: usize = 24;
const COLUMN: usize = 8;
const TOP: usize = 40;
const ROOM: usize = 62;

pub(crate) fn draw(ladder: &Ladder, id: &str, title: &str, description: &str) -> String {
    let call = ladder.rows.iter().map(|row| width(&row.call) + width(&row.amount) + 2).max().unwrap_or(0);
    let side = ladder.sides.iter().map(|side| width(side)).max().unwrap_or(0);
    let first = (6 + call) * COLUMN + side * COLUMN / 2;
    let step = (side + 4).max(14) * COLUMN;
    let lane = |number: usize| first + number * step;
    let behind = lane(ladder.sides.len().saturating_sub(1)) + side * COLUMN / 2 + 16;
    let height: usize = TOP
        + ladder
            .rows
            .iter()
            .map(|row| ROW * row.lines.len().max(1) + if row.begins_block { ROW / 2 } else { 0 })
            .sum::<usize>()
        + ROW;
    let wide = behind + ROOM * COLUMN;
    let id = escape(id);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {wide} {height}\" width=\"{wide}\" style=\"max-width:100%;height:auto\" fill=\"currentColor\" stroke=\"none\" font-family=\"monospace\" font-size=\"13\">\n<title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n",
        escape(title),
        escape(description)
    );
    for (number, name) in ladder.sides.iter().enumerate() {
        let x = lane(number);
        out.push_str(&format!("<text x=\"{x}\" y=\"20\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\n<path d=\"M{x} 28V{}\" stroke=\"currentColor\" opacity=\"0.4\"/>\n", escape(name), height - 8));
    }
    let mut y = TOP;
    for row in &ladder.rows {
        if row.begins_block {
            y += ROW / 2;
        }
        let base = y + 4;
        let x = lane(row.side);
        out.push_str(&format!("<text x=\"24\" y=\"{base}\" text-anchor=\"end\" opacity=\"0.6\">{}</text><text x=\"40\" y=\"{base}\">{}</text><text x=\"{}\" y=\"{base}\" text-anchor=\"end\">{}</text>\n", row.number, escape(&row.call), (5 + call) * COLUMN, escape(row.amount.trim_end())));
        match row.arrow {
            Arrow::None => {}
            Arrow::To(peer) => out.push_str(&arrow(x, lane(peer), y)),
            Arrow::Out => out.push_str(&arrow(x, x + 5 * COLUMN, y)),
        }
        out.push_str(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"4\"/>\n"));
        for (at, line) in row.lines.iter().enumerate() {
            out.push_str(&format!(
                "<text x=\"{behind}\" y=\"{}\">{}</text>\n",
                base + at * ROW,
                escape(&words(line))
            ));
        }
        y += ROW * row.lines.len().max(1);
    }
    if ladder.more > 0 {
        out.push_str(&format!(
            "<text x=\"40\" y=\"{}\">… {} more</text>\n",
            y + 4,
            grouped(ladder.more.into())
        ));
    }
    out.push_str("</svg>");
    out
}

fn arrow(from: usize, to: usize, y: usize) -> String {
    let back = if to > from { to - 8 } else { to + 8 };
    format!(
        "<path d=\"M{from} {y}H{back}\" stroke=\"currentColor\"/><path d=\"M{to} {y}L{back} {}V{}Z\"/>\n",
        y - 4,
        y + 4
    )
}

fn words(line: &Line) -> String {
    let mut out = String::new();
    if !line.name.is_empty() {
        out = format!("{} {}: ", line.name, line.size);
    }
    let room = ROOM.saturating_sub(width(&out) + width(&line.remark) + 2);
    match &line.content {
        Content::Words(words) => out.push_str(&fitted(words, room)),
        Content::Bytes(first, total, shown) => out.push_str(&show(first, *total, *shown, room)),
    }
    if !line.remark.is_empty() {
        out.push_str("  ");
        out.push_str(&line.remark);
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\n', " ")
}
