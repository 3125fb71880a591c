//! The promise: no byte from outside the folder, whatever the path says and whatever links lie in the folder.
//!
//! ```text
//! /a%20b/c.txt ── split at / ── decode each, once ── FileName::parse each ──▶ open beneath the folder ──▶ a regular file?
//!                                                    lesson 05                without blocking            (of what is open)
//! ```
//!
//! Split first: `%2f` is then a slash inside a name, which no name has. Decoded once: `%252e` is the name `%2e`. `..`, a
//! backslash, NUL and control characters are no names (lesson 05). A link that leaves the folder is refused by the system
//! while it opens the path, so there is no moment between check and open.
//!
//! The price: `//a`, `/./a` and `/b/../a`, which other servers rewrite to `/a`, are not found here.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata};
use lesson05::{FileName, beneath, open_beneath};
use percent_encoding::percent_decode_str;

/// The path of a request, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SitePath {
    /// From the root down, decoded: `a b/c.txt`; of the root nothing.
    pub(crate) names: String,
    /// It ends with a slash: the name of a folder.
    pub(crate) is_folder: bool,
}

impl SitePath {
    /// Judges a path as it came: `/`, `/a%20b`, `/folder/`. `None`: nothing of ours can have it.
    // ANCHOR: judge
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        let is_folder = path.is_empty() || path.ends_with('/');
        let mut names = Vec::new();
        if !path.is_empty() {
            for name in path.strip_suffix('/').unwrap_or(path).split('/') {
                let decoded = Vec::from_iter(percent_decode_str(name));
                names.push(FileName::parse(decoded).ok()?.as_str().to_owned());
            }
        }
        let names = names.join("/");
        Some(Self { names, is_folder })
    }
    // ANCHOR_END: judge

    /// The name of a file that lies in the root itself.
    pub(crate) fn file_in_root(&self) -> Option<FileName> {
        FileName::parse(&self.names)
            .ok()
            .filter(|_| !self.is_folder)
    }

    /// The page of a folder.
    pub(crate) fn index(&self) -> Self {
        Self {
            names: format!("{}/index.html", self.beneath_root()),
            is_folder: false,
        }
    }

    fn beneath_root(&self) -> &str {
        match self.names.as_str() {
            "" => ".",
            names => names,
        }
    }
}

/// What a path leads to.
pub(crate) enum Found {
    /// A regular file, open.
    File(File, Metadata),
    /// A folder.
    Folder,
}

/// The folder that is served.
pub struct Root(Dir);

impl Root {
    /// Opens the folder. This is the only place where a path is taken from the whole file system.
    ///
    /// # Errors
    /// It is missing, is no folder, or may not be searched.
    pub fn open(path: &Path) -> io::Result<Self> {
        Dir::open_ambient_dir(path, ambient_authority()).map(Self)
    }

    /// What has this path.
    ///
    /// # Errors
    /// `NotFound`: nothing, or nothing that is served: a pipe, a device, a link that leaves. `PermissionDenied`: the system
    /// forbids it.
    pub(crate) fn find(&self, path: &SitePath) -> io::Result<Found> {
        let name = path.beneath_root();
        if path.is_folder {
            return beneath(|| self.0.open_dir(name)).map(|_| Found::Folder);
        }
        let file = open_beneath(&self.0, name)?;
        let metadata = file.metadata()?;
        match (metadata.is_file(), metadata.is_dir()) {
            (true, _) => Ok(Found::File(file.into_std(), metadata)),
            (_, true) => Ok(Found::Folder),
            _ => Err(ErrorKind::NotFound.into()),
        }
    }

    /// The names in a folder, sorted by their bytes; those of folders with a slash. Links are not listed.
    ///
    /// # Errors
    /// As [`Root::find`].
    pub(crate) fn list(&self, path: &SitePath) -> io::Result<Vec<String>> {
        let (name, mut names) = (path.beneath_root(), Vec::new());
        for entry in beneath(|| self.0.read_dir(name))? {
            let entry = entry?;
            let Ok(name) = FileName::parse(entry.file_name().as_encoded_bytes()) else {
                continue;
            };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => names.push(format!("{}/", name.as_str())),
                Ok(kind) if kind.is_file() => names.push(name.as_str().to_owned()),
                _ => {} // a link, a pipe; or it has left since the folder was read
            }
        }
        names.sort();
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(path: &str) -> Option<(String, bool)> {
        let path = SitePath::parse(path)?;
        Some((path.beneath_root().to_owned(), path.is_folder))
    }

    #[test]
    fn a_path_is_decoded_once() {
        for (path, name, is_folder) in [
            ("/", ".", true),
            ("/a", "a", false),
            ("/a/", "a", true),
            ("/a/b%20c.txt", "a/b c.txt", false),
            ("/%e7%b2%98", "\u{7c98}", false),
            ("/%252e%252e", "%2e%2e", false),
            ("/%zz", "%zz", false),
            ("/...", "...", false),
            ("/a+b", "a+b", false),
        ] {
            assert_eq!(judged(path), Some((name.to_owned(), is_folder)), "{path}");
        }
    }

    #[test]
    fn a_path_that_climbs_or_hides_something_is_nobodys() {
        for path in [
            "*",
            "",
            "a",
            "//",
            "//a",
            "/a//b",
            "/..",
            "/../",
            "/a/../b",
            "/a/..",
            "/./a",
            "/%2e%2e/a",
            "/.%2e/a",
            "/%2E%2E",
            "/..%2fa",
            "/a%2fb",
            "/..%5ca",
            "/..\\a",
            "/a%00",
            "/a%00.txt",
            "/%0a",
            "/%ff",
            "/%c0%ae%c0%ae/",
            "/.receiving-0123456789abcdef.part",
        ] {
            assert_eq!(judged(path), None, "{path}");
        }
        assert_eq!(judged(&format!("/{}", "a".repeat(256))), None);
    }
}
