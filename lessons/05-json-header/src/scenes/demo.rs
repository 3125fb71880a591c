//! The demo: a server and a client in one process, recorded. What it prints is the recording.
//!
//! It prints the same every time. The recorder lets each of the two threads read only when the other waits as well (a
//! request, then its answer), it joins the reads of one answer into one row, and the folder is a fresh copy of the sample.

use std::io;
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;
use std::{env, fs, thread};

use tempfile::TempDir;
use timeline::{Call, Recorder, Recording, Tap};

use super::layout::course_layout;
use crate::{FileClient, FileName, FileServer, Folder, JsonStream, NotDone};

/// Name and content of each sample file: the demo's own copy, so that it prints the same whatever somebody has put into
/// the folder since.
const FILES: [(&str, &[u8]); 3] = [
    ("hello.txt", include_bytes!("../../share/hello.txt")),
    ("socket.png", include_bytes!("../../share/socket.png")),
    ("粘包.txt", include_bytes!("../../share/粘包.txt")),
];

/// Longer than any turn of the demo takes.
const IDLE: Duration = Duration::from_secs(30);

/// Runs the demo and draws it.
///
/// # Errors
/// A socket or a file failed.
pub fn demo_svg() -> io::Result<String> {
    let description = "A client asks a file server for its list and three files, for one that is not there, and \
                       uploads one. Every message is a 4-byte length, a JSON header and, for files, a body with its md5.";
    let (_, recording) = demo_recording()?;
    Ok(recording.svg("Files behind a JSON header", description))
}

/// Runs the demo: its text, and the recording itself.
pub fn demo_recording() -> io::Result<(String, Recording)> {
    let shared = temporary_folder()?;
    for (name, content) in FILES {
        fs::write(shared.path().join(name), content)?;
    }
    let downloads = temporary_folder()?;
    let server = FileServer {
        folder: Folder::open(shared.path())?,
        uploads: true,
        idle: IDLE,
    };
    let recorder = Recorder::joined()
        .by_turns()
        .with_layout(course_layout)
        .with_sides(&["client", "server"]);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;

    let outcome = thread::scope(|scope| {
        let client = recorder.calling("client", Call::Connect, || {
            TcpStream::connect(listener.local_addr()?)
        })?;
        let (accepted, _) = recorder.calling("server", Call::Accept, || listener.accept())?;
        recorder.turn();
        // A digest is a small write after another write: Nagle's algorithm would hold it back for up to 40 ms.
        client.set_nodelay(true)?;
        accepted.set_nodelay(true)?;
        let tap = recorder.stream("server", accepted);
        let served = scope.spawn(|| {
            let result = server.serve(tap, &mut |_, _| {});
            recorder.call("server", Call::Close);
            result
        });
        let tap = recorder.stream("client", &client);
        let asked = client_side(&recorder, tap, downloads.path());
        // The server has seen the end of the stream and closed before the drawing is made.
        let closed = recorder.calling("client", Call::ShutdownWrite, || {
            client.shutdown(Shutdown::Write)
        });
        let served = served
            .join()
            .map_err(|_| io::Error::other("the server's thread panicked"))?;
        asked.and(closed).and(served)
    });
    outcome?;

    let recording = recorder.recording();
    let title = "A folder with three files, shared over TCP. Every message: 4 bytes length, a JSON header, the body.";
    Ok((format!("{title}\n\n{}", recording.text()), recording))
}

/// The client's part, one request after the other on one connection.
fn client_side(recorder: &Recorder, stream: Tap<&TcpStream>, downloads: &Path) -> io::Result<()> {
    let folder = Folder::open(downloads)?;
    let mut client = FileClient(JsonStream::course(stream, IDLE));
    let note = |text: String| {
        recorder.note("client", text);
        recorder.turn();
    };

    let mut files = 0;
    wanted(client.list(&mut |_, _| {
        files += 1;
        Ok(())
    }))?;
    note(format!("{files} files over there"));

    for (name, _) in FILES {
        let mut incoming = folder.receive(&FileName::parse(name)?)?;
        let transfer = wanted(client.get(name, &mut incoming, &mut |_, _| {}))?;
        incoming.commit()?;
        note(format!("saved {name}: {} bytes, md5 equal", transfer.size));
    }

    let missing = client.get("nothing.txt", &mut io::sink(), &mut |_, _| {});
    if let Err(NotDone::Refused(refusal)) = missing {
        let why = refusal.error;
        note(format!("nothing.txt: {why}; the connection goes on"));
    }

    let mut file = fs::File::open(downloads.join("hello.txt"))?;
    let size = file.metadata()?.len();
    let transfer = wanted(client.put("back.txt", &mut file, size, &mut |_, _| {}))?;
    note(format!("sent back.txt: {} bytes, md5 equal", transfer.size));
    Ok(())
}

/// In the demo every refusal but the expected one is a failure.
fn wanted<T>(answer: Result<T, NotDone>) -> io::Result<T> {
    answer.map_err(|error| match error {
        NotDone::Refused(refusal) => io::Error::other(refusal.error),
        NotDone::Connection(error) => error,
    })
}

/// Where the system has temporary files. tempfile's own error has the number in it that the system gave.
fn temporary_folder() -> io::Result<TempDir> {
    tempfile::tempdir().map_err(|error| {
        let (dir, why) = (env::temp_dir(), cli::why(&error.kind().into()));
        let dir = cli::escaped_line(dir.as_os_str().as_encoded_bytes());
        io::Error::other(format!(
            "no folder can be made in {dir}: {why}; TMPDIR names another"
        ))
    })
}
