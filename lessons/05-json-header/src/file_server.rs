//! The server's side of the course wire: requests in, files out and in. One connection, start to end.
//!
//! It is generic over the stream, knows no listener and no thread: lesson 06 puts the very same handler on a
//! threading server. What it promises beyond the plain story:
//!
//! * A refusal is an answer, not an end, as long as both ends still know where the next header begins.
//! * A refused `put` is answered at once. Its body is on the way all the same (`request.rs` says how much is read).
//! * A file that shrinks while it is sent ends the connection inside the body. The size was promised; there is no
//!   honest way to say "sorry" in the middle of a file.

use std::io;
use std::time::Duration;

use crate::copy::CopyError;
use crate::json_stream::{JsonStream, NotDone, Stream, Told, reason};
use crate::promises::{FileName, Folder, send_list};
use crate::request::{DIGEST, Op, Refusal, Request};

/// A folder, shared.
#[derive(Debug)]
pub struct FileServer {
    /// What is shared.
    pub folder: Folder,
    /// Whether `put` is welcome.
    pub uploads: bool,
    /// Silence allowed between two requests.
    pub idle: Duration,
}

/// What to say in the log about a request that was answered.
type Answered = Result<String, NotDone>;

impl FileServer {
    /// Serves one connection until its end. `told` hears of each request.
    ///
    /// # Errors
    /// As [`JsonStream::serve`].
    pub fn serve<S: Stream>(&self, stream: S, told: Told<'_>) -> io::Result<()> {
        let stream = JsonStream::course(stream, self.idle);
        stream.serve(told, |stream, request| self.answer(stream, request))
    }

    // ANCHOR: answer
    fn answer<S: Stream>(&self, stream: &mut JsonStream<S>, request: Request) -> Answered {
        if let Op::Put(name) = &request.op {
            return self.put(stream, name, request.size); // the only one that wants a body
        }
        stream.skip(request.size)?;
        match &request.op {
            Op::Get(name) => self.get(stream, name),
            Op::List => send_list(&self.folder, stream),
            _ => Err(NotDone::refused(
                "unknown op: this server has files, commands are next door",
            )),
        }
    }
    // ANCHOR_END: answer

    // ANCHOR: get
    fn get<S: Stream>(&self, stream: &mut JsonStream<S>, name: &str) -> Answered {
        // A name that cannot be a file's gets the same answer as a file that is not there.
        let file_name = FileName::parse(name).map_err(|_| NotDone::refused("no such file"))?;
        let (mut file, size) = self.folder.serve(&file_name).map_err(refused)?;
        stream.send_ok(&[("name", name.into()), ("size", size.into())], &[])?;
        let digest = stream.send_body(&mut file, size, |_| {})?;
        stream.raw().write_raw(&digest)?;
        Ok(format!("{size} bytes"))
    }
    // ANCHOR_END: get

    fn put<S: Stream>(&self, stream: &mut JsonStream<S>, name: &str, size: u64) -> Answered {
        // Until the whole body has come, a refusal has to know how much of it was taken.
        let refusal = |error: &str, taken| Refusal::of_put(error, size, taken);
        if !self.uploads {
            return Err(refusal("uploads are off (the server wants --upload for them)", 0).into());
        }
        let file = FileName::parse(name).and_then(|name| self.folder.receive(&name));
        let mut file = file.map_err(|why| refusal(&reason(&why), 0))?;
        let copied = stream.receive_body(&mut file, size, |_| {});
        let digest = copied.map_err(|error| match error {
            // The disk is full, or the like. The peer is innocent and still sending.
            CopyError::Write { error, taken } => refusal(&reason(&error), taken).into(),
            CopyError::Read { error, .. } => NotDone::from(error),
        })?;
        let mut sent = [0; DIGEST];
        stream.raw().read_raw_exact(&mut sent)?;
        if sent != digest {
            return Err(NotDone::refused("digest differs"));
        }
        file.commit().map_err(refused)?;
        stream.send_ok(&[("md5", hex(&digest).into())], &[])?;
        Ok(format!("{size} bytes stored"))
    }
}

/// The system refused, and nothing is left to read.
fn refused(error: io::Error) -> NotDone {
    NotDone::refused(reason(&error))
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
