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

use std::io::{self, Read, Seek, Write};

use serde_json::json;

use super::{ask_unframed, serve_unframed};
use crate::copy::copy_hashed;
use crate::file_client::Transfer;
use crate::file_server::{FileServer, hex};
use crate::json_stream::{JsonStream, NotDone, Stream, Told, broken, reason};
use crate::promises::FileName;

/// Serves one connection of the python wire until its end.
///
/// # Errors
/// The stream failed, or a file changed its length while it was sent.
pub fn serve_python<S: Stream>(server: &FileServer, stream: S, told: Told<'_>) -> io::Result<()> {
    serve_unframed(JsonStream::python(stream, server.idle), |stream, name| {
        let result = send_file(server, stream, name)?;
        told(&format!("get {}", String::from_utf8_lossy(name)), &result);
        Ok(())
    })
}

/// Answers one name; returns what to log.
fn send_file<S: Stream>(
    server: &FileServer,
    stream: &mut JsonStream<S>,
    name: &[u8],
) -> io::Result<String> {
    let found = FileName::parse(name).and_then(|name| server.folder.serve(&name));
    let hashed = found.and_then(|(mut file, size)| {
        let digest = copy_hashed(|block| file.read(block), |_| Ok(()), size, |_| {})?;
        file.rewind()?; // the first of the two times that this wire reads a file
        Ok((file, size, hex(&digest)))
    });
    let (mut file, size, digest) = match hashed {
        Ok(hashed) => hashed,
        Err(error) => {
            stream.send(&[], &[])?;
            return Ok(reason(&error));
        }
    };
    let (size_field, mebibytes) = (("lenth", size.into()), json!(mebibytes(size)));
    let header = [size_field, ("md5", digest.into()), ("size(MB)", mebibytes)];
    stream.send(&header, &[])?;
    stream.send_body(&mut file, size, |_| {})?;
    Ok(format!("{size} bytes"))
}

/// MiB with two places. A float even for an empty file: Python's `round(x, 2)` gives `0.0`, and a peer that looks at
/// the type would notice `0`.
fn mebibytes(size: u64) -> f64 {
    // A file of over 2^53 bytes would lose its last digits here, and nobody would see it in two places.
    #[expect(clippy::cast_precision_loss, reason = "shown with two places")]
    let mebibytes = size as f64 / (1024.0 * 1024.0);
    format!("{mebibytes:.2}").parse().unwrap_or(mebibytes)
}

/// A client of the python wire, over a [`JsonStream::python`].
pub struct PythonFileClient<S>(pub JsonStream<S>);

impl<S: Stream> PythonFileClient<S> {
    /// Asks for `name` and writes its bytes to `sink`, as [`crate::FileClient::get`] does.
    ///
    /// # Errors
    /// See [`NotDone`].
    pub fn get(
        &mut self,
        name: &str,
        sink: &mut dyn Write,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Transfer, NotDone> {
        // The tutorials' own server never leaves its send loop: after a file, a second name waits here in vain.
        let header = ask_unframed(&mut self.0, "name", name.as_bytes())?;
        if header.is_empty() {
            return Err(NotDone::refused("no such file"));
        }
        if !header.has("lenth") {
            return Err(broken("the header has no lenth").into());
        }
        let size = header.size("lenth").map_err(broken)?;
        let announced = header.text("md5").map_err(broken)?.to_owned();
        let progress = |done| progress(done, size);
        let digest = self.0.receive_body(sink, size, progress)?;
        let md5 = hex(&digest);
        if !announced.eq_ignore_ascii_case(&md5) {
            let why = format!("digest differs: {announced} was announced, {md5} came");
            return Err(NotDone::refused(why));
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
