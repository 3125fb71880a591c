//! Expected lines and those that came: do they fit, and what is written when they do not.
//!
//! `[..]` inside an expected line stands for anything within that line, `[...]` alone for any number of lines.

/// Any number of lines.
const LINES: &str = "[...]";
/// Anything within a line.
const ANYTHING: &str = "[..]";

/// How lines that came fit those expected. Later ones are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// Another line came than the one expected: more lines will not mend it.
    Never,
    /// What came is a right beginning.
    NotYet,
    /// All that was expected came, and more.
    Surplus,
    /// All of it and nothing else.
    Whole,
}

/// Whether this line stands for any number of lines.
pub(super) fn is_mark(line: &str) -> bool {
    line == LINES
}

/// How `came` fits `expected`.
pub(super) fn fit(expected: &[String], came: &[String]) -> Fit {
    let Some((first, behind)) = expected.split_first() else {
        return if came.is_empty() {
            Fit::Whole
        } else {
            Fit::Surplus
        };
    };
    if is_mark(first) {
        let rests = (0..=came.len()).filter_map(|skipped| came.get(skipped..));
        return rests
            .map(|rest| fit(behind, rest))
            .max()
            .unwrap_or(Fit::Never);
    }
    match came.split_first() {
        None => Fit::NotYet,
        Some((line, rest)) if fits(first, line) => fit(behind, rest),
        Some(_) => Fit::Never,
    }
}

/// Whether one line fits one expected line.
fn fits(expected: &str, line: &str) -> bool {
    let mut pieces = expected.split(ANYTHING);
    let Some(mut rest) = line.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.split_once(piece) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    true
}

/// What is written where `old` stood and `came` came: as many old lines as possible, with their marks.
///
/// The best way from each pair of places to the end is worked out backwards: a line kept counts 5, one that another
/// takes the place of 2, one that `[...]` swallows 1, and one that is only dropped or only added nothing.
pub(super) fn merge(
    old: &[String],
    came: &[String],
    written: impl Fn(&str) -> String,
) -> Vec<String> {
    let width = came.len() + 1;
    let mut best = vec![0; (old.len() + 1) * width];
    let at =
        |best: &[u32], i: usize, j: usize| best.get(i * width + j).copied().unwrap_or_default();
    let ways = |best: &[u32], i: usize, j: usize| {
        let (Some(line), there) = (old.get(i), came.get(j)) else {
            return [None; 5];
        };
        let (mark, both) = (is_mark(line), there.map(|_| at(best, i + 1, j + 1)));
        let keep = both
            .filter(|_| !mark && there.is_some_and(|there| fits(line, there)))
            .map(|rest| 5 + rest);
        let replace = both.filter(|_| !mark).map(|rest| 2 + rest);
        let swallow = there.filter(|_| mark).map(|_| 1 + at(best, i, j + 1));
        [
            keep,
            replace,
            swallow,
            Some(at(best, i + 1, j)),
            there.map(|_| at(best, i, j + 1)),
        ]
    };
    for i in (0..old.len()).rev() {
        for j in (0..width).rev() {
            let value = ways(&best, i, j)
                .into_iter()
                .flatten()
                .max()
                .unwrap_or_default();
            if let Some(place) = best.get_mut(i * width + j) {
                *place = value;
            }
        }
    }
    let (mut i, mut j, mut merged) = (0, 0, Vec::new());
    while let Some(line) = old.get(i) {
        let way = ways(&best, i, j)
            .iter()
            .position(|way| *way == Some(at(&best, i, j)));
        match way {
            Some(0) => merged.push(line.clone()),
            Some(1 | 4) => merged.extend(came.get(j).map(|new| written(new))),
            Some(3) => merged.extend(is_mark(line).then(|| line.clone())),
            _ => {}
        }
        i += usize::from(matches!(way, Some(0 | 1 | 3) | None));
        j += usize::from(matches!(way, Some(0 | 1 | 2 | 4)));
    }
    merged.extend(came.iter().skip(j).map(|new| written(new)));
    merged
}

