//! A file that is still arriving: under another name until it is whole.
//!
//! The goal: whatever happens (the peer leaves, the disk is full, `kill -9`), the final name shows the old file, or none,
//! or the whole new one. Nobody ever sees half a file.
//!
//! ```text
//! create   .receiving-5f0c…a1.part      a random name in the same folder, so that rename needs no copying
//! write    … bytes …                    the caller compares size and md5
//! commit   fsync, rename to `name`      rename is one step: two receivers of one name, one wins whole
//! drop     without commit: removed      also on Ctrl-C
//! ```
//!
//! After `kill -9` or a power cut the temporary file stays. It is never listed and never served; whoever runs the server
//! may delete it.

use std::collections::hash_map::RandomState;
use std::fs::File;
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, ErrorKind, Write};
use std::sync::Arc;

use cap_std::fs::{Dir, Metadata, OpenOptions};
use runner::interrupt::{Protected, protect};

use super::file_name::{FileName, temporary_name};
use super::folder::retried;

/// A file being received; [`Write`] its bytes, then [`commit`](Incoming::commit). Dropped before that, it never was.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    dir: Arc<Dir>,
    temporary: String,
    name: FileName,
    renamed: bool,
    _undone_on_interrupt: Protected,
}

impl Incoming {
    pub(crate) fn create(dir: Arc<Dir>, name: FileName) -> io::Result<Self> {
        let old = replaceable(&dir, &name)?;
        let temporary = temporary_name(random_number());
        let (file, undone_on_interrupt) = protect(|| {
            let file = create_new(&dir, &temporary)?;
            let (dir, temporary) = (Arc::clone(&dir), temporary.clone());
            Ok((file, move || drop(dir.remove_file(temporary))))
        })?;
        let incoming = Self {
            file,
            dir,
            temporary,
            name,
            renamed: false,
            _undone_on_interrupt: undone_on_interrupt,
        };
        old.map_or(Ok(()), |old| keep_mode(&incoming.file, &old))?;
        Ok(incoming)
    }

    /// Gives the whole file its name, in one step that nobody can see half done. Whether it replaced something.
    ///
    /// # Errors
    /// The disk did not take it, or a folder, pipe or device has the name by now. The old file, if any, is untouched.
    pub fn commit(mut self) -> io::Result<bool> {
        // Before the rename: otherwise a power cut could leave the new name on an empty file.
        self.file.sync_all()?;
        let old = replaceable(&self.dir, &self.name)?;
        let name = self.name.as_str();
        retried(|| self.dir.rename(&self.temporary, &self.dir, name))?;
        self.renamed = true;
        // The file has its name; failing to make the *name* survive a power cut cannot take that back.
        let _ = sync_folder(&self.dir);
        Ok(old.is_some())
    }
}

impl Write for Incoming {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.renamed {
            // Nobody is left to tell, and the name is never served.
            let _ = self.dir.remove_file(&self.temporary);
        }
    }
}

/// What has the name now, if anything. Only a regular file or a link may be replaced: the link itself, never what it
/// points to.
///
/// Asked twice, before the first byte is taken and right before the rename. Whoever makes a pipe of that name in the
/// instant between the second look and the rename loses the pipe; a folder the system refuses to replace anyway.
fn replaceable(dir: &Dir, name: &FileName) -> io::Result<Option<Metadata>> {
    let (kind, why) = match retried(|| dir.symlink_metadata(name.as_str())) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
        Ok(old) if old.is_file() || old.is_symlink() => return Ok(Some(old)),
        Ok(old) if old.is_dir() => (ErrorKind::IsADirectory, "a folder has this name"),
        Ok(_) => (
            ErrorKind::InvalidInput,
            "a pipe, device or socket has this name",
        ),
    };
    Err(io::Error::new(kind, why))
}

/// A file that only its owner could read is not readable by all because it was sent again. Not more than read, write
/// and execute: somebody else's bytes must not become a program that runs with its owner's rights (setuid).
#[cfg(unix)]
fn keep_mode(file: &File, old: &Metadata) -> io::Result<()> {
    use cap_std::fs::MetadataExt as _;
    use rustix::fs::{Mode, fchmod};
    if old.is_file() {
        retried(|| Ok(fchmod(file, Mode::from_raw_mode(old.mode() & 0o777))?))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn keep_mode(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// `create_new`: what lies there already, a link above all, is neither opened nor followed. There is no second try:
/// nobody guesses 64 random bits.
fn create_new(dir: &Dir, name: &str) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    retried(|| dir.open_with(name, &options)).map(cap_std::fs::File::into_std)
}

/// std has no random numbers, but its hash maps have random keys, new ones for each map: the hash of nothing will do.
fn random_number() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A name is written in its folder, so the folder has to reach the disk too. Windows has no such call.
fn sync_folder(dir: &Dir) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    // `Dir` itself is opened for looking up names only (O_PATH); fsync needs it opened for reading.
    dir.open(".")?.sync_all()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use cap_std::ambient_authority;

    use super::*;

    #[test]
    fn what_lies_under_a_temporary_name_already_is_neither_opened_nor_followed() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        fs::write(folder.path().join("victim"), "as it was").unwrap();
        fs::write(folder.path().join(temporary_name(1)), "somebody else's").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("victim", folder.path().join(temporary_name(2))).unwrap();

        for taken in 1..=if cfg!(unix) { 2 } else { 1 } {
            let error = create_new(&dir, &temporary_name(taken)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::AlreadyExists);
        }
        let mut file = create_new(&dir, &temporary_name(3)).unwrap();
        file.write_all(b"ours").unwrap();
        assert_eq!(
            fs::read_to_string(folder.path().join("victim")).unwrap(),
            "as it was"
        );
        assert_eq!(
            fs::read_to_string(folder.path().join(temporary_name(1))).unwrap(),
            "somebody else's"
        );
    }

    #[test]
    fn random_numbers_differ() {
        assert_ne!(random_number(), random_number());
    }

    #[test]
    fn a_folder_can_be_made_to_reach_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        sync_folder(&Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap()).unwrap();
    }
}
