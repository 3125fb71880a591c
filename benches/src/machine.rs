//! Where and when something was measured: a figure without that is nobody's.

use std::process::Command;
use std::thread;

/// One line: the date, the cores, the system, the compiler. What cannot be asked is left out.
pub fn machine() -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let asked = [
        said("date", &["-u", "+%Y-%m-%d"]),
        said("uname", &["-srm"]),
        said("rustc", &["--version"])
            .map(|text| text.split(" (").next().unwrap_or_default().to_owned()),
    ];
    let [date, system, rustc] = asked;
    let parts = [date, Some(format!("{cores} cores")), system, rustc];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The first line that a program prints.
fn said(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    let line = String::from_utf8_lossy(&output.stdout)
        .lines()
        .next()?
        .trim()
        .to_owned();
    Some(line).filter(|line| !line.is_empty())
}
