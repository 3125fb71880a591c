//! Both ends of the python wire's file download, byte for byte as the tutorials speak it.
//!
//! ```text
//!  client                                  server
//!  hello.txt                 ---->         (unframed: the name is whatever one read gives, up to 1,024 bytes)
//!                            <----         3a 00 00 00             4 bytes, little-endian, signed
//!                            <----         {"lenth": 59, "md5": "...", "size(MB)": 0.0}
//!                            <----         59 bytes
//! ```
//!
//! `lenth` is how the tutorial spells it, so it is how this wire spells it. A missing file is the header `{}` and
//! nothing more. The digest stands in the header, before the body: the server has to read every file twice.
//!
//! The flaw kept here: a name has no length. Two names sent in a hurry are one name that does not exist.

use std::io::{self, Read, Seek, Write};
use std::time::Duration;

use common::Timeouts;
use lesson04::{FixedHeader, UNFRAMED_LIMIT};
use serde_json::json;

use crate::copy::copy_hashed;
use crate::file_client::Transfer;
use crate::file_server::{FileServer, Told, hex, reason};
use crate::json_stream::{AskError, JsonStream, broken};
use crate::promises::FileName;

/// Serves one connection of the python wire until its end.
///
/// # Errors
/// The stream failed, or a file changed its length while it was sent.
pub fn serve_python<S: Read + Write + Timeouts>(
    server: &FileServer,
    stream: S,
    told: Told<'_>,
) -> io::Result<()> {
    let mut stream = JsonStream::new(FixedHeader::python(), stream, server.idle);
    let mut name = [0; UNFRAMED_LIMIT];
    loop {
        let count = stream.raw().read_unframed(&mut name)?;
        if count == 0 {
            return Ok(());
        }
        let name = name.get(..count).unwrap_or_default();
        let result = send_file(server, &mut stream, name)?;
        told(&format!("get {}", String::from_utf8_lossy(name)), &result);
    }
}

/// Answers one name; returns what to log.
fn send_file<S: Read + Write + Timeouts>(
    server: &FileServer,
    stream: &mut JsonStream<S>,
    name: &[u8],
) -> io::Result<String> {
    let found = FileName::parse(name).and_then(|name| server.folder.serve(&name));
    let Ok((mut file, size)) = found else {
        stream.send(&[], &[])?;
        return Ok("no such file".to_owned());
    };
    let digest = match hash_first(&mut file, size) {
        Ok(digest) => digest,
        Err(error) => {
            stream.send(&[], &[])?;
            return Ok(reason(&error));
        }
    };
    let header = [
        ("lenth", size.into()),
        ("md5", digest.into()),
        ("size(MB)", json!(mebibytes(size))),
    ];
    stream.send(&header, &[])?;
    stream.send_body(&mut file, size, |_| {})?;
    Ok(format!("{size} bytes"))
}

/// The first of the two times this wire reads a file.
fn hash_first(file: &mut (impl Read + Seek), size: u64) -> io::Result<String> {
    let digest = copy_hashed(|block| file.read(block), |_| Ok(()), size, |_| {})?;
    file.rewind()?;
    Ok(hex(&digest))
}

/// MiB with two places. A float even for an empty file: Python's `round(x, 2)` gives `0.0`, and a peer that looks at
/// the type would notice `0`.
fn mebibytes(size: u64) -> f64 {
    // A file of over 2^53 bytes would lose its last digits here, and nobody would see it in two places.
    #[expect(clippy::cast_precision_loss, reason = "shown with two places")]
    let mebibytes = size as f64 / (1024.0 * 1024.0);
    format!("{mebibytes:.2}").parse().unwrap_or(mebibytes)
}

/// A client of the python wire.
pub struct PythonFileClient<S> {
    stream: JsonStream<S>,
}

impl<S: Read + Write + Timeouts> PythonFileClient<S> {
    /// Speaks over `stream`; `idle` is how long an answer may take to begin.
    pub fn new(stream: S, idle: Duration) -> Self {
        Self {
            stream: JsonStream::new(FixedHeader::python(), stream, idle),
        }
    }

    /// Asks for `name` and writes its bytes to `sink`, as [`crate::FileClient::get`] does.
    ///
    /// # Errors
    /// See [`AskError`].
    pub fn get(
        &mut self,
        name: &str,
        sink: &mut dyn Write,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Transfer, AskError> {
        // In parts it would be several names to the other end; an empty one would be no name at all.
        let length = name.len();
        if !(1..=UNFRAMED_LIMIT).contains(&length) {
            let why =
                format!("a name of {length} bytes: on this wire it has 1 to {UNFRAMED_LIMIT}");
            return Err(AskError::Refused(why));
        }
        self.stream.raw().write_raw(name.as_bytes())?;
        // The tutorials' own server never leaves its send loop: after a file, a second name waits here in vain.
        let header = self.stream.answer()?;
        if header.is_empty() {
            return Err(AskError::Refused("no such file".to_owned()));
        }
        if !header.has("lenth") {
            return Err(broken("the header has no lenth").into());
        }
        let size = header.size("lenth").map_err(broken)?;
        let announced = header.text("md5").map_err(broken)?.to_owned();
        let progress = |done| progress(done, size);
        let digest = self.stream.receive_body(sink, size, progress)?;
        let md5 = hex(&digest);
        if !announced.eq_ignore_ascii_case(&md5) {
            let why = format!("digest differs: {announced} was announced, {md5} came");
            return Err(AskError::Refused(why));
        }
        Ok(Transfer { size, md5 })
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_in_mebibytes_is_a_float_with_two_places() {
        for (size, text) in [
            (0, "0.0"),
            (59, "0.0"),
            (5_243, "0.01"),
            (1_048_576, "1.0"),
            (1_234_567_890, "1177.38"),
        ] {
            assert_eq!(json!(mebibytes(size)).to_string(), text);
        }
    }
}
