//! `kernel`: where did the two messages meet? The kernel keeps count of the segments it sent.
//!
//! If the sender had glued the writes together, it would have sent one segment. It sends two, and one read returns both: they
//! met in the receiver's buffer, behind the back of every algorithm at the sender.

use std::io::{self, Write};
use std::net::TcpListener;

use timeline::Recorder;

use super::demo::MESSAGES;
use super::{recorded_pair, ss};
use crate::late_reader::wait_until_queued;
use crate::reader_writer::one_read;

/// Plays the scene: several writes, the kernel's count of segments, one read.
///
/// # Errors
/// A socket failed.
pub fn kernel(listener: &TcpListener, recorder: &Recorder) -> io::Result<String> {
    let (receiver, sender) = ("in the receiver's buffer", "not acknowledged");
    let mut table = row(["", "segments sent", receiver, sender, "one read gives"]);
    let mut excuse = String::new();
    for (name, writes, nodelay) in [
        ("2 writes, Nagle on", 2, false),
        ("2 writes, TCP_NODELAY", 2, true),
        ("10 writes, Nagle on", 10, false),
        ("10 writes, TCP_NODELAY", 10, true),
    ] {
        recorder.turn();
        recorder.note("client", name);
        let [mut client, mut server] = recorded_pair(listener, recorder, ["client", "server"])?;
        client.set_nodelay(nodelay)?;
        let mut sent = 0;
        for message in MESSAGES.iter().cycle().take(writes) {
            client.write_all(message)?;
            sent += message.len();
        }
        wait_until_queued(server.get_ref(), sent)?;
        let seen = ss::both(&client, &server).map(|[client, server]| {
            let segments = client.segments().ok().map(|(count, _)| count);
            [segments, server.receive_queue(), client.send_queue()]
        });
        let [segments, receiver, sender] = &ss::cells(seen, &mut excuse);
        let read = one_read(&mut server, &mut [0; 1024])?.len();
        table += &row([name, segments, receiver, sender, &format!("{read} bytes")]);
    }
    Ok(table + &excuse)
}

fn row([name, segments, receiver, sender, read]: [&str; 5]) -> String {
    format!("{name:<22}  {segments:>13}  {receiver:>24}  {sender:>16}  {read:>14}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_writes_are_sent_as_two_segments_and_one_read_returns_both() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let text = kernel(&listener, &Recorder::off()).unwrap();
        for name in ["2 writes, Nagle on", "2 writes, TCP_NODELAY"] {
            let row = text.lines().find_map(|line| line.strip_prefix(name));
            let cells: Vec<&str> = row.unwrap().split_whitespace().collect();
            assert_eq!(cells[3..], ["8", "bytes"]);
            // Without `ss` there is nothing to compare. TCP_NODELAY promises the two; with Nagle the first one's
            // acknowledgement decides, which on loopback is nearly always there.
            if cells[0] != "?" && name.contains("NODELAY") {
                assert_eq!(cells[..2], ["2", "8"]);
            }
        }
    }
}