/// Both sides, for a reader of a failed test.
pub(super) fn tell(expected: &[String], came: &[String]) -> String {
    let show = |lines: &[String]| {
        lines
            .iter()
            .map(|line| format!("    {line}\n"))
            .collect::<String>()
    };
    format!("\n  expected:\n{}  came:\n{}", show(expected), show(came))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[track_caller]
    fn assert_fit(expected: &str, came: &str, fits: Fit) {
        assert_eq!(
            fit(&lines(expected), &lines(came)),
            fits,
            "{expected:?} {came:?}"
        );
    }

    #[test]
    fn equal_lines_fit_and_others_never_do() {
        assert_fit("a\nb", "a\nb", Fit::Whole);
        assert_fit("a\nb", "a", Fit::NotYet);
        assert_fit("a", "a\nb", Fit::Surplus);
        assert_fit("a\nb", "a\nc", Fit::Never);
        assert_fit("", "", Fit::Whole);
        assert_fit("", "a", Fit::Surplus);
        assert_fit("a ", "a", Fit::Never);
        assert_fit("a", "ab", Fit::Never);
    }

    #[test]
    fn a_gap_in_a_line_stands_for_anything_in_it() {
        for line in ["x 12 y 3 z", "x  y  z", "x y y y y z"] {
            assert_fit("x [..] y [..] z", line, Fit::Whole);
        }
        assert_fit("[..]b", "ab", Fit::Whole);
        assert_fit("[..]b", "abc", Fit::Never);
        assert_fit("a[..]", "a", Fit::Whole);
        assert_fit("a[..]", "ba", Fit::Never);
        assert_fit("ab[..]ba", "aba", Fit::Never);
        assert_fit("[..]", "", Fit::NotYet);
        assert_fit("[..]", "a\nb", Fit::Surplus);
    }

    #[test]
    fn a_mark_alone_stands_for_any_number_of_lines() {
        assert_fit("a\n[...]\nb", "a\nb", Fit::Whole);
        assert_fit("a\n[...]\nb", "a\n1\n2\nb", Fit::Whole);
        assert_fit("a\n[...]\nb", "a\nb\nb", Fit::Whole);
        assert_fit("a\n[...]\nb", "a\n1", Fit::NotYet);
        assert_fit("a\n[...]\nb", "c\nb", Fit::Never);
        assert_fit("[...]\na\n[...]", "x\na", Fit::Whole);
        assert_fit("[...]", "", Fit::Whole);
    }

    #[track_caller]
    fn assert_merged(old: &str, came: &str, merged: &str) {
        let new = merge(&lines(old), &lines(came), |line| format!("new {line}"));
        assert_eq!(new, lines(merged), "{old:?} {came:?}");
    }

    #[test]
    fn lines_that_still_match_are_kept_with_their_marks() {
        assert_merged("a [..]\nold\nz", "a 1\nb\nz", "a [..]\nnew b\nz");
        assert_merged("a\n[...]\nz", "a\n1\n2\nz", "a\n[...]\nz");
        assert_merged("a\n[...]\nz", "b\n1\nz", "new b\n[...]\nz");
        assert_merged("a\nb\nc", "b\nc\nd", "b\nc\nnew d");
        assert_merged("", "a", "new a");
        assert_merged("a", "", "");
        assert_merged("[...]", "", "[...]");
    }

    #[test]
    fn what_is_written_fits_what_came() {
        let olds = [
            "",
            "a",
            "[...]\nb",
            "a\n[...]",
            "b\na\n[..]",
            "[...]\nc\n[...]",
        ];
        let comes = ["", "a", "b\na", "a\nb\nc", "c\nc\na"];
        for (old, came) in olds
            .iter()
            .flat_map(|old| comes.iter().map(move |came| (old, came)))
        {
            let merged = merge(&lines(old), &lines(came), str::to_owned);
            assert_eq!(
                fit(&merged, &lines(came)),
                Fit::Whole,
                "{old:?} {came:?} {merged:?}"
            );
        }
    }
}
