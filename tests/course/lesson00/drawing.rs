//! The two kinds of picture in the chapter, as SVG: a conversation as a ladder, and the layers of a frame.
//!
//! Dark on light paper and light on dark, as the crate `timeline` draws; the meaning is in words and arrows, never in a
//! colour. Each picture has a title, a description, and a text twin. No scene of the program
//! draws them, so the drawing is here, with the test that holds the committed files to it.

use lesson00::frame::Frame;

/// Pixels: a monospace character at 13 px, a line.
const COLUMN: usize = 8;
const ROW: usize = 34;

/// A picture's `id`, unique in the book, and what a reader who does not see it is told.
#[derive(Clone, Copy, Debug)]
pub(super) struct Caption<'a> {
    /// The prefix of its ids.
    pub(super) id: &'a str,
    /// The title.
    pub(super) title: &'a str,
    /// The description.
    pub(super) description: &'a str,
}

/// The layers from our program to the cable. The card adds two things that are not in a capture (IEEE 802.3, section
/// 3.1.1): the link layer's checksum after the frame, and a start before it.
const LAYERS: [&str; 5] = ["application", "transport", "network", "link", "physical"];
const START: (&str, usize) = ("start", 8);
const FCS: (&str, usize) = ("FCS", 4);

/// One frame of a ladder in text: `  3 │────── SYN ──────▶│  I want to talk`.
struct Step<'a> {
    number: &'a str,
    to_the_right: bool,
    name: &'a str,
    meaning: &'a str,
}

impl<'a> Step<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let (number, rest) = line.split_once(" │")?;
        let (arrow, meaning) = rest.split_once("│  ")?;
        Some(Self {
            number: number.trim(),
            to_the_right: arrow.ends_with('▶'),
            name: arrow.trim_matches(['◀', '─', '▶', ' ']),
            meaning,
        })
    }
}

/// The ladder in text as a picture: one line down for each end, one arrow for each frame, slanting as time passes.
pub(super) fn ladder(text: &str, caption: Caption<'_>) -> String {
    let (ends, lines) = text.split_once('\n').unwrap_or_default();
    let (left_end, right_end) = ends.trim().split_once("  ").unwrap_or_default();
    let steps: Vec<Step<'_>> = lines.lines().filter_map(Step::of).collect();
    let (left, right, top) = (100, 340, 40);
    let words = steps
        .iter()
        .map(|step| step.meaning.chars().count())
        .max()
        .unwrap_or(0);
    let wide = right + 16 + words * COLUMN;
    let high = top + ROW * steps.len() + 12;
    let mut out = open(caption, wide, high);
    for (x, name) in [(left, left_end), (right, right_end)] {
        out.push_str(&format!(
            "<text x=\"{x}\" y=\"20\" text-anchor=\"middle\" font-weight=\"bold\">{name}</text>\n\
             <path d=\"M{x} 28V{high}\" stroke=\"currentColor\" opacity=\"0.4\"/>\n"
        ));
    }
    let mut y = top;
    for step in &steps {
        let (from, to) = if step.to_the_right {
            (left, right)
        } else {
            (right, left)
        };
        let (from_y, to_y) = (y + 8, y + 22);
        let back = if step.to_the_right { to - 9 } else { to + 9 };
        out.push_str(&format!(
            "<text x=\"8\" y=\"{from_y}\" opacity=\"0.6\">{}</text>\n\
             <path d=\"M{from} {from_y}L{to} {to_y}\" stroke=\"currentColor\"/>\n\
             <path d=\"M{to} {to_y}L{back} {}V{}Z\"/>\n\
             <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n\
             <text x=\"{}\" y=\"{}\">{}</text>\n",
            step.number,
            to_y - 5,
            to_y + 4,
            (left + right) / 2,
            from_y + 1,
            escape(step.name),
            right + 12,
            from_y + 11,
            escape(step.meaning),
        ));
        y += ROW;
    }
    out.push_str("</svg>\n");
    out
}

/// The layers: a row each, our bytes at the same place in all of them.
pub(super) fn layers(frame: &Frame<'_>, caption: Caption<'_>) -> String {
    let names = 13 * COLUMN;
    let headers = frame.headers.iter().rev();
    let mut fronts = vec![("", 0)];
    fronts.extend(headers.map(|header| (header.name, header.bytes.len())));
    fronts.push(START);
    let front: usize = fronts.iter().map(|(_, len)| len).sum();
    let total = front + frame.payload.len() + FCS.1;
    let mut out = open(
        caption,
        names + total * COLUMN + 8 * COLUMN,
        ROW * LAYERS.len() + 8,
    );
    let mut begin = front;
    let mut inside = 0;
    for (number, (layer, front)) in LAYERS.iter().zip(fronts).enumerate() {
        let y = 4 + number * ROW;
        out.push_str(&format!("<text x=\"0\" y=\"{}\">{layer}</text>\n", y + 19));
        begin -= front.1;
        let after = if *layer == "link" { FCS } else { ("", 0) };
        let carried = inside.max(frame.payload.len());
        let total = front.1 + carried + after.1;
        let named = |(name, len): (&str, usize)| {
            (
                if len < 12 {
                    name.to_owned()
                } else {
                    format!("{name} {len}")
                },
                len,
                "1",
            )
        };
        let middle = match inside {
            0 => (
                String::from_utf8_lossy(frame.payload).into_owned(),
                carried,
                "1",
            ),
            1..8 => (inside.to_string(), inside, "0.4"),
            _ => (format!("{inside} bytes"), inside, "0.4"),
        };
        let mut x = names + begin * COLUMN;
        for (label, len, opacity) in [named(front), middle, named(after)] {
            if len == 0 {
                continue;
            }
            let w = len * COLUMN;
            out.push_str(&format!(
                "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{}\" fill=\"none\" stroke=\"currentColor\" opacity=\"{opacity}\"/>\n\
                 <text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
                ROW - 6,
                x + w / 2,
                y + 19,
                escape(&label)
            ));
            x += w;
        }
        out.push_str(&format!(
            "<text x=\"{}\" y=\"{}\">= {}</text>\n",
            x + COLUMN,
            y + 19,
            total
        ));
        inside = total;
    }
    out.push_str("</svg>\n");
    out
}

fn open(caption: Caption<'_>, wide: usize, high: usize) -> String {
    let id = escape(caption.id);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" \
         viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" style=\"max-width:100%;height:auto\" fill=\"currentColor\" \
         stroke=\"none\" font-family=\"monospace\" font-size=\"13\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n\
         <style>svg{{color:#222}}@media(prefers-color-scheme:dark){{svg{{color:#ddd}}}}</style>\n",
        escape(caption.title),
        escape(caption.description)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
