//! The server's side of the course wire: requests in, files out and in. One connection, start to end.
//!
//! It is generic over the stream, knows no listener and no thread: lesson 06 puts the very same handler on a
//! threading server. What it promises beyond the plain story:
//!
//! * A refusal is an answer, not an end, as long as both ends still know where the next header begins.
//! * A refused `put` is answered at once. Its body is on the way all the same (`request.rs` says how much is read).
//! * A file that shrinks while it is sent ends the connection inside the body. The size was promised; there is no
//!   honest way to say "sorry" in the middle of a file.

use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use common::Timeouts;
use lesson04::FixedHeader;

use crate::copy::CopyError;
use crate::json_header::encode;
use crate::json_stream::JsonStream;
use crate::promises::{FileName, Folder};
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

/// Hears what was asked and what came of it, for a log. Both may quote the peer: escape them.
pub type Told<'a> = &'a mut dyn FnMut(&str, &str);

/// What came of a request that was not done.
enum NotDone {
    /// It is answered with a refusal; the connection goes on if it can.
    Refused(Refusal),
    /// The connection is over.
    Ended(io::Error),
}

impl From<Refusal> for NotDone {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<io::Error> for NotDone {
    fn from(error: io::Error) -> Self {
        Self::Ended(error)
    }
}

impl FileServer {
    /// Serves one connection until its end. `told` hears of each request.
    ///
    /// # Errors
    /// The stream failed, or the peer broke the protocol so that nobody knows where its next header begins.
    // ANCHOR: loop
    pub fn serve<S: Read + Write + Timeouts>(&self, stream: S, told: Told<'_>) -> io::Result<()> {
        let mut stream = JsonStream::new(FixedHeader::course(), stream, self.idle);
        while let Some(header) = stream.request()? {
            let (what, answered) = match Request::parse(header) {
                Ok(request) => (request.op.to_string(), self.answer(&mut stream, &request)),
                Err(refusal) => ("a header".to_owned(), Err(refusal.into())),
            };
            match answered {
                Ok(done) => told(&what, &done),
                Err(NotDone::Ended(error)) => return Err(error),
                Err(NotDone::Refused(refusal)) => {
                    told(&what, &format!("refused: {}", refusal.error));
                    stream.refuse(refusal)?;
                }
            }
        }
        Ok(())
    }
    // ANCHOR_END: loop

    // ANCHOR: answer
    /// Answers one request; what to say about it.
    fn answer<S>(&self, stream: &mut JsonStream<S>, request: &Request) -> Result<String, NotDone>
    where
        S: Read + Write + Timeouts,
    {
        if let Op::Put { name } = &request.op {
            return self.put(stream, name, request); // the only one that wants a body
        }
        stream.skip(request.size)?;
        match &request.op {
            Op::Get { name } => self.get(stream, name),
            Op::List => self.list(stream),
            _ => Err(refused(
                "unknown op: this server has files, commands are next door",
            )),
        }
    }
    // ANCHOR_END: answer

    // ANCHOR: get
    fn get<S>(&self, stream: &mut JsonStream<S>, name: &str) -> Result<String, NotDone>
    where
        S: Read + Write + Timeouts,
    {
        // A name that cannot be a file's gets the answer of a file that is not there: nobody learns what is outside.
        let file_name = FileName::parse(name).map_err(|_| refused("no such file"))?;
        let (mut file, size) = self
            .folder
            .serve(&file_name)
            .map_err(|why| refused(reason(&why)))?;
        let ok = [
            ("ok", true.into()),
            ("name", name.into()),
            ("size", size.into()),
        ];
        stream.send(&ok, &[])?;
        let digest = stream
            .send_body(&mut file, size, |_| {})
            .map_err(io::Error::from)?;
        stream.raw().write_raw(&digest)?;
        Ok(format!("{size} bytes"))
    }
    // ANCHOR_END: get

    fn put<S>(
        &self,
        stream: &mut JsonStream<S>,
        name: &str,
        request: &Request,
    ) -> Result<String, NotDone>
    where
        S: Read + Write + Timeouts,
    {
        if !self.uploads {
            return Err(request
                .refusal("uploads are off (the server wants --upload for them)")
                .into());
        }
        let size = request.size;
        let file = FileName::parse(name).and_then(|name| self.folder.receive(&name));
        let mut file = file.map_err(|why| request.refusal(reason(&why)))?;
        let copied = stream.receive_body(&mut file, size, |_| {});
        let digest = copied.map_err(|error| match error {
            // The disk is full, or the like. The peer is innocent and still sending.
            CopyError::Write { error, taken } => {
                Refusal::of_put(reason(&error), size, taken).into()
            }
            CopyError::Read { error, .. } => NotDone::from(error),
        })?;
        let mut sent = [0; DIGEST];
        stream.raw().read_raw_exact(&mut sent)?;
        if sent != digest {
            return Err(refused("digest differs"));
        }
        file.commit().map_err(|why| refused(reason(&why)))?;
        stream.send(&[("ok", true.into()), ("md5", hex(&digest).into())], &[])?;
        Ok(format!("{size} bytes stored"))
    }

    fn list<S>(&self, stream: &mut JsonStream<S>) -> Result<String, NotDone>
    where
        S: Read + Write + Timeouts,
    {
        let files = self.folder.list().map_err(|why| refused(reason(&why)))?;
        let mut body = Vec::new();
        for (name, size) in &files {
            let name = name.as_str().into();
            body.extend(encode(&[("name", name), ("size", (*size).into())]));
            body.push(b'\n');
        }
        stream.send(&[("ok", true.into()), ("size", body.len().into())], &body)?;
        Ok(format!("{} files", files.len()))
    }
}

/// A refusal after which nothing is left to read.
fn refused(why: impl Into<String>) -> NotDone {
    Refusal::in_sync(why).into()
}

/// Why the system refused, for the one who asked: no path, no number.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        _ if error.get_ref().is_some() => error.to_string(), // a sentence of our own
        ErrorKind::StorageFull => "the disk is full".to_owned(),
        kind => kind.to_string(),
    }
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
