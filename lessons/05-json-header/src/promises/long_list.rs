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

use std::collections::BTreeMap;
use std::{io, iter};

use super::file_name::FileName;
use super::folder::Folder;
use crate::json_header::encode;
use crate::json_stream::{JsonStream, NotDone, Stream, reason};

/// Files in one page: about 1 MiB of the longest names, and as much of lines.
const PAGE: usize = 4096;

/// Answers `list`: one JSON object a line, sorted by the bytes of the name.
///
/// # Errors
/// Refused: the folder may not be read. Else the stream failed, or the promised size is wrong by now.
pub(crate) fn send_list<S: Stream>(
    folder: &Folder,
    stream: &mut JsonStream<S>,
) -> Result<String, NotDone> {
    let (mut first, mut files, mut size) = (None, 0, 0);
    for page in pages(folder) {
        let page = page.map_err(|error| NotDone::refused(reason(&error)))?;
        let lines = lines(&page);
        files += page.len();
        size += lines.len();
        first.get_or_insert(lines);
    }
    let first = first.unwrap_or_default();
    stream.send_ok(&[("size", size.into())], &first)?;
    let changed = || io::Error::other("the folder changed while it was listed");
    let mut left = size - first.len();
    if left > 0 {
        for page in pages(folder).skip(1) {
            let lines = lines(&page?);
            left = left.checked_sub(lines.len()).ok_or_else(changed)?;
            stream.raw().write_raw(&lines)?;
        }
    }
    match left {
        0 => Ok(format!("{files} files")),
        _ => Err(changed().into()),
    }
}

/// The files of a folder, a page at a time.
fn pages(folder: &Folder) -> impl Iterator<Item = io::Result<BTreeMap<FileName, u64>>> {
    let (mut last, mut more) = (None, true);
    iter::from_fn(move || {
        if !more {
            return None;
        }
        let page = folder.list(last.as_ref(), PAGE);
        more = page.as_ref().is_ok_and(|page| page.len() == PAGE);
        let name = page.as_ref().ok().and_then(|page| page.keys().next_back());
        last = name.cloned();
        Some(page)
    })
}

fn lines(page: &BTreeMap<FileName, u64>) -> Vec<u8> {
    let mut lines = Vec::new();
    for (name, &size) in page {
        let name = name.as_str().into();
        lines.extend(encode(&[("name", name), ("size", size.into())]));
        lines.push(b'\n');
    }
    lines
}
