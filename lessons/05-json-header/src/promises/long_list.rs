//! A list of any length, in memory for one page of it.
//!
//! The goal: 100,000 files of long names are listed in a few MiB. Their lines are sorted, and the header before them
//! says how many bytes they all are, so both the names and the lines would have to be held.
//!
//! Instead the folder is read once for each page: the [`PAGE`] names that come next after the last one. And all that
//! twice, first for the size, then for the lines.
//!
//! The price: reading the folder 26 times for 100,000 files (but once where one page is enough, which is nearly
//! everywhere). If a long list changes in between, the promised size cannot be kept, and the connection ends inside the
//! body, as it does for a file that shrinks.

use std::collections::BTreeMap;
use std::{io, iter};

use super::file_name::FileName;
use super::folder::Folder;
use crate::json_header::encode;
use crate::json_stream::{JsonStream, NotDone, Stream, reason};

/// Files in one page: with the longest names some 3 MiB, and as much of lines. (A test need not make so many.)
const PAGE: usize = if cfg!(test) { 64 } else { 8192 };

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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{Read, Write};
    use std::path::Path;
    use std::time::Duration;

    use common::Timeouts;

    use super::*;

    /// A peer that takes everything; something happens to the folder when the header has been sent.
    struct Peer<'a> {
        taken: Vec<u8>,
        meanwhile: Option<&'a dyn Fn()>,
    }

    impl Write for Peer<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if let Some(meanwhile) = self.meanwhile.take() {
                meanwhile();
            }
            self.taken.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Read for Peer<'_> {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Ok(0)
        }
    }

    impl Timeouts for Peer<'_> {
        fn set_read_timeout(&self, _: Option<Duration>) -> io::Result<()> {
            Ok(())
        }

        fn set_write_timeout(&self, _: Option<Duration>) -> io::Result<()> {
            Ok(())
        }
    }

    /// Lists `files` files; `meanwhile` happens after the first write. What came, and all bytes after the header.
    fn listed(files: usize, meanwhile: impl Fn(&Path)) -> (Result<String, NotDone>, String) {
        let shared = tempfile::tempdir().unwrap();
        for number in 0..files {
            fs::write(shared.path().join(format!("{number:05}")), "x").unwrap();
        }
        let meanwhile = || meanwhile(shared.path());
        let mut peer = Peer {
            taken: Vec::new(),
            meanwhile: Some(&meanwhile),
        };
        let folder = Folder::open(shared.path()).unwrap();
        let mut stream = JsonStream::course(&mut peer, Duration::from_secs(1));
        let done = send_list(&folder, &mut stream);
        let text = String::from_utf8(peer.taken.split_off(4)).unwrap();
        (done, text)
    }

    #[test]
    fn a_list_of_any_number_of_pages_is_sorted_and_as_long_as_its_header_says() {
        for files in [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1] {
            let (done, text) = listed(files, |_| ());
            assert_eq!(done.unwrap(), format!("{files} files"));
            let size = files * r#"{"name":"00000","size":1}."#.len();
            let body = text.strip_prefix(&format!(r#"{{"ok":true,"size":{size}}}"#));
            let body = body.unwrap();
            assert_eq!(body.len(), size);
            for (number, line) in body.lines().enumerate() {
                assert_eq!(line, format!(r#"{{"name":"{number:05}","size":1}}"#));
            }
        }
    }

    #[test]
    fn one_page_is_read_once_and_may_change_on_the_way() {
        let one_more = |at: &Path| fs::write(at.join("x"), "x").unwrap();
        assert_eq!(listed(PAGE - 1, one_more).0.unwrap(), "63 files");
    }

    #[test]
    fn a_long_list_that_changes_on_the_way_ends_the_connection_and_never_exceeds_its_size() {
        let one_more = |at: &Path| fs::write(at.join("00100x"), "x").unwrap();
        let one_less = |at: &Path| fs::remove_file(at.join("00100")).unwrap();
        for what in ["one more", "one less"] {
            let meanwhile = |at: &Path| {
                if what == "one more" {
                    one_more(at)
                } else {
                    one_less(at)
                }
            };
            let (done, text) = listed(2 * PAGE, meanwhile);
            let Err(NotDone::Connection(error)) = done else {
                panic!("{what}: {done:?}")
            };
            assert_eq!(error.to_string(), "the folder changed while it was listed");
            let (header, body) = text.split_once('}').unwrap();
            let promised: usize = header.rsplit_once(':').unwrap().1.parse().unwrap();
            assert!(body.len() <= promised, "{what}");
        }
    }
}
