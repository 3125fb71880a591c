//! Ways of doing one thing, side by side: short batches in rotating order, and ratios inside each round.
//!
//! A machine is quicker now and slower a second later, and a figure from this minute does not compare with one from the
//! next. Two batches that ran a few milliseconds apart do. So every row runs once in each round, the ratio is taken
//! inside the round, and what is told is the median of those ratios with the quartiles beside it.

use std::fmt::Write;
use std::io;
use std::time::Duration;

/// What one batch of a row gave.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Messages in the batch.
    pub messages: u64,
    /// From the first to the last of them.
    pub time: Duration,
    /// System calls of the sender and of the receiver; none where there is no kernel in between.
    pub calls: Option<[u64; 2]>,
}

impl Measured {
    fn per_message(&self) -> f64 {
        self.time.as_secs_f64() / self.messages as f64
    }

    fn calls_per_message(&self) -> Option<[f64; 2]> {
        self.calls
            .map(|calls| calls.map(|calls| calls as f64 / self.messages as f64))
    }
}

/// One way of doing it.
pub struct Row<'a> {
    /// Its name in the table.
    pub name: &'static str,
    /// Runs one batch.
    pub batch: Box<dyn FnMut() -> io::Result<Measured> + 'a>,
}

/// What all rows gave, one list a row, one entry a round.
pub struct Table {
    names: Vec<&'static str>,
    rounds: Vec<Vec<Measured>>,
}

impl Table {
    /// Runs each row once to warm it up, then `rounds` times, each round beginning with another row.
    ///
    /// # Errors
    /// The first that a batch gave.
    pub fn measure(mut rows: Vec<Row<'_>>, rounds: usize) -> io::Result<Self> {
        let mut table = Self {
            names: rows.iter().map(|row| row.name).collect(),
            rounds: vec![Vec::new(); rows.len()],
        };
        for row in &mut rows {
            (row.batch)()?;
        }
        let count = rows.len();
        for round in 0..rounds {
            for turn in 0..count {
                let at = (round + turn) % count;
                if let (Some(row), Some(got)) = (rows.get_mut(at), table.rounds.get_mut(at)) {
                    got.push((row.batch)()?);
                }
            }
        }
        Ok(table)
    }

    /// The table in text: megabytes of payload a second (median), how each row stands to each of `peers`, and the system
    /// calls of one message at both ends (those of the last round).
    pub fn text(&self, size: usize, peers: &[&str]) -> String {
        self.lines(&format!("{size} bytes"), "MB/s", size as f64 / 1e6, peers)
    }

    /// The same with requests a second.
    pub fn requests(&self, title: &str, peers: &[&str]) -> String {
        self.lines(title, "1/s", 1.0, peers)
    }

    fn lines(&self, title: &str, unit: &str, per_message: f64, peers: &[&str]) -> String {
        let mut text = format!("{title:<20} {unit:>6}");
        for peer in peers {
            let _ = write!(text, "   {:<17}", format!("times the {peer}"));
        }
        if self.rounds.iter().flatten().any(|got| got.calls.is_some()) {
            text.push_str("   calls out, in");
        }
        text.truncate(text.trim_end().len());
        for (name, rounds) in self.names.iter().zip(&self.rounds) {
            let rates = rounds
                .iter()
                .map(|got| per_message / got.per_message())
                .collect();
            let [_, median, _] = quartiles(rates);
            let _ = write!(text, "\n{name:<20} {median:>6.0}");
            for peer in peers {
                let _ = write!(text, "   {:<17}", self.ratio(peer, rounds));
            }
            if let Some([out, back]) = rounds.last().and_then(Measured::calls_per_message) {
                let _ = write!(text, "   {out:.4} {back:.4}");
            }
            text.truncate(text.trim_end().len());
        }
        text + "\n"
    }

    /// `0.66 (0.65-0.68)`: how many times the peer's speed, the median and the quartiles.
    fn ratio(&self, peer: &str, rounds: &[Measured]) -> String {
        let Some(at) = self.names.iter().position(|name| *name == peer) else {
            return String::new();
        };
        let Some(theirs) = self.rounds.get(at) else {
            return String::new();
        };
        let ratios = theirs
            .iter()
            .zip(rounds)
            .map(|(a, b)| a.per_message() / b.per_message())
            .collect();
        match quartiles(ratios) {
            [_, median, _] if median < 0.01 => format!("{median:.4}"),
            [low, median, high] if median < 10.0 => format!("{median:.2} ({low:.2}-{high:.2})"),
            [low, median, high] => format!("{median:.0} ({low:.0}-{high:.0})"),
        }
    }
}

/// The value below which a quarter lies, the median, the value below which three quarters lie.
fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    [last / 4, last / 2, last * 3 / 4].map(|at| values.get(at).copied().unwrap_or(f64::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row whose batches take so many microseconds, one after the other.
    fn row(name: &'static str, times: &'static [u64]) -> Row<'static> {
        let mut times = times.iter();
        let batch = move || {
            let time = Duration::from_micros(*times.next().unwrap());
            Ok(Measured {
                messages: 10,
                time,
                calls: None,
            })
        };
        Row {
            name,
            batch: Box::new(batch),
        }
    }

    #[test]
    fn a_ratio_is_taken_inside_its_round() {
        // The machine is ten times slower in the second and third rounds; one row takes twice the time in all of them.
        let rows = vec![
            row("floor", &[1, 10, 100, 100, 10]),
            row("ours", &[1, 20, 200, 200, 20]),
        ];
        let text = Table::measure(rows, 4).unwrap().text(100, &["floor"]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "floor                    10   1.00 (1.00-1.00)");
        assert_eq!(lines[2], "ours                      5   0.50 (0.50-0.50)");
    }

    #[test]
    fn quartiles_are_values_that_were_measured() {
        assert_eq!(quartiles(vec![5.0, 1.0, 3.0, 2.0, 4.0]), [2.0, 3.0, 4.0]);
        assert_eq!(quartiles(vec![7.0]), [7.0; 3]);
    }
}
