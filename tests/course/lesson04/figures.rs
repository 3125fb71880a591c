//! The figures of the chapter's section "What it costs": each stands in a table that a run has kept, and each row that the
//! prose names is one of the bench's.

use std::collections::HashSet;
use std::fs;

use tests::programs::workspace;

fn file(name: &str) -> String {
    fs::read_to_string(workspace().join("lessons/04-fixed-header").join(name)).unwrap()
}

#[test]
fn each_figure_in_the_prose_stands_in_a_table() {
    let chapter = file("README.md");
    let section = chapter.split("\n## What it costs\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let tables = file("throughput.txt") + &file("throughput-memory.txt");
    let measured: HashSet<&str> =
        tables.split_whitespace().map(|word| word.trim_matches(['(', ')'])).collect();
    let words: Vec<&str> = section.split_whitespace().collect();
    let mut figures = 0;
    for pair in words.windows(2) {
        let [number, unit] = [pair[0], pair[1]].map(|word| word.trim_matches(['(', ')', ',', ';', '.', ':']));
        let number = number.replace(',', "");
        if matches!(unit, "MB/s" | "times" | "calls") && number.parse::<f64>().is_ok() {
            assert!(measured.contains(number.as_str()), "{number} {unit} is in no table");
            figures += 1;
        }
    }
    assert!(figures >= 8, "only {figures} figures were found");
}
