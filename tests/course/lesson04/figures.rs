//! The figures of the section "What it costs" in more.md: each stands in a table that a run has kept, in the column of its
//! unit, in a row that is named in its sentence or in the one before.

use std::fs;

use tests::programs::workspace;

fn file(name: &str) -> String {
    fs::read_to_string(workspace().join("lessons/04-fixed-header").join(name)).unwrap()
}

/// A row of a table: its name up to a comma, and its figures. What stands in brackets is their spread.
struct Row {
    name: String,
    figures: Vec<String>,
}

fn rows(table: &str) -> Vec<Row> {
    let rows = table.lines().filter_map(|line| {
        let (name, figures) = line.split_at_checked(NAME)?;
        let figures = figures
            .split_whitespace()
            .filter(|word| !word.starts_with('('))
            .map(str::to_owned);
        Some(Row {
            name: name.split(',').next()?.trim().to_owned(),
            figures: figures.collect(),
        })
    });
    rows.collect()
}

/// The width of a row's name.
const NAME: usize = 20;

impl Row {
    /// Whether it has this figure in a column of this unit: MB/s, two ratios, two counts of calls. Nanoseconds are those of
    /// a message of 16 bytes.
    fn has(&self, number: &str, unit: &str) -> bool {
        let columns = match unit {
            "MB/s" => 0..1,
            "times" => 1..3,
            "calls" => 3..5,
            _ => {
                let speed: Option<f64> =
                    self.figures.first().and_then(|figure| figure.parse().ok());
                return speed.is_some_and(|speed| format!("{:.0}", 16_000.0 / speed) == number);
            }
        };
        self.figures
            .iter()
            .skip(columns.start)
            .take(columns.len())
            .any(|figure| figure == number)
    }
}

/// The words between single backticks.
fn named(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split('`').skip(1).step_by(2)
}

#[test]
fn each_figure_in_the_prose_stands_in_a_row_that_is_named_with_it() {
    let chapter = file("more.md");
    let section = chapter
        .split("\n## What it costs\n")
        .nth(1)
        .unwrap()
        .split("\n## ")
        .next()
        .unwrap();
    let rows = rows(&(file("tables/throughput.txt") + &file("tables/throughput-memory.txt")));
    let text = section.split_whitespace().collect::<Vec<_>>().join(" ");
    let (mut before, mut figures) = ("", 0);
    for sentence in text.split_inclusive(". ") {
        let words: Vec<&str> = sentence
            .split(' ')
            .map(|word| word.trim_matches(['(', ')', ',', ';', '.', ':']))
            .collect();
        for pair in words.windows(2) {
            let (number, unit) = (pair[0].replace(',', ""), pair[1]);
            if !matches!(unit, "MB/s" | "times" | "calls" | "ns") || number.parse::<f64>().is_err()
            {
                continue;
            }
            let mut names = named(before).chain(named(sentence));
            let stands = names.any(|name| {
                rows.iter()
                    .any(|row| row.name == name && row.has(&number, unit))
            });
            assert!(
                stands,
                "{number} {unit} is in no row that is named here: {before}{sentence}"
            );
            figures += 1;
        }
        before = sentence;
    }
    // A row that is shown as a row of Markdown: | `header` | 1958 | 0.46 | 0.0001 and 0.0004 |
    for row in section.lines().filter(|line| line.starts_with("| `")) {
        let name = named(row).next().unwrap();
        let shown: Vec<&str> = row
            .split([' ', '|'])
            .filter(|word| word.parse::<f64>().is_ok())
            .collect();
        let like = |kept: &Row| {
            shown
                .iter()
                .all(|figure| kept.figures.iter().any(|is| is == figure))
        };
        assert!(
            rows.iter().any(|kept| kept.name == name && like(kept)),
            "no run has kept this row: {row}"
        );
        figures += shown.len();
    }
    assert!(figures >= 20, "only {figures} figures were found");
}
