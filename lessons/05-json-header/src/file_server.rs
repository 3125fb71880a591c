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

use crate::copy::{CopyError, copy_hashed};
use crate::json_header::encode;
use crate::json_stream::JsonStream;
use crate::promises::{FileName, Folder, copy_hashed_beside};
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

/// What came of a request: done, with what to say about it, or refused.
type Answered = Result<String, Refusal>;

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
                Ok(request) => (request.op.to_string(), self.answer(&mut stream, &request)?),
                Err(refusal) => ("a header".to_owned(), Err(refusal)),
            };
            match answered {
                Ok(done) => told(&what, &done),
                Err(refusal) => {
                    told(&what, &format!("refused: {}", refusal.error));
                    stream.refuse(refusal)?;
                }
            }
        }
        Ok(())
    }
    // ANCHOR_END: loop

    // ANCHOR: answer
    fn answer<S: Read + Write + Timeouts>(
        &self,
        stream: &mut JsonStream<S>,
        request: &Request,
    ) -> io::Result<Answered> {
        match &request.op {
            // The only one that wants a body. The others skip what follows them.
            Op::Put { name } => self.put(stream, name, request),
            Op::Get { name } => {
                stream.skip(request.size)?;
                self.get(stream, name)
            }
            Op::List => {
                stream.skip(request.size)?;
                self.list(stream)
            }
            Op::Run { .. } => {
                let error = "unknown op: this server has files, commands are next door";
                Ok(Err(request.refusal(error)))
            }
        }
    }
    // ANCHOR_END: answer

    // ANCHOR: get
    fn get<S>(&self, stream: &mut JsonStream<S>, name: &str) -> io::Result<Answered>
    where
        S: Read + Write + Timeouts,
    {
        // A name that cannot be a file's gets the answer of a file that is not there: nobody learns what is outside.
        let Ok(file_name) = FileName::parse(name) else {
            return Ok(Err(Refusal::in_sync("no such file")));
        };
        let (mut file, size) = match self.folder.serve(&file_name) {
            Ok(found) => found,
            Err(error) => return Ok(Err(Refusal::in_sync(reason(&error)))),
        };
        let header = [
            ("ok", true.into()),
            ("name", name.into()),
            ("size", size.into()),
        ];
        stream.send(&header, &[])?;
        let raw = stream.raw();
        let digest = copy_hashed(
            |block| file.read(block),
            |block| raw.write_raw(block),
            size,
            |_| {},
        )?;
        raw.write_raw(&digest)?;
        Ok(Ok(format!("{size} bytes")))
    }
    // ANCHOR_END: get

    fn put<S>(
        &self,
        stream: &mut JsonStream<S>,
        name: &str,
        request: &Request,
    ) -> io::Result<Answered>
    where
        S: Read + Write + Timeouts,
    {
        if !self.uploads {
            return Ok(Err(
                request.refusal("uploads are off (the server wants --upload for them)")
            ));
        }
        let file = FileName::parse(name).and_then(|name| self.folder.receive(&name));
        let mut file = match file {
            Ok(file) => file,
            Err(error) => return Ok(Err(request.refusal(reason(&error)))),
        };
        let (raw, size) = (stream.raw(), request.size);
        let copied = copy_hashed_beside(
            |block| raw.read_raw(block),
            |block| file.write_all(block),
            size,
            |_| {},
        );
        let digest = match copied {
            Ok(digest) => digest,
            // The disk is full, or the like. The peer is innocent and still sending.
            Err(CopyError::Write { error, taken }) => {
                return Ok(Err(Refusal::of_put(reason(&error), size, taken)));
            }
            Err(error) => return Err(error.into()),
        };
        let mut sent = [0; DIGEST];
        raw.read_raw_exact(&mut sent)?;
        if sent != digest {
            return Ok(Err(Refusal::in_sync("digest differs")));
        }
        if let Err(error) = file.commit() {
            return Ok(Err(Refusal::in_sync(reason(&error))));
        }
        stream.send(&[("ok", true.into()), ("md5", hex(&digest).into())], &[])?;
        Ok(Ok(format!("{size} bytes stored")))
    }

    fn list<S: Read + Write + Timeouts>(&self, stream: &mut JsonStream<S>) -> io::Result<Answered> {
        let files = match self.folder.list() {
            Ok(files) => files,
            Err(error) => return Ok(Err(Refusal::in_sync(reason(&error)))),
        };
        let mut body = Vec::new();
        for (name, size) in &files {
            body.extend(encode(&[
                ("name", name.as_str().into()),
                ("size", (*size).into()),
            ]));
            body.push(b'\n');
        }
        stream.send(&[("ok", true.into()), ("size", body.len().into())], &body)?;
        Ok(Ok(format!("{} files", files.len())))
    }
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
