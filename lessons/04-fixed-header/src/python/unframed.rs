//! Remote commands as the tutorials speak them: the request is what one read gave, the answer has a length and no status.
//!
//! ```text
//! header:   ls -l  (unframed)        b0 01 00 00  432 bytes
//! text:     ls -l  (unframed)        432   ...   recv_ready   ...   432 bytes        recv_ready.rs
//! ```

use std::io::{self, ErrorKind, Read, Write};

use common::{Framing, Timeouts};
use runner::{Answer, guard};

use crate::commands::OUTPUT_LIMIT;
use crate::fixed_header::FixedHeader;
use crate::message_stream::{MessageStream, Times};

/// An unframed request is what one read gave, up to this many bytes.
pub const UNFRAMED_LIMIT: usize = 1024;

/// Serves one connection until its end; `run` runs one command line, `answer` sends its output.
///
/// # Errors
/// The stream failed, the peer broke the protocol, or it speaks HTTP or TLS.
pub fn serve_unframed<S: Read + Write + Timeouts>(
    stream: S,
    times: Times,
    mut run: impl FnMut(&[u8]) -> Answer,
    answer: impl Fn(&mut MessageStream<S, FixedHeader>, &[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut stream = MessageStream::new(stream, FixedHeader::python(), times);
    let mut request = [0; UNFRAMED_LIMIT];
    loop {
        let count = stream.read_unframed(&mut request)?;
        let command = request.get(..count).unwrap_or_default();
        if command.is_empty() {
            return Ok(());
        }
        guard::unframed(command)?;
        answer(&mut stream, &run(command).body(OUTPUT_LIMIT))?;
    }
}

/// Sends a command that the other end can read in one read, as it has to.
///
/// # Errors
/// `InvalidData` for an empty or a longer one (nothing of it is sent); else as [`MessageStream::write_raw`].
pub fn write_request<S: Read + Write + Timeouts>(
    stream: &mut MessageStream<S, impl Framing>,
    command: &[u8],
) -> io::Result<()> {
    match command.len() {
        1..=UNFRAMED_LIMIT => stream.write_raw(command),
        size => Err(io::Error::new(
            ErrorKind::InvalidData,
            format!("command of {size} bytes: an unframed one has 1 to {UNFRAMED_LIMIT}"),
        )),
    }
}
