//! The client's side of the course wire.
//!
//! Each method has two ways to fail, and the difference matters to whoever asks for several files: `Ok(Err(why))` is a
//! refusal that left the connection in step, the next request may follow; `Err(..)` means the connection is over.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use common::Wire;
use lesson04::Timeouts;

use crate::copy::copy_hashed;
use crate::file_server::hex;
use crate::hash_beside::copy_hashed_beside;
use crate::json_header::{HEADER_LIMIT, Header, encode};
use crate::json_stream::{JsonStream, broken, reason};
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
            stream: JsonStream::new(Wire::Course, stream, idle),
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
        let request = [("op", "get".into()), ("name", name.into())];
        let length = encode(&request).len();
        if length > HEADER_LIMIT {
            return Ok(Err(format!(
                "header of {length} bytes is over the limit of {HEADER_LIMIT}"
            )));
        }
        self.stream.send(&request, &[])?;
        let answer = self.stream.answer()?;
        if !answer.is_true("ok") {
            return Ok(Err(reason(&answer)));
        }
        // The name decides where the bytes are stored, so it has to be ours, not whatever the server likes.
        if answer.text("name") != Ok(name) {
            return Err(broken(format!(
                "the answer is for {:?}, not for {name:?}",
                answer.text("name").unwrap_or("")
            )));
        }
        let size = answer.size("size").map_err(broken)?;
        let stream = self.stream.raw();
        let digest = copy_hashed_beside(
            |block| stream.read_raw(block),
            |block| sink.write_all(block),
            size,
            |done| progress(done, size),
        )?;
        let mut sent = [0; DIGEST];
        self.stream.raw().read_raw_exact(&mut sent)?;
        if sent != digest {
            return Ok(Err(format!(
                "digest differs: {} was sent, {} came",
                hex(&sent),
                hex(&digest)
            )));
        }
        Ok(Ok(Transfer {
            size,
            md5: hex(&digest),
        }))
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
        let header = [
            ("op", "put".into()),
            ("name", name.into()),
            ("size", size.into()),
        ];
        let stream = &mut self.stream;
        let sent = stream.send(&header, &[]).and_then(|()| {
            let raw = stream.raw();
            let digest = copy_hashed(
                |block| file.read(block),
                |block| raw.write_raw(block),
                size,
                |done| progress(done, size),
            )?;
            stream.raw().write_raw(&digest)?;
            Ok(digest)
        });
        let digest = match sent {
            Ok(digest) => digest,
            // The peer stopped reading. If it said why before it closed, that is the better error.
            Err(error) if peer_closed(&error) => {
                return match self.stream.answer() {
                    Ok(answer) if !answer.is_true("ok") => {
                        Err(io::Error::new(ErrorKind::PermissionDenied, reason(&answer)))
                    }
                    _ => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        let answer = self.stream.answer()?;
        if !answer.is_true("ok") {
            return Ok(Err(reason(&answer)));
        }
        let ours = hex(&digest);
        match answer.text("md5") {
            Ok(theirs) if theirs == ours => Ok(Ok(Transfer { size, md5: ours })),
            Ok(theirs) => Ok(Err(format!(
                "digest differs: {ours} was sent, the server has {theirs}"
            ))),
            Err(error) => Err(broken(error)),
        }
    }

    /// Gives the name and size of each file to `each`, in the server's order.
    ///
    /// # Errors
    /// See the top of this file.
    pub fn list(
        &mut self,
        each: &mut dyn FnMut(&str, u64) -> io::Result<()>,
    ) -> io::Result<Result<(), String>> {
        self.stream.send(&[("op", "list".into())], &[])?;
        let answer = self.stream.answer()?;
        if !answer.is_true("ok") {
            return Ok(Err(reason(&answer)));
        }
        let size = answer.size("size").map_err(broken)?;
        let mut line = Vec::new();
        self.stream.body(size, |piece| {
            for &byte in piece {
                if byte != b'\n' {
                    line.push(byte);
                    if line.len() > LINE_LIMIT {
                        return Err(broken(format!(
                            "a line of the list is over the limit of {LINE_LIMIT} bytes"
                        )));
                    }
                    continue;
                }
                let entry = Header::parse(&line).map_err(broken)?;
                each(
                    entry.text("name").map_err(broken)?,
                    entry.size("size").map_err(broken)?,
                )?;
                line.clear();
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
