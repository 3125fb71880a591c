//! A list of any length, in memory for one page of it.
//!
//! The goal: 100,000 files of long names are listed in a few MiB. Their lines are sorted, and the header before them
//! says how many bytes they all are, so both the names and the lines would have to be held.
//!
//! Instead the folder is read once for each page: the [`PAGE`] names that come next after the last one. And all that
//! twice, first for the size, then for the lines.
//!
//! The price: reading the folder 50 times for 100,000 files (but once where one page is enough, which is nearly
//! everywhere). If a long list changes in between, the promised size cannot be kept, and the connection ends inside the
//! body, as it does for a file that shrinks.

use std::io;

use super::file_name::FileName;
use super::folder::Folder;
use crate::json_header::encode;

/// Files in one page: about 1 MiB of the longest names, and as much of lines.
const PAGE: usize = 4096;

/// The list of a folder: its first page, and how large all of it is.
pub(crate) struct LongList<'a> {
    folder: &'a Folder,
    /// All files.
    pub files: usize,
    /// Bytes of all lines: one JSON object a line, sorted by the bytes of the name.
    pub size: usize,
    /// The first page's lines.
    pub first_lines: Vec<u8>,
    /// The first page's last name, if another page follows.
    last: Option<FileName>,
}

impl<'a> LongList<'a> {
    /// Lists a folder.
    ///
    /// # Errors
    /// The folder may not be read.
    pub(crate) fn of(folder: &'a Folder) -> io::Result<Self> {
        let first = page(folder, None)?;
        let (mut files, mut size) = (first.files, first.lines.len());
        each_page(folder, first.last.clone(), |page| {
            files += page.files;
            size += page.lines.len();
            Ok(())
        })?;
        let (first_lines, last) = (first.lines, first.last);
        Ok(Self {
            folder,
            files,
            size,
            first_lines,
            last,
        })
    }

    /// Hands on the lines after the first page, a page at a time.
    ///
    /// # Errors
    /// The folder changed so that the promised size is wrong, or may not be read any more; those of `send`.
    pub(crate) fn other_lines(
        self,
        mut send: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let changed = || io::Error::other("the folder changed while it was listed");
        let mut left = self.size - self.first_lines.len();
        each_page(self.folder, self.last, |page| {
            left = left.checked_sub(page.lines.len()).ok_or_else(changed)?;
            send(&page.lines)
        })?;
        if left == 0 { Ok(()) } else { Err(changed()) }
    }
}

struct Page {
    files: usize,
    lines: Vec<u8>,
    /// The last name, if another page follows.
    last: Option<FileName>,
}

fn page(folder: &Folder, after: Option<&FileName>) -> io::Result<Page> {
    let (page, mut lines) = (folder.list(after, PAGE)?, Vec::new());
    for (name, &size) in &page {
        let name = name.as_str().into();
        lines.extend(encode(&[("name", name), ("size", size.into())]));
        lines.push(b'\n');
    }
    let files = page.len();
    let last = page.into_keys().next_back().filter(|_| files == PAGE);
    Ok(Page { files, lines, last })
}

/// The pages after the name `last`.
fn each_page(
    folder: &Folder,
    mut last: Option<FileName>,
    mut each: impl FnMut(&Page) -> io::Result<()>,
) -> io::Result<()> {
    while let Some(after) = last {
        let page = page(folder, Some(&after))?;
        each(&page)?;
        last = page.last;
    }
    Ok(())
}
