//! `read-server` and `write`: the sticky packet across two terminals, with the sizes of the reads and the pauses of the
//! writes in your hands.
//!
//! ```text
//! write        hello egg            one write each, nothing in between
//! read-server  10 10                one read of at most 10 bytes each: “helloegg”, then the end
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::thread;
use std::time::Duration;

use common::plain_line;

/// What each read of at most so many bytes gives, until the stream ends; `show` gets them one by one.
///
/// # Errors
/// Those of reading.
// ANCHOR: read
pub fn read_pieces(
    mut stream: impl Read,
    sizes: &[usize],
    mut show: impl FnMut(String),
) -> io::Result<()> {
    for &size in sizes {
        let mut buffer = vec![0; size];
        let got = loop {
            match stream.read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                done => break done?,
            }
        };
        if got == 0 {
            show("the end".to_owned());
            return Ok(());
        }
        show(plain_line(buffer.get(..got).unwrap_or_default()));
    }
    Ok(())
}
// ANCHOR_END: read

/// One write for each message, `every` apart.
///
/// # Errors
/// Those of writing.
pub fn write_pieces<M: AsRef<[u8]>>(
    mut stream: impl Write,
    messages: &[M],
    every: Option<Duration>,
) -> io::Result<()> {
    for (number, message) in messages.iter().enumerate() {
        if let Some(every) = every.filter(|_| number > 0) {
            thread::sleep(every); // the folk cure, for whoever wants to see it fail
        }
        stream.write_all(message.as_ref())?;
    }
    Ok(())
}
