//! `unix`: the same echo over AF_UNIX. The address is a file, the rest is a stream like any other.
//!
//! Only programs of one machine reach each other this way, and the file's permissions say which of them may. There are
//! no ports, no TIME_WAIT and no network card; `echo` and `ask` do not notice the difference, because all they want is
//! something that reads and writes.

use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process;
use std::thread;

use common::why;
use timeline::{Call, Recorder};

use crate::echo::echo;
use crate::exchange::ask;

/// Both ends in one process, over a file in a folder of its own.
///
/// # Errors
/// No folder or no socket file can be made here.
pub fn unix(out: &mut impl Write, recorder: &Recorder) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path.join("echo.sock");
    // ANCHOR: unix
    let listener = UnixListener::bind(&path)?;
    let client = recorder.calling("client", Call::Connect, || UnixStream::connect(&path))?;
    let (server, peer) = recorder.calling("server", Call::Accept, || listener.accept())?;
    let by_turns = recorder.clone().by_turns(); // two threads, the same drawing every time
    let (client, server) = (
        by_turns.stream("client", client),
        by_turns.stream("server", server),
    );
    thread::scope(|scope| {
        let serving = scope.spawn(move || {
            let ending = echo(&server); // the very function that serves TCP
            recorder.call("server", Call::Other("close"));
            drop(server);
            ending
        });
        ask(&client, b"hello, file")?;
        recorder.call("client", Call::Other("close"));
        drop(client);
        serving
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the server's thread panicked")))
    })?;
    // ANCHOR_END: unix
    writeln!(out, "The server's address: {}", path.display())?;
    writeln!(
        out,
        "That is a file; is it a socket? {}",
        fs::symlink_metadata(&path)?.file_type().is_socket()
    )?;
    let name = if peer.is_unnamed() {
        "none, and no port either"
    } else {
        "a path"
    };
    writeln!(
        out,
        "The client's address: {name}\n\n{}",
        recorder.recording().text()
    )?;
    drop(listener);
    writeln!(out, "The listener is closed, its file is still there.")?;
    writeln!(
        out,
        "Bind it again: {}",
        in_words(UnixListener::bind(&path))
    )?;
    fs::remove_file(&path)?;
    writeln!(
        out,
        "Remove the file, then bind it again: {}",
        in_words(UnixListener::bind(&path))
    )
}

fn in_words(bound: io::Result<UnixListener>) -> String {
    match bound {
        Ok(_) => "ok".to_owned(),
        Err(error) => format!("{:?}, {}", error.kind(), why(&error)),
    }
}

/// A folder that only we may enter, gone when this is dropped. Whoever may write into a folder may put his own socket
/// where ours is expected; `/tmp` itself is such a place.
#[derive(Debug)]
struct Folder {
    path: PathBuf,
}

impl Folder {
    fn new() -> io::Result<Self> {
        for attempt in 0..100 {
            let path = std::env::temp_dir().join(format!("lesson01-{}-{attempt}", process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(named(&path, &error)),
            }
        }
        Err(io::Error::new(
            ErrorKind::AlreadyExists,
            "no free name for a folder in the temporary folder",
        ))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {}", path.display(), why(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_echo_does_not_notice_the_difference() {
        let mut out = Vec::new();
        unix(&mut out, &Recorder::joined()).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("“HELLO, FILE”"), "{text}");
        assert!(text.contains("Bind it again: AddrInUse"), "{text}");
        assert!(
            text.ends_with("Remove the file, then bind it again: ok\n"),
            "{text}"
        );
        let path = text.lines().next().unwrap().rsplit(' ').next().unwrap();
        assert!(!Path::new(path).exists(), "{path} was left behind");
    }
}
