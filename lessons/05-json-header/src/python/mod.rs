//! The tutorials' bytes: little-endian lengths, unframed requests, the digest before the body.
//!
//! The flaw kept here: a request has no length. Two that are sent in a hurry are one that nobody understands.

mod commands;
mod files;

use std::io;

use lesson04::UNFRAMED_LIMIT;

use crate::json_header::Header;
use crate::json_stream::{JsonStream, NotDone, Stream};

pub use commands::{PythonCommandClient, serve_python_commands};
pub use files::{PythonFileClient, serve_python};

/// Serves one request after the other: each is whatever one read gave.
fn serve_unframed<S: Stream>(
    mut stream: JsonStream<S>,
    mut answer: impl FnMut(&mut JsonStream<S>, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut request = [0; UNFRAMED_LIMIT];
    loop {
        match stream.raw().read_unframed(&mut request)? {
            0 => return Ok(()),
            count => answer(&mut stream, request.get(..count).unwrap_or_default())?,
        }
    }
}

/// Sends a request that the other end can read in one read, as it has to, and waits for the answer's header.
fn ask_unframed<S: Stream>(
    stream: &mut JsonStream<S>,
    what: &str,
    request: &[u8],
) -> Result<Header, NotDone> {
    // In parts it would be several requests to the other end, and nothing at all would have no answer.
    let length = request.len();
    if !(1..=UNFRAMED_LIMIT).contains(&length) {
        return Err(NotDone::refused(format!(
            "{what} of {length} bytes: an unframed one has 1 to {UNFRAMED_LIMIT}"
        )));
    }
    stream.raw().write_raw(request)?;
    Ok(stream.answer()?)
}
