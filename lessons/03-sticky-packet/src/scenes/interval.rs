//! `interval`: the folk cure "leave an interval between sends", and why it seems to work.
//!
//! ```text
//! sender          |m1 .. 5 ms .. |m2 .. 5 ms .. |m3 ...                 |m10
//! reader who waits|r             |r             |r                      |r         ten reads: "cured"
//! late reader                                                            200 ms ...  |r   one read
//! ```
//!
//! The sleeping is the lesson here, so this file sleeps.

use std::io::{self, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use timeline::{Recorder, Tap};

use super::{quoted, recorded_pair, together};
use crate::late_reader::wait_until_queued;
use crate::reader_writer::read_pieces;

const SENDS: usize = 10;
const APART: Duration = Duration::from_millis(5);
const LATE: Duration = Duration::from_millis(200);

/// Sends three times ten messages and says what the reads gave.
///
/// # Errors
/// A socket failed.
pub fn interval(listener: &TcpListener, recorder: &Recorder) -> io::Result<String> {
    let recorder = &recorder.clone().with_sides(&["sender", "reader"]);
    let mut table = format!(
        "{SENDS} sends, {} ms apart. Does that keep them apart?\n\n\
         the reader                         reads   the first one gave\n",
        APART.as_millis()
    );
    for (reader, late, nodelay) in [
        ("waits in read", false, false),
        ("comes 200 ms late", true, false),
        ("comes 200 ms late, TCP_NODELAY", true, true),
    ] {
        recorder.turn();
        recorder.note("reader", reader);
        let reads = ten_sends(listener, recorder, late, nodelay)?;
        let first = reads.first().map(|bytes| quoted(bytes)).unwrap_or_default();
        table += &format!("{reader:<32}  {:>6}   {first}\n", reads.len());
    }
    Ok(table)
}

/// What each read gave.
fn ten_sends(
    listener: &TcpListener,
    recorder: &Recorder,
    late: bool,
    nodelay: bool,
) -> io::Result<Vec<Vec<u8>>> {
    let [mut sender, reader] = recorded_pair(listener, recorder, ["sender", "reader"])?;
    sender.set_nodelay(nodelay)?;
    let mut send = move || -> io::Result<usize> {
        let mut sent = 0;
        for number in 1..=SENDS {
            let message = format!("m{number} ");
            sender.write_all(message.as_bytes())?; // Python: send
            sent += message.len();
            thread::sleep(APART);
        }
        sender.shutdown(Shutdown::Write)?;
        Ok(sent)
    };
    if !late {
        let (sent, reads) = together(send, || every_read(reader))?;
        return sent.and(reads);
    }
    let sent = send()?;
    thread::sleep(LATE);
    wait_until_queued(reader.get_ref(), sent)?; // a busy machine may need longer than 200 ms
    every_read(reader)
}

fn every_read(stream: Tap<TcpStream>) -> io::Result<Vec<Vec<u8>>> {
    let mut reads = Vec::new();
    read_pieces(stream, &[1024; SENDS + 1], |came| reads.push(came.to_vec()))?;
    reads.pop(); // the end
    Ok(reads)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_late_gets_all_ten_in_one_read_with_and_without_nodelay() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        for nodelay in [false, true] {
            let reads = ten_sends(&listener, &Recorder::off(), true, nodelay).unwrap();
            assert_eq!(reads, [b"m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 ".to_vec()]);
        }
    }
}
