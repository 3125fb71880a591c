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
use std::io::{self, Write};
use std::sync::Arc;

use cap_std::fs::{Dir, OpenOptions};
use runner::interrupt::{Protected, protect};

use super::file_name::{FileName, temporary_name};

/// With 64 random bits a second try is hardly ever needed; after eight something else is wrong.
const TRIES: usize = 8;

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
        let ((file, temporary), guard) = protect(|| {
            let (file, temporary) = create_temporary(&dir, random_number)?;
            let undo = {
                let (dir, temporary) = (Arc::clone(&dir), temporary.clone());
                move || drop(dir.remove_file(temporary))
            };
            Ok(((file, temporary), undo))
        })?;
        Ok(Self {
            file,
            dir,
            temporary,
            name,
            renamed: false,
            _undone_on_interrupt: guard,
        })
    }

    /// Gives the whole file its name, in one step that nobody can see half done.
    ///
    /// # Errors
    /// The disk did not take it, or a folder, pipe or device has the name by now. The old file, if any, is untouched.
    pub fn commit(mut self) -> io::Result<()> {
        // Before the rename: otherwise a power cut could leave the new name on an empty file.
        self.file.sync_all()?;
        refuse_to_replace(&self.dir, &self.name)?;
        self.dir
            .rename(&self.temporary, &self.dir, self.name.as_str())?;
        self.renamed = true;
        // The file has its name; failing to make the *name* survive a power cut cannot take that back.
        let _ = sync_folder(&self.dir);
        Ok(())
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

/// Only a regular file or a link may be replaced: the link itself, never what it points to.
///
/// Asked twice, before the first byte is taken and right before the rename. Whoever makes a pipe of that name in the
/// instant between the second look and the rename loses the pipe; a folder the system refuses to replace anyway.
pub(crate) fn refuse_to_replace(dir: &Dir, name: &FileName) -> io::Result<()> {
    let there = match dir.symlink_metadata(name.as_str()) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    if there.is_file() || there.is_symlink() {
        Ok(())
    } else if there.is_dir() {
        Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "a folder has this name",
        ))
    } else {
        Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "a pipe, device or socket has this name",
        ))
    }
}

fn create_temporary(dir: &Dir, mut number: impl FnMut() -> u64) -> io::Result<(File, String)> {
    let mut last = None;
    for _ in 0..TRIES {
        let name = temporary_name(number());
        // `create_new`: what lies there already, a link above all, is neither opened nor followed.
        match dir.open_with(&name, OpenOptions::new().write(true).create_new(true)) {
            Ok(file) => return Ok((file.into_std(), name)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::AlreadyExists.into()))
}

/// std has no random numbers, but its hash maps have random keys, new ones for each map: the hash of nothing will do.
fn random_number() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// A name is written in its folder, so the folder has to reach the disk too. Windows has no such call.
#[cfg(unix)]
fn sync_folder(dir: &Dir) -> io::Result<()> {
    // `Dir` itself is opened for looking up names only (O_PATH); fsync needs it opened for reading.
    dir.open(".")?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Dir) -> io::Result<()> {
    Ok(())
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

        let mut numbers = 1..;
        let (mut file, name) = create_temporary(&dir, || numbers.next().unwrap()).unwrap();
        file.write_all(b"ours").unwrap();
        assert_eq!(name, temporary_name(if cfg!(unix) { 3 } else { 2 }));
        assert_eq!(
            fs::read_to_string(folder.path().join("victim")).unwrap(),
            "as it was"
        );
        assert_eq!(
            fs::read_to_string(folder.path().join(temporary_name(1))).unwrap(),
            "somebody else's"
        );

        let error = create_temporary(&dir, || 1).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists, "tried for ever");
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
