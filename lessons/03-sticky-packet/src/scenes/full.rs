//! `full`: a reader that never reads. Both buffers fill, and then the writer has to wait: flow control.
//!
//! ```text
//! write ──▶ [ sender's buffer ] ──── segments ────▶ [ receiver's buffer ] ──▶ read
//!                full, too       ◀── "room for 0 bytes"     full              never
//! ```
//!
//! Each acknowledgement says how many bytes the receiver still has room for: its *window* (RFC 9293, section 3.8.6). At 0
//! nothing more is sent, the sender's buffer fills as well, and its writes wait. Nothing is lost, and the slow reader has
//! slowed the writer down: that is *back-pressure*. A blocking write would stand still; this one does not block, so that
//! we can count.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::{Duration, Instant};

use timeline::Recorder;

use super::{recorded_pair, ss};
use crate::reader_writer::again;

const PIECE: usize = 65_536;
/// So long without a byte taken, and the writer has been stopped; it is not only slow. Not 200 ms: so long after the window was
/// closed Linux asks for the first time whether there is room again, and what then moves would be seen on its way.
const STOPPED: Duration = Duration::from_millis(300);

/// Plays the scene: nobody reads; then a little is read; then all of it.
///
/// # Errors
/// A socket failed.
pub fn full(listener: &TcpListener, recorder: &Recorder) -> io::Result<String> {
    let [writer, reader] = recorded_pair(listener, recorder, ["writer", "reader"])?;
    writer.get_ref().set_nonblocking(true)?;
    let mut excuse = String::new();
    let mut look = |name: &str, taken: String| {
        let queues = ss::both(&writer, &reader);
        let queues = queues.map(|[writer, reader]| [reader.receive_queue(), writer.send_queue()]);
        let [receiver, sender] = &ss::cells(queues, &mut excuse);
        row([name, &taken, receiver, sender])
    };
    let (receiver, sender) = ("in the receiver's buffer", "in the sender's buffer");
    let mut text = row(["", "taken by the kernel", receiver, sender]);
    let taken = write_until_stopped(&writer)?;
    text += &look("nobody reads", taken.to_string());
    (&reader).read_exact(&mut vec![0; PIECE])?;
    let more = write_until_stopped(&writer)?;
    text += &look(&format!("{PIECE} bytes read"), format!("+{more}"));
    writer.close();
    let rest = (&reader).read_to_end(&mut Vec::new())?;
    let missing = (taken + more).saturating_sub(PIECE + rest);
    text += &format!("then all the rest: {rest} bytes read, {missing} missing\n");
    Ok(text + &excuse)
}

fn row([name, taken, receiver, sender]: [&str; 4]) -> String {
    format!("{name:<16}  {taken:>19}  {receiver:>24}  {sender:>22}\n")
}

/// How many bytes the kernel takes until it has taken none for a while.
fn write_until_stopped(mut writer: impl Write) -> io::Result<usize> {
    let (mut taken, mut last) = (0, Instant::now());
    loop {
        match again(|| writer.write(&[b'x'; PIECE])) {
            Ok(count) => (taken, last) = (taken + count, Instant::now()),
            Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
            Err(_) if last.elapsed() >= STOPPED => return Ok(taken),
            Err(_) => thread::sleep(STOPPED / 10), // no room now; perhaps in a moment
        }
    }
}
