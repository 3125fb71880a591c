//! The shared folder: what may be read from it, and where what arrives is put.
//!
//! The goal: nothing outside the folder is ever read or written, whatever name a peer sends and whatever links lie in
//! the folder, and **no window between check and open**. "Look whether it is a link, then open it" has such a window:
//! somebody swaps the file for a link in between. So we do it the other way round: the system opens the name *beneath*
//! the folder or not at all (`openat2` with `RESOLVE_BENEATH` on Linux; elsewhere cap-std walks link by link), and then
//! we look at what we hold.
//!
//! ```text
//! name ── FileName::parse ──▶ open beneath the folder ──▶ fstat: a regular file? ──▶ (file, size)
//!          file_name.rs       without blocking             of what is open
//! ```
//!
//! Reading from a pipe that lies in the folder would wait for a writer for ever, in `open` already. `O_NONBLOCK` makes
//! that open return at once; for regular files the flag means nothing.
//!
//! A link that stays inside is followed by [`Folder::serve`]. It is not listed: it is not a regular file.
//!
//! Writing is [`Folder::receive`]: it looks at what has the name now and hands out an [`Incoming`] (`incoming.rs`).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, Metadata, OpenOptions};

use super::file_name::FileName;
use super::incoming::Incoming;
use crate::json_header::SIZE_LIMIT;

/// A folder whose files are shared. Cheap to clone; may be used from many threads.
#[derive(Clone, Debug)]
pub struct Folder {
    dir: Arc<Dir>,
}

impl Folder {
    /// Opens the folder. This is the only place where a path is taken from the whole file system.
    ///
    /// # Errors
    /// It is missing, is no folder, or may not be searched.
    pub fn open(path: &Path) -> io::Result<Self> {
        let dir = Dir::open_ambient_dir(path, ambient_authority())?;
        Ok(Self { dir: Arc::new(dir) })
    }

    /// Opens a regular file to be sent; the size is that of the open file.
    ///
    /// # Errors
    /// `NotFound`, "no such file", for whatever is not a regular file beneath this folder: missing, a folder, pipe, device
    /// or socket, a link that leaves (the answer is the same whether its target exists). `PermissionDenied` for a file
    /// that we may not read. `Other` where the size is not that of the content.
    pub fn serve(&self, name: &FileName) -> io::Result<(File, u64)> {
        let file = open_beneath(&self.dir, name.as_str())?;
        size_of_regular(&retried(|| file.metadata())?).ok_or_else(no_such_file)?;
        size_to_send(file.into_std())
    }

    /// The first `count` regular files with valid names after the name `after`, sorted by the bytes of the name, and
    /// their sizes.
    ///
    /// # Errors
    /// The folder may not be read.
    pub fn list(
        &self,
        after: Option<&FileName>,
        count: usize,
    ) -> io::Result<BTreeMap<FileName, u64>> {
        let mut files = BTreeMap::new();
        for entry in retried(|| self.dir.entries())? {
            let entry = entry?;
            let Ok(name) = FileName::parse(entry.file_name().as_encoded_bytes()) else {
                continue;
            };
            let last = files.last_key_value().filter(|_| files.len() == count);
            if after >= Some(&name) || last.is_some_and(|(last, _)| *last < name) {
                continue; // in a page before this one, or after it
            }
            // Of the entry itself: a link is a link here, whatever it points to. What cannot be looked at is left out:
            // it may be gone since the folder was read.
            let metadata = retried(|| entry.metadata()).ok();
            if let Some(size) = metadata.as_ref().and_then(size_of_regular) {
                files.insert(name, size);
            }
            if files.len() > count {
                files.pop_last();
            }
        }
        Ok(files)
    }

    /// Begins to receive a file: what is written goes to a temporary file until [`Incoming::commit`].
    ///
    /// # Errors
    /// A folder, pipe, device or socket has this name (it stays), or a file cannot be made here.
    pub fn receive(&self, name: &FileName) -> io::Result<Incoming> {
        Incoming::create(Arc::clone(&self.dir), name.clone())
    }
}

/// Opens whatever has this path beneath a folder, to be read, without blocking: what it is shows when it is open.
///
/// # Errors
/// `NotFound`, "no such file", for what is missing and for a path or a link that leaves.
pub fn open_beneath(dir: &Dir, path: &str) -> io::Result<cap_std::fs::File> {
    let options = reading_without_blocking();
    beneath(|| dir.open_with(path, &options))
}

/// The same for another way of opening.
///
/// # Errors
/// As [`open_beneath`].
pub fn beneath<T>(open: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    retried(open).map_err(|error| match means_no_such_file(&error) {
        true => no_such_file(),
        false => error,
    })
}

fn no_such_file() -> io::Error {
    io::Error::new(ErrorKind::NotFound, "no such file")
}

/// An open file, and its size as a header says it before the content.
///
/// # Errors
/// A size over 2^53 - 1, or one that the system does not know before the file is read.
pub(crate) fn size_to_send(mut file: File) -> io::Result<(File, u64)> {
    Err(io::Error::other(match retried(|| file.metadata())?.len() {
        // Linux makes what is under /proc while it is read, and says 0 bytes before. To send nothing would be a lie.
        0 if retried(|| file.read(&mut [0]))? > 0 => {
            "its size is not known before it is read: copy it, and take the copy".to_owned()
        }
        size if size <= SIZE_LIMIT => return Ok((file, size)),
        size => format!("a file of {size} bytes is over the limit of {SIZE_LIMIT}"),
    }))
}

/// The size of a regular file, unless it is one that no header can say.
fn size_of_regular(metadata: &Metadata) -> Option<u64> {
    let served = metadata.is_file() && metadata.len() <= SIZE_LIMIT;
    served.then(|| metadata.len())
}

/// Makes a call again that a signal interrupted: cap-std does not, and on a network file system any can be.
pub(crate) fn retried<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

fn reading_without_blocking() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use cap_std::fs::OpenOptionsExt as _;
        use rustix::fs::OFlags;
        // NOCTTY: a terminal device in the folder must not become ours by being opened.
        options.custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed());
    }
    options
}

/// Is this failed open just another way to say that there is no regular file of this name beneath the folder?
fn means_no_such_file(error: &io::Error) -> bool {
    match error.kind() {
        // A link to nothing; a link through a file; a folder, where the system refuses to open one.
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::IsADirectory => true,
        // cap-std's own word for a link that leaves. A permission that the system denies has a number.
        ErrorKind::PermissionDenied => error.raw_os_error().is_none(),
        _ => is_no_file_either(error),
    }
}

#[cfg(unix)]
fn is_no_file_either(error: &io::Error) -> bool {
    use rustix::io::Errno as E;
    // Links in a circle; a link with too long a name in it; a socket or a device without a driver. INVAL, only where
    // cap-std walks link by link: a link that somebody swapped for a file before it could be read.
    let no_file = [E::LOOP, E::NAMETOOLONG, E::NXIO, E::NODEV, E::INVAL];
    E::from_io_error(error).is_some_and(|errno| no_file.contains(&errno))
}

#[cfg(not(unix))]
fn is_no_file_either(_: &io::Error) -> bool {
    false
}

#[cfg(test)]
mod tests;
