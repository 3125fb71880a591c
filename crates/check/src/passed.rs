//! Which program passed each exercise last: `target/check.txt`, a line each, number, tab, command. The file may be missing
//! or damaged: then nothing was passed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

/// No list of exercises is longer.
const LIMIT: u64 = 64 * 1024;

/// The file in Cargo's target folder: this program is `target/PROFILE/check`.
pub(crate) fn file() -> PathBuf {
    let program = std::env::current_exe().unwrap_or_default();
    let target = program.ancestors().nth(2).unwrap_or(Path::new(""));
    target.join("check.txt")
}

/// The command that passed each exercise last, by the exercise's number.
pub(crate) fn read(file: &Path) -> BTreeMap<String, String> {
    let mut text = Vec::new();
    if let Ok(open) = File::open(file) {
        let _ = open.take(LIMIT).read_to_end(&mut text);
    }
    let text = String::from_utf8_lossy(&text);
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    let known = lines.filter(|(number, _)| check::find(number).is_some());
    let short = |command: &str| cli::shortened(command.as_bytes());
    known
        .map(|(number, command)| (number.to_owned(), short(command)))
        .collect()
}

/// Adds one. That the file cannot be written is no failure of the program that passed.
pub(crate) fn remember(file: &Path, number: &str, command: &str) {
    let mut passed = read(file);
    passed.insert(number.to_owned(), cli::shortened(command.as_bytes()));
    let lines = passed
        .iter()
        .map(|(number, command)| format!("{number}\t{command}\n"));
    if let Err(error) = fs::write(file, lines.collect::<String>()) {
        let why = cli::why(&error);
        cli::log(format_args!("not remembered in {}: {why}", file.display()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passed_is_remembered_and_the_last_one_counts() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("check.txt");
        remember(&file, "03.1", "python3 my.py {port}");
        remember(&file, "01.1", "./a\tb\n");
        remember(&file, "03.1", "./mine {port}");
        let passed = read(&file);
        assert_eq!(passed["03.1"], "./mine {port}");
        assert_eq!(passed["01.1"], r"./a\u{9}b\u{a}");
        assert_eq!(passed.len(), 2);
    }

    #[test]
    fn a_damaged_file_is_as_good_as_none_and_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("check.txt");
        for damaged in [
            &b"\xff\xfe\0\t\n\n03.1"[..],
            b"99.9\tno such exercise\n",
            &[b'x'; 200_000],
        ] {
            fs::write(&file, damaged).unwrap();
            assert!(read(&file).is_empty());
            remember(&file, "03.1", "mine");
            assert_eq!(fs::read(&file).unwrap(), b"03.1\tmine\n");
        }
        remember(&dir.path().join("no/such/folder/check.txt"), "03.1", "mine");
        remember(dir.path(), "03.1", "mine"); // a folder
    }
}
