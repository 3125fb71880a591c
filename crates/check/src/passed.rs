//! Which program passed each exercise last: `target/check.txt`, a line each, number, tab, command. The file may be missing
//! or damaged: then nothing was passed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// No list of exercises is longer.
const LIMIT: u64 = 64 * 1024;

/// What was passed last, and where it stands.
#[derive(Debug)]
pub(crate) struct Passed {
    file: Option<PathBuf>,
    last: BTreeMap<String, String>,
}

impl Passed {
    /// The file in Cargo's target folder: this program is `target/PROFILE/check`.
    pub(crate) fn beside_this_program() -> Self {
        let program = std::env::current_exe().ok();
        let target = program
            .as_deref()
            .and_then(|program| program.ancestors().nth(2));
        Self::read(target.map(|target| target.join("check.txt")))
    }

    fn read(file: Option<PathBuf>) -> Self {
        let mut text = Vec::new();
        if let Some(Ok(open)) = file.as_deref().map(File::open) {
            let _ = open.take(LIMIT).read_to_end(&mut text);
        }
        let text = String::from_utf8_lossy(&text);
        let lines = text.lines().filter_map(|line| line.split_once('\t'));
        let last = lines.filter(|(number, _)| check::find(number).is_some());
        let last = last
            .map(|(number, command)| (number.to_owned(), command.to_owned()))
            .collect();
        Self { file, last }
    }

    /// The command that passed this exercise last.
    pub(crate) fn last(&self, number: &str) -> Option<String> {
        self.last
            .get(number)
            .map(|command| cli::shortened(command.as_bytes()))
    }

    /// Adds one and writes the file. That it cannot be written is no failure of the program that passed.
    pub(crate) fn remember(mut self, number: &str, command: &str) {
        self.last
            .insert(number.to_owned(), cli::shortened(command.as_bytes()));
        if let Some(file) = &self.file
            && let Err(error) = self.write(file)
        {
            cli::log(format_args!(
                "not remembered in {}: {}",
                file.display(),
                cli::why(&error)
            ));
        }
    }

    fn write(&self, file: &Path) -> io::Result<()> {
        let folder = file.parent().unwrap_or(Path::new("."));
        let mut new = tempfile::NamedTempFile::new_in(folder)?;
        for (number, command) in &self.last {
            writeln!(new, "{number}\t{command}")?;
        }
        new.persist(file).map(drop).map_err(|failed| failed.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_passed_is_remembered_and_the_last_one_counts() {
        let dir = tempfile::tempdir().unwrap();
        let file = || Some(dir.path().join("check.txt"));
        Passed::read(file()).remember("03.1", "python3 my.py {port}");
        Passed::read(file()).remember("01.1", "./a\tb\n");
        Passed::read(file()).remember("03.1", "./mine {port}");
        let passed = Passed::read(file());
        assert_eq!(passed.last("03.1").as_deref(), Some("./mine {port}"));
        assert_eq!(passed.last("01.1").as_deref(), Some(r"./a\u{9}b\u{a}"));
        assert_eq!(passed.last("01.2"), None);
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
            let passed = Passed::read(Some(file.clone()));
            assert!(passed.last.is_empty());
            passed.remember("03.1", "mine");
            assert_eq!(fs::read(&file).unwrap(), b"03.1\tmine\n");
        }
        Passed::read(Some(dir.path().join("no/such/folder/check.txt"))).remember("03.1", "mine");
        Passed::read(Some(dir.path().to_owned())).remember("03.1", "mine"); // a folder
    }
}
