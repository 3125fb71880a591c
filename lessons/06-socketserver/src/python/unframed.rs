//! The handler of the tutorials as they wrote it: a request is what one read gives, and the answer has no length.
//!
//! ```text
//! request   E5 8C 97 E9 BC BB                         what one read gives, up to 1,024 bytes
//! answer    我已收到您的请求[北鼻],感谢您的关注!      52 bytes
//! ```
//!
//! The flaw kept here: two requests that arrive together are one, and get one answer.

use std::io::{self, Read, Write};

use common::Timeouts;
use lesson04::{FixedHeader, MessageStream, Times, UNFRAMED_LIMIT};

use crate::reply::reply;

/// Serves one connection until its end.
///
/// # Errors
/// The stream failed.
pub fn serve_unframed_replies<S: Read + Write + Timeouts>(
    stream: S,
    times: Times,
) -> io::Result<()> {
    let mut stream = MessageStream::new(stream, FixedHeader::python(), times);
    let mut request = [0; UNFRAMED_LIMIT];
    loop {
        let count = stream.read_unframed(&mut request)?;
        match request.get(..count) {
            None | Some([]) => return Ok(()),
            Some(message) => stream.write_raw(reply(message).as_bytes())?,
        }
    }
}
