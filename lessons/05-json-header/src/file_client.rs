//! The client's side of the course wire.
//!
//! Each method has two ways to fail, see [`NotDone`].

use std::fs::File;
use std::io::{self, ErrorKind, Write};

use crate::file_server::hex;
use crate::json_header::Header;
use crate::json_stream::{JsonStream, NotDone, Stream, accepted, broken};
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

/// One connection to a file server, a [`JsonStream::course`].
pub struct FileClient<S>(pub JsonStream<S>);

impl<S: Stream> FileClient<S> {
    /// Asks for `name` and writes its bytes to `sink`. `progress` hears bytes done and bytes in all.
    ///
    /// The bytes are only good when this returns `Ok`: until the digest has been compared they may be anything.
    ///
    /// # Errors
    /// See the top of this file. A failing `sink` ends the connection: the rest of the body is on its way.
    pub fn get(
        &mut self,
        name: &str,
        sink: &mut dyn Write,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Transfer, NotDone> {
        let answer = self.0.ask("get", &[("name", name.into())])?;
        // The name decides where the bytes are stored, so it has to be ours, not whatever the server likes.
        if answer.text("name") != Ok(name) {
            let other = answer.text("name").unwrap_or_default();
            let why = format!("the answer is for {other:?}, not for {name:?}");
            return Err(broken(why).into());
        }
        let size = answer.size("size").map_err(broken)?;
        let progress = |done| progress(done, size);
        let digest = self.0.receive_body(sink, size, progress)?;
        let mut sent = [0; DIGEST];
        self.0.raw().read_raw_exact(&mut sent)?;
        let (sent, md5) = (hex(&sent), hex(&digest));
        if sent != md5 {
            let why = format!("digest differs: {sent} was sent, {md5} came");
            return Err(NotDone::refused(why));
        }
        Ok(Transfer { size, md5 })
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
    ) -> Result<Transfer, NotDone> {
        let sent = self.send_file(name, file, size, progress);
        let md5 = sent.map_err(|error| self.why_closed(error))?;
        let answer = accepted(self.0.answer()?)?;
        let theirs = answer.text("md5").map_err(broken)?;
        if theirs != md5 {
            let why = format!("digest differs: {md5} was sent, the server has {theirs}");
            return Err(NotDone::refused(why));
        }
        Ok(Transfer { size, md5 })
    }

    /// The header, the body, and after it the digest that was computed on the way.
    fn send_file(
        &mut self,
        name: &str,
        file: &mut File,
        size: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> io::Result<String> {
        let (op, size_field) = (("op", "put".into()), ("size", size.into()));
        let header = [op, ("name", name.into()), size_field];
        self.0.send(&header, &[])?;
        let progress = |done| progress(done, size);
        let digest = self.0.send_body(file, size, progress)?;
        self.0.raw().write_raw(&digest)?;
        Ok(hex(&digest))
    }

    /// The peer stopped reading. If it said why before it closed, that is the better error.
    fn why_closed(&mut self, error: io::Error) -> io::Error {
        use ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset};
        let closed = [BrokenPipe, ConnectionAborted, ConnectionReset].contains(&error.kind());
        if closed && let Ok(Err(NotDone::Refused(why))) = self.0.answer().map(accepted) {
            return io::Error::new(ErrorKind::PermissionDenied, why.error);
        }
        error
    }

    /// Gives the name and size of each file to `each`, in the server's order.
    ///
    /// # Errors
    /// See the top of this file.
    pub fn list(
        &mut self,
        each: &mut dyn FnMut(&str, u64) -> io::Result<()>,
    ) -> Result<(), NotDone> {
        let answer = self.0.ask("list", &[])?;
        let size = answer.size("size").map_err(broken)?;
        let mut line = Vec::new();
        self.0.body(size, |piece| {
            for &byte in piece {
                if byte == b'\n' {
                    let entry = Header::parse(&line).map_err(broken)?;
                    let size = entry.size("size").map_err(broken)?;
                    each(entry.text("name").map_err(broken)?, size)?;
                    line.clear();
                } else if line.len() < LINE_LIMIT {
                    line.push(byte);
                } else {
                    let why = format!("a line over the limit of {LINE_LIMIT} bytes");
                    return Err(broken(why));
                }
            }
            Ok(())
        })?;
        match line.is_empty() {
            true => Ok(()),
            false => Err(broken("the list ends inside a line").into()),
        }
    }
}
