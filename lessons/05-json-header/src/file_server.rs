//! The server's side of the course wire: requests in, files out and in. One connection, start to end.
//!
//! It is generic over the stream, knows no listener and no thread: lesson 06 puts the very same handler on a
//! threading server. What it promises beyond the plain story:
//!
//! * A refusal is an answer, not an end, as long as both ends still know where the next header begins.
//! * A refused `put` is answered at once. Its body is on the way all the same; up to 8 MiB of it is read and thrown
//!   away, so that the connection can go on. Above that we end it: reading a gigabyte to forget it helps nobody.
//! * A file that shrinks while it is sent ends the connection inside the body. The size was promised; there is no
//!   honest way to say "sorry" in the middle of a file.

use std::fs::File;
use std::io::{self, Read, Write};
use std::time::Duration;

use common::{Wire, plain_line, why};
use lesson04::Timeouts;

use crate::copy::{CopyError, copy_hashed};
use crate::file_name::FileName;
use crate::folder::Folder;
use crate::hash_beside::copy_hashed_beside;
use crate::json_header::encode;
use crate::json_stream::{JsonStream, broken};
use crate::request::{DIGEST, Op, Refusal, Request, behind_put};

/// The body of a refused request that is still worth reading to stay in step.
const WORTH_SKIPPING: u64 = 8 * 1024 * 1024;

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

impl FileServer {
    /// Serves one connection until its end. `log` gets one line for each request.
    ///
    /// # Errors
    /// The stream failed, or the peer broke the protocol so that nobody knows where its next header begins.
    pub fn serve<S: Read + Write + Timeouts>(
        &self,
        stream: S,
        log: &mut dyn FnMut(String),
    ) -> io::Result<()> {
        let mut connection = Connection {
            stream: JsonStream::new(Wire::Course, stream, self.idle),
            log,
        };
        // ANCHOR: loop
        while let Some(bytes) = connection.stream.request()? {
            match Request::parse(bytes) {
                Ok(request) => self.answer(&mut connection, request)?,
                Err(refusal) => connection.refuse("a header", refusal)?,
            }
        }
        // ANCHOR_END: loop
        Ok(())
    }

