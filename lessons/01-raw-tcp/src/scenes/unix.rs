//! `unix`: the same echo over AF_UNIX. The address is a file, the rest is a stream like any other.
//!
//! Only programs of one machine reach each other this way, and the file's permissions say which of them may. There are
//! no ports, no TIME_WAIT and no network card; `echo` and `ask` do not notice the difference, because all they want is
//! something that reads and writes.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use cli::why;
use timeline::{Call, Recorder, Recording};

use crate::echo::echo;
use crate::exchange::ask;
use crate::promises::second_thread::at_once;

/// `sun_path` of `struct sockaddr_un` has 108 bytes on Linux, 104 on macOS and the BSDs; the last is the zero at its end.
const MAX_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Both ends in one process, over a file in a folder of its own. What happened, and the drawing in it.
///
/// # Errors
/// No folder or no socket file can be made here.
pub(super) fn unix() -> io::Result<(String, Recording)> {
    let folder = Folder::new()?;
    let path = folder.0.join("echo.sock");
    let length = path.as_os_str().len();
    if length > MAX_PATH {
        let why = format!("{length} bytes are over the limit of {MAX_PATH} for a socket's path");
        return Err(named(&path, why));
    }
    let recorder = Recorder::joined();
    // ANCHOR: unix
    let listener = UnixListener::bind(&path)?;
    let client = recorder.calling("client", Call::Connect, || UnixStream::connect(&path))?;
    let (server, peer) = recorder.calling("server", Call::Accept, || listener.accept())?;
    let by_turns = recorder.clone().by_turns(); // two threads, the same drawing every time
    let client = by_turns.stream("client", client);
    let server = by_turns.stream("server", server);
    let (served, asked) = at_once(
        || {
            let ending = echo(&server); // the very function that serves TCP
            recorder.call("server", Call::Other("close"));
            drop(server);
            ending
        },
        || {
            ask(&client, b"hello, file")?;
            recorder.call("client", Call::Other("close"));
            drop(client);
            Ok(())
        },
    )?;
    served.and(asked)?;
    // ANCHOR_END: unix
    let is_socket = fs::symlink_metadata(&path)?.file_type().is_socket();
    let name = if peer.is_unnamed() { "none" } else { "a path" };
    drop(listener);
    let again = in_words(UnixListener::bind(&path));
    fs::remove_file(&path)?;
    let removed = in_words(UnixListener::bind(&path));
    let recording = recorder.recording();
    let text = format!(
        "The server's address: {}\n\
         That is a file; is it a socket? {is_socket}\n\
         The client's address: {name}, and no port either\n\n\
         {}\n\
         The listener is closed, its file is still there.\n\
         Bind it again: {again}\n\
         Remove the file, then bind it again: {removed}\n",
        path.display(),
        recording.text(),
    );
    Ok((text, recording))
}

fn in_words(bound: io::Result<UnixListener>) -> String {
    match bound {
        Ok(_) => "ok".to_owned(),
        Err(error) => format!("{:?}, {}", error.kind(), why(&error)),
    }
}

/// A folder that only we may enter, gone when this is dropped. Whoever may write into a folder may put his own socket
/// where ours is expected; `/tmp` itself is such a place.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let name = format!("lesson01-{}", now.unwrap_or_default().as_nanos());
        let path = std::env::temp_dir().join(name);
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => Ok(Self(path)),
            Err(error) => Err(named(&path, why(&error))),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn named(path: &Path, why: String) -> io::Error {
    io::Error::other(format!("{}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_echo_does_not_notice_the_difference() {
        let (text, _) = unix().unwrap();
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
