//! The client's side of the course wire.
//!
//! Each method has two ways to fail, and the difference matters to whoever asks for several files: `Ok(Err(why))` is a
//! refusal that left the connection in sync, the next request may follow; `Err(..)` means the connection is over.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use common::Timeouts;
use lesson04::FixedHeader;

use crate::copy::copy_hashed;
use crate::file_server::hex;
use crate::json_header::Header;
use crate::json_stream::{JsonStream, broken, refusal};
use crate::promises::copy_hashed_beside;
use crate::request::DIGEST;

/// A line of a `list` answer is one JSON object with a name of at most 255 bytes; escaped it may grow sixfold.
const LINE_LIMIT: usize = 4096;

/// What came of one transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Bytes of body.
    pub size: u64,
    /// Their digest, as hex; both ends agree on it.
    pub md5: String,
}

/// One connection to a file server.
pub struct FileClient<S> {
    stream: JsonStream<S>,
}

impl<S: Read + Write + Timeouts> FileClient<S> {
    /// Speaks over `stream`; `idle` is how long an answer may take to begin.
    pub fn new(stream: S, idle: Duration) -> Self {
        Self {
            stream: JsonStream::new(FixedHeader::course(), stream, idle),
        }
    }

    /// Asks for `name` and writes its bytes to `sink`. `progress` hears bytes done and bytes in all.
    ///
    /// The bytes are only good when this returns `Ok(Ok(..))`: until the digest has been compared they may be anything.
    ///
    /// # Errors
    /// See the top of this file. A failing `sink` ends the connection: the rest of the body is on its way.
    pub fn get(
        &mut self,
        name: &str,
        sink: &mut dyn Write,
        progress: &mut dyn FnMut(u64, u64),
    ) -> io::Result<Result<Transfer, String>> {
        let answer = match self
            .stream
            .ask(&[("op", "get".into()), ("name", name.into())])?
        {
            Ok(answer) => answer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // The name decides where the bytes are stored, so it has to be ours, not whatever the server likes.
        if answer.text("name") != Ok(name) {
            let other = answer.text("name").unwrap_or_default();
            return Err(broken(format!(
                "the answer is for {other:?}, not for {name:?}"
            )));
        }
        let size = answer.size("size").map_err(broken)?;
        let raw = self.stream.raw();
        let progress = |done| progress(done, size);
        let digest = copy_hashed_beside(
            |block| raw.read_raw(block),
            |block| sink.write_all(block),
            size,
            progress,
        )?;
        let mut sent = [0; DIGEST];
        raw.read_raw_exact(&mut sent)?;
        let (sent, md5) = (hex(&sent), hex(&digest));
        if sent != md5 {
            return Ok(Err(format!("digest differs: {sent} was sent, {md5} came")));
        }
        Ok(Ok(Transfer { size, md5 }))
    }

    /// Sends `size` bytes of `file` to be stored as `name`.
    ///
    /// # Errors
    /// See the top of this file. A server that refuses a large body says so and closes while we are still sending: then
    /// its refusal is what is returned.
    pub fn put(
        &mut self,
        name: &str,
        file: &mut File,
        size: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> io::Result<Result<Transfer, String>> {
        let answer = match self.send_file(name, file, size, progress) {
            Ok(md5) => self.stream.answer().map(|answer| (answer, md5)),
            // The peer stopped reading. If it said why before it closed, that is the better error.
            Err(error) if peer_closed(&error) => match self.stream.answer() {
                Ok(answer) if !answer.is_true("ok") => Err(io::Error::new(
                    ErrorKind::PermissionDenied,
                    refusal(&answer),
                )),
                _ => Err(error),
            },
            Err(error) => Err(error),
        };
        let (answer, md5) = answer?;
        if !answer.is_true("ok") {
            return Ok(Err(refusal(&answer)));
        }
        match answer.text("md5").map_err(broken)? {
            theirs if theirs == md5 => Ok(Ok(Transfer { size, md5 })),
            theirs => Ok(Err(format!(
                "digest differs: {md5} was sent, the server has {theirs}"
            ))),
        }
    }

    /// The header, the body, and after it the digest that was computed on the way.
    fn send_file(
        &mut self,
        name: &str,
        file: &mut File,
        size: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> io::Result<String> {
        let header = [
            ("op", "put".into()),
            ("name", name.into()),
            ("size", size.into()),
        ];
        self.stream.send(&header, &[])?;
        let raw = self.stream.raw();
        let progress = |done| progress(done, size);
        let digest = copy_hashed(
            |block| file.read(block),
            |block| raw.write_raw(block),
            size,
            progress,
        )?;
        raw.write_raw(&digest)?;
        Ok(hex(&digest))
    }

    /// Gives the name and size of each file to `each`, in the server's order.
    ///
    /// # Errors
    /// See the top of this file.
    pub fn list(
        &mut self,
        each: &mut dyn FnMut(&str, u64) -> io::Result<()>,
    ) -> io::Result<Result<(), String>> {
        let answer = match self.stream.ask(&[("op", "list".into())])? {
            Ok(answer) => answer,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let size = answer.size("size").map_err(broken)?;
        let mut line = Vec::new();
        self.stream.body(size, |piece| {
            for &byte in piece {
                if byte == b'\n' {
                    let entry = Header::parse(&line).map_err(broken)?;
                    each(
                        entry.text("name").map_err(broken)?,
                        entry.size("size").map_err(broken)?,
                    )?;
                    line.clear();
                } else if line.len() < LINE_LIMIT {
                    line.push(byte);
                } else {
                    let limit =
                        format!("a line of the list is over the limit of {LINE_LIMIT} bytes");
                    return Err(broken(limit));
                }
            }
            Ok(())
        })?;
        if line.is_empty() {
            Ok(Ok(()))
        } else {
            Err(broken("the list ends inside a line"))
        }
    }
}

/// Whether a failed write means that the other end has closed.
fn peer_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted
    )
}