    // ANCHOR: answer
    fn answer<S>(&self, connection: &mut Connection<'_, S>, request: Request) -> io::Result<()>
    where
        S: Read + Write + Timeouts,
    {
        let Request { op, size } = request;
        match op {
            // The only one that wants a body. The others skip what stands behind them.
            Op::Put { name } => self.put(connection, &name, size),
            Op::Get { name } => {
                connection.stream.skip(size)?;
                self.get(connection, &name)
            }
            Op::List => {
                connection.stream.skip(size)?;
                self.list(connection)
            }
            Op::Run { .. } => {
                let error = "unknown op: this server has files, commands are next door";
                connection.refuse("run", Refusal::in_step(error, size))
            }
        }
    }
    // ANCHOR_END: answer

    // ANCHOR: get
    fn get<S>(&self, connection: &mut Connection<'_, S>, name: &str) -> io::Result<()>
    where
        S: Read + Write + Timeouts,
    {
        let what = format!("get {name}");
        let (mut file, size) = match self.find(name) {
            Ok(found) => found,
            Err(error) => return connection.refuse(&what, Refusal::in_step(why(&error), 0)),
        };
        let stream = &mut connection.stream;
        stream.send(
            &[
                ("ok", true.into()),
                ("name", name.into()),
                ("size", size.into()),
            ],
            &[],
        )?;
        let raw = stream.raw();
        let read = |block: &mut [u8]| file.read(block);
        let digest = copy_hashed(read, |block| raw.write_raw(block), size, |_| {})
            .map_err(|error| ended_inside(name, error))?;
        raw.write_raw(&digest)?;
        connection.said(&what, &format!("{size} bytes"));
        Ok(())
    }
    // ANCHOR_END: get

    /// A name that cannot be a file's name gets the same answer as a file that is not there: whoever asks for `../x`
    /// learns nothing about what is outside.
    fn find(&self, name: &str) -> io::Result<(File, u64)> {
        match FileName::parse(name) {
            Ok(name) => self.folder.serve(&name),
            Err(_) => Err(io::Error::new(io::ErrorKind::NotFound, "no such file")),
        }
    }

    fn put<S: Read + Write + Timeouts>(
        &self,
        connection: &mut Connection<'_, S>,
        name: &str,
        size: u64,
    ) -> io::Result<()> {
        let what = format!("put {name}");
        let behind = behind_put(size);
        if !self.uploads {
            let error = "uploads are off (the server wants --upload for them)".to_owned();
            return connection.refuse_put(&what, error, size, behind);
        }
        let mut incoming =
            match FileName::parse(name).and_then(|file_name| self.folder.receive(&file_name)) {
                Ok(incoming) => incoming,
                Err(error) => return connection.refuse_put(&what, why(&error), size, behind),
            };
        let stream = connection.stream.raw();
        let received = copy_hashed_beside(
            |block| stream.read_raw(block),
            |block| incoming.write_all(block),
            size,
            |_| {},
        );
        let digest = match received {
            Ok(digest) => digest,
            // The disk is full, or the like. The peer is innocent and still sending.
            Err(CopyError::Write { error, taken }) => {
                drop(incoming);
                return connection.refuse_put(&what, why(&error), size, behind - taken);
            }
            Err(error) => return Err(error.into()),
        };
        let mut sent = [0; DIGEST];
        connection.stream.raw().read_raw_exact(&mut sent)?;
        if sent != digest {
            return connection.refuse(&what, Refusal::in_step("digest differs", 0));
        }
        if let Err(error) = incoming.commit() {
            return connection.refuse(&what, Refusal::in_step(why(&error), 0));
        }
        connection
            .stream
            .send(&[("ok", true.into()), ("md5", hex(&digest).into())], &[])?;
        connection.said(&what, &format!("{size} bytes stored"));
        Ok(())
    }

    fn list<S: Read + Write + Timeouts>(
        &self,
        connection: &mut Connection<'_, S>,
    ) -> io::Result<()> {
        let files = match self.folder.list() {
            Ok(files) => files,
            Err(error) => return connection.refuse("list", Refusal::in_step(why(&error), 0)),
        };
        let mut body = Vec::new();
        for (name, size) in &files {
            body.extend(encode(&[
                ("name", name.as_str().into()),
                ("size", (*size).into()),
            ]));
            body.push(b'\n');
        }
        connection
            .stream
            .send(&[("ok", true.into()), ("size", body.len().into())], &body)?;
        connection.said("list", &format!("{} files", files.len()));
        Ok(())
    }
}

/// One client, and what to tell about it.
struct Connection<'a, S> {
    stream: JsonStream<S>,
    log: &'a mut dyn FnMut(String),
}

impl<S: Read + Write + Timeouts> Connection<'_, S> {
    /// One log line. Names and errors come from the peer: they are made harmless here, once.
    fn said(&mut self, what: &str, result: &str) {
        (self.log)(plain_line(format!("{what}: {result}").as_bytes()));
    }

    fn refuse(&mut self, what: &str, refusal: Refusal) -> io::Result<()> {
        // A refusal that ends the connection is told by whoever closes it.
        if refusal.behind.is_some() {
            self.said(what, &format!("refused: {}", refusal.error));
        }
        self.stream.refuse(refusal)
    }

    /// Refuses a `put` of `size` bytes, of which `behind` (its digest among them) are still to come.
    fn refuse_put(&mut self, what: &str, error: String, size: u64, behind: u64) -> io::Result<()> {
        self.refuse(what, Refusal::in_step(error, 0))?;
        if size > WORTH_SKIPPING {
            return Err(broken(format!(
                "a refused body of {size} bytes is over the limit of {WORTH_SKIPPING}"
            )));
        }
        self.stream.skip(behind)
    }
}

/// Sending stopped inside a body: say of which file.
fn ended_inside(name: &str, error: CopyError) -> io::Error {
    let error = io::Error::from(error);
    io::Error::new(
        error.kind(),
        format!("{}: {}", plain_line(name.as_bytes()), why(&error)),
    )
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
