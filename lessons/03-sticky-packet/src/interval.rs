//! `interval`: the folk cure "leave an interval between sends", and why it seems to work.
//!
//! ```text
//! sender          |m1 .. 5 ms .. |m2 .. 5 ms .. |m3 ...                 |m10
//! reader who waits|r             |r             |r                      |r         ten reads: "cured"
//! late reader                                                            200 ms ...  |r   one read
//! ```
//!
//! The sleeping is the lesson here, so this file sleeps.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use timeline::{Recorder, Tap};

use crate::pair::{pair, quoted, wait_until_queued};

const SENDS: u32 = 10;
const APART: Duration = Duration::from_millis(5);
const LATE: Duration = Duration::from_millis(200);

/// Sends three times ten messages and tells what the reads gave.
///
/// # Errors
/// A socket failed.
pub(crate) fn interval(listener: &TcpListener, recorder: &Recorder) -> io::Result<String> {
    let recorder = recorder.clone().with_sides(&["sender", "reader"]);
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
        let reads = ten_sends(listener, &recorder, late, nodelay)?;
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
    let (client, server) = pair(listener)?;
    client.set_nodelay(nodelay)?;
    let (mut client, server) = (
        recorder.tcp("sender", client),
        recorder.tcp("reader", server),
    );
    let messages: Vec<String> = (1..=SENDS).map(|number| format!("m{number} ")).collect();
    let mut send = move || -> io::Result<usize> {
        for message in &messages {
            client.write_all(message.as_bytes())?; // Python: send
            thread::sleep(APART);
        }
        client.shutdown(Shutdown::Write)?;
        Ok(messages.iter().map(String::len).sum())
    };
    if late {
        let sent = send()?;
        thread::sleep(LATE);
        wait_until_queued(server.get_ref(), sent)?; // a busy machine may need longer than 200 ms
        return every_read(server);
    }
    let sender = thread::spawn(send);
    let reads = every_read(server);
    sender
        .join()
        .map_err(|_| io::Error::other("the sender's thread panicked"))??;
    reads
}

fn every_read(mut stream: Tap<TcpStream>) -> io::Result<Vec<Vec<u8>>> {
    let mut reads = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(reads),
            Ok(got) => reads.push(buffer.get(..got).unwrap_or_default().to_vec()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_late_gets_all_ten_in_one_read_with_and_without_nodelay() {
        let listener = common::listener_on_a_free_port().unwrap();
        for nodelay in [false, true] {
            let reads = ten_sends(&listener, &Recorder::off(), true, nodelay).unwrap();
            assert_eq!(reads, [b"m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 ".to_vec()]);
        }
    }
}
