//! The few commands that the runner does itself, so that a session needs no shell and runs the same everywhere.
//!
//! They work in the terminal's own folder: a name is relative and has no `..`.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::words::Words;

/// The largest file that `head -c` makes.
const LARGEST: usize = 64 * 1024 * 1024;

/// Whether the runner does this command itself.
pub(super) fn knows(name: &str) -> bool {
    ["mkdir", "ls", "cat", "cp", "printf", "head"].contains(&name)
}

/// Does `command` in `folder`; gives what it prints.
///
/// # Errors
/// A form that is not understood, or what went wrong.
pub(super) fn run(command: &Words, folder: &Path) -> Result<Vec<u8>, String> {
    let words: Vec<&str> = command.words.iter().map(String::as_str).collect();
    let told = |error: io::Error| format!("{}: {error}", command.words.join(" "));
    let place = |name: &str| inside(folder, name);
    match (&words[..], command.into.as_deref()) {
        (["mkdir", name], None) => fs::create_dir(place(name)?)
            .map(|()| Vec::new())
            .map_err(told),
        (["ls"] | ["ls", "-1"], None) => list(folder).map_err(told),
        (["ls", name], None) if place(name)?.is_file() => Ok(format!("{name}\n").into_bytes()),
        (["ls", name] | ["ls", "-1", name], None) => list(&place(name)?).map_err(told),
        (["cat", name], None) => fs::read(place(name)?).map_err(told),
        (["cp", from, to], None) => fs::copy(place(from)?, place(to)?)
            .map(|_| Vec::new())
            .map_err(told),
        (["printf", text], Some(name)) => fs::write(place(name)?, printf(text)?)
            .map(|()| Vec::new())
            .map_err(told),
        (["head", "-c", count, "/dev/zero"], Some(name)) => {
            let count = count.parse().ok().filter(|&count| count <= LARGEST);
            let count = count.ok_or(format!("head -c: a number of bytes up to {LARGEST}"))?;
            fs::write(place(name)?, vec![0; count])
                .map(|()| Vec::new())
                .map_err(told)
        }
        _ => Err(format!(
            "`{}` in this form is not known here",
            command.words.join(" ")
        )),
    }
}

/// What `printf TEXT` prints.
///
/// # Errors
/// `%` (it formats), and an escape that is not known here.
pub(super) fn printf(text: &str) -> Result<Vec<u8>, String> {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        out.push(match c {
            '%' => return Err("printf: `%` formats; it is not known here".into()),
            '\\' => match rest.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('\\') => '\\',
                _ => return Err(r"printf: only \n \r \t \\ are known here".into()),
            },
            c => c,
        });
    }
    Ok(out.into_bytes())
}

fn list(folder: &Path) -> io::Result<Vec<u8>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push(name + "\n");
        }
    }
    names.sort();
    Ok(names.concat().into_bytes())
}

fn inside(folder: &Path, name: &str) -> Result<PathBuf, String> {
    let path = Path::new(name);
    if !name.is_empty()
        && path
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
    {
        Ok(folder.join(path))
    } else {
        Err(format!("{name}: a name stays in the terminal's folder"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::words::split;

    #[test]
    fn files_are_made_shown_copied_and_listed() {
        let folder = tempfile::tempdir().unwrap();
        let run = |line: &str| {
            run(&split(line).unwrap(), folder.path()).map(|out| String::from_utf8(out).unwrap())
        };
        assert_eq!(run("mkdir share").as_deref(), Ok(""));
        assert_eq!(
            run(r"printf 'a\tb\\\nc\n' > share/z.txt").as_deref(),
            Ok("")
        );
        assert_eq!(run("cp share/z.txt share/a.txt").as_deref(), Ok(""));
        assert_eq!(run("cat share/a.txt").as_deref(), Ok("a\tb\\\nc\n"));
        assert_eq!(run("ls -1 share").as_deref(), Ok("a.txt\nz.txt\n"));
        assert_eq!(run("ls").as_deref(), Ok("share\n"));
        assert_eq!(run("ls share/a.txt").as_deref(), Ok("share/a.txt\n"));
        assert_eq!(run("head -c 1000 /dev/zero > null").as_deref(), Ok(""));
        assert_eq!(fs::read(folder.path().join("null")).unwrap(), [0; 1000]);
    }

    /// What would be reached lies in the test's own folder.
    #[test]
    fn nothing_outside_of_the_terminal_s_folder_is_touched() {
        let around = tempfile::tempdir().unwrap();
        let folder = around.path().join("terminal");
        fs::create_dir(&folder).unwrap();
        fs::write(around.path().join("victim"), "here").unwrap();
        let absolute = around.path().join("victim").display().to_string();
        for line in [
            "cat ../victim",
            &format!("cat {absolute}"),
            "printf x > ../victim",
            "cp ../victim mine",
            "mkdir ..",
            "ls .",
            "ls ''",
        ] {
            assert!(run(&split(line).unwrap(), &folder).is_err(), "{line}");
        }
        assert_eq!(fs::read(around.path().join("victim")).unwrap(), b"here");
    }

    #[test]
    fn other_forms_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for line in [
            "ls -la",
            "cat a b",
            "printf '%s' > a",
            r"printf '\x41' > a",
            "printf a",
            "mkdir -p a",
            "head -c 1000000000 /dev/zero > a",
            "head -c 5 b > a",
            "ls > a",
        ] {
            assert!(run(&split(line).unwrap(), folder.path()).is_err(), "{line}");
        }
    }
}
