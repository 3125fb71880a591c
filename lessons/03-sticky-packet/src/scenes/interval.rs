//! `interval`: the folk cure "leave an interval between sends", and why it seems to work.
//!
//! ```text
//! sender          |m1 .. 5 ms .. |m2 .. 5 ms .. |m3 ...                 |m10
//! reader who waits|r             |r             |r                      |r         ten reads: "cured"
//! late reader                                                            200 ms ...  |r   one read
//! ```
//!
//! The sleeping is the lesson here, so this file sleeps.

use std::io;
use std::net::{Shutdown, TcpListener};
use std::thread;
use std::time::Duration;

use timeline::Recorder;

use super::{quoted, recorded_pair, together};
use crate::late_reader::wait_until_queued;
use crate::reader_writer::{read_pieces, write_pieces};

const SENDS: usize = 10;
const APART: Duration = Duration::from_millis(5);
const LATE: Duration = Duration::from_millis(200);

/// Sends three times ten messages and says what the reads gave.
///
/// # Errors
/// A socket failed.
pub fn interval(listener: &TcpListener, recorder: &Recorder) -> io::Result<String> {
    let messages: Vec<String> = (1..=SENDS).map(|number| format!("m{number} ")).collect();
    let (messages, all) = (&messages, messages.concat().len());
    let mut table = format!(
        "{SENDS} sends, {} ms apart. Does that keep them apart?\n\n\
         the reader                         reads   the first one gave\n",
        APART.as_millis()
    );
    for (name, late, nodelay) in [
        ("waits in read", false, false),
        ("comes 200 ms late", true, false),
        ("comes 200 ms late, TCP_NODELAY", true, true),
    ] {
        recorder.turn();
        let [sender, reader] = recorded_pair(listener, recorder, ["sender", "reader"])?;
        recorder.note("reader", name);
        sender.set_nodelay(nodelay)?;
        let send = move || -> io::Result<()> {
            write_pieces(&sender, messages, Some(APART))?;
            sender.shutdown(Shutdown::Write)
        };
        let read = move || -> io::Result<Vec<Vec<u8>>> {
            if late {
                thread::sleep(LATE);
                wait_until_queued(reader.get_ref(), all)?; // a busy machine may need longer than 200 ms
            }
            let mut reads = Vec::new();
            read_pieces(&reader, &[1024; SENDS + 1], |came| {
                reads.push(came.to_vec())
            })?;
            reads.pop(); // the end
            Ok(reads)
        };
        let (sent, reads) = together(send, read)?;
        let reads = sent.and(reads)?;
        let first = reads.first().map(|bytes| quoted(bytes)).unwrap_or_default();
        table += &format!("{name:<32}  {:>6}   {first}\n", reads.len());
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_late_gets_all_ten_in_one_read_with_and_without_nodelay() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let text = interval(&listener, &Recorder::off()).unwrap();
        for name in ["comes 200 ms late ", "comes 200 ms late, TCP_NODELAY "] {
            let row = text.lines().find_map(|line| line.strip_prefix(name));
            let cells = row.unwrap().trim();
            assert_eq!(cells, "1   “m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 ”");
        }
    }
}
