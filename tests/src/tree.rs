//! The repository's files by their paths, so that a check is a pure function from files to problems and its own test
//! is a tree of three small files.
//!
//! Paths are written with `/` and begin at the top: `lessons/05-json-header/README.md`.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Files by path: their text, or `None` for what is no UTF-8.
#[derive(Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, Option<String>>,
}

impl Tree {
    /// Every file of the workspace but what is built or git's own.
    ///
    /// # Errors
    /// A folder or file that cannot be read.
    pub fn of_the_workspace() -> io::Result<Self> {
        let mut tree = Self::default();
        tree.walk(crate::programs::workspace(), "")?;
        Ok(tree)
    }

    /// A tree made by hand.
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files
                .iter()
                .map(|&(path, text)| (path.to_owned(), Some(text.to_owned())))
                .collect(),
        }
    }

    /// The text of a file; `None` where there is no such file or it is no text.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path)?.as_deref()
    }

    /// Whether there is such a file.
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether files lie in this folder.
    pub fn has_folder(&self, path: &str) -> bool {
        let inside = format!("{}/", path.trim_end_matches('/'));
        self.files.keys().any(|file| file.starts_with(&inside))
    }

    /// All paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Paths and texts of all text files whose name ends so.
    pub fn texts<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.ends_with(end))
            .filter_map(|(path, text)| Some((path.as_str(), text.as_deref()?)))
    }

    fn walk(&mut self, folder: &Path, path: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                continue;
            };
            let path = format!("{path}{name}");
            let kind = entry.file_type()?;
            if matches!(path.as_str(), ".git" | "target" | "mutants.out") {
                continue;
            } else if kind.is_dir() {
                self.walk(&entry.path(), &format!("{path}/"))?;
            } else if kind.is_file() {
                let text = String::from_utf8(fs::read(entry.path())?).ok();
                self.files.insert(path, text);
            }
        }
        Ok(())
    }
}

/// The path that `relative` means in the file `from`; `None` where it leaves the repository.
pub fn resolve(from: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop(); // the file itself
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_is_read_from_its_file_and_never_leaves_the_top() {
        assert_eq!(
            resolve("lessons/05/README.md", "../04/src/lib.rs").as_deref(),
            Some("lessons/04/src/lib.rs")
        );
        assert_eq!(resolve("README.md", "./a.md").as_deref(), Some("a.md"));
        assert_eq!(resolve("README.md", "../a.md"), None);
    }

    #[test]
    fn the_workspace_has_this_file_and_nothing_built() {
        let tree = Tree::of_the_workspace().unwrap();
        assert!(tree.text("tests/src/tree.rs").unwrap().contains("fn walk"));
        assert!(
            tree.has_folder("crates/common")
                && !tree.has_folder("target")
                && !tree.has_folder(".git")
        );
    }
}
