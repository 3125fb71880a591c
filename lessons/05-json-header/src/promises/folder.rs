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

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use super::file_name::FileName;
use super::incoming::{Incoming, refuse_to_replace};

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
    /// that we may not read.
    pub fn serve(&self, name: &FileName) -> io::Result<(File, u64)> {
        let file = match self
            .dir
            .open_with(name.as_str(), &reading_without_blocking())
        {
            Ok(file) => file.into_std(),
            Err(error) if means_no_such_file(&error) => return Err(no_such_file()),
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(no_such_file());
        }
        Ok((file, metadata.len()))
    }

    /// The regular files with valid names and their sizes, sorted by the bytes of the name.
    ///
    /// # Errors
    /// The folder may not be read.
    pub fn list(&self) -> io::Result<Vec<(FileName, u64)>> {
        let mut files = Vec::new();
        for entry in self.dir.entries()? {
            let entry = entry?;
            let Ok(name) = FileName::parse(entry.file_name().as_encoded_bytes()) else {
                continue;
            };
            match entry.metadata() {
                // Of the entry itself: a link is a link here, whatever it points to.
                Ok(metadata) if metadata.is_file() => files.push((name, metadata.len())),
                Ok(_) => {}
                // Gone since the folder was read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        files.sort_unstable();
        Ok(files)
    }

    /// Begins to receive a file: what is written goes to a temporary file until [`Incoming::commit`].
    ///
    /// # Errors
    /// A folder, pipe, device or socket has this name (it stays), or a file cannot be made here.
    pub fn receive(&self, name: &FileName) -> io::Result<Incoming> {
        refuse_to_replace(&self.dir, name)?;
        Incoming::create(Arc::clone(&self.dir), name.clone())
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
    use io::ErrorKind as Kind;
    match error.kind() {
        // A link to nothing; a link through a file; a folder, where the system refuses to open one.
        Kind::NotFound | Kind::NotADirectory | Kind::IsADirectory => true,
        // cap-std's own word for a link that leaves. A permission that the system denies has a number.
        Kind::PermissionDenied => error.raw_os_error().is_none(),
        _ => is_no_file_either(error),
    }
}

#[cfg(unix)]
fn is_no_file_either(error: &io::Error) -> bool {
    use rustix::io::Errno;
    // Links in a circle; a link with too long a name in it; a socket or a device without a driver. INVAL, only where
    // cap-std walks link by link: a link that somebody swapped for a file before it could be read.
    [
        Errno::LOOP,
        Errno::NAMETOOLONG,
        Errno::NXIO,
        Errno::NODEV,
        Errno::INVAL,
    ]
    .iter()
    .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

#[cfg(not(unix))]
fn is_no_file_either(_: &io::Error) -> bool {
    false
}

fn no_such_file() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no such file")
}

#[cfg(test)]
mod tests;
