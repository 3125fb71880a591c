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
        let (seen, read) = look(listener, recorder, writes, nodelay)?;
        let [segments, receiver, sender] = &ss::cells(seen, &mut excuse);
        table += &row([name, segments, receiver, sender, &format!("{read} bytes")]);
    }
    Ok(table + &excuse)
}

fn row([name, segments, receiver, sender, read]: [&str; 5]) -> String {
    format!("{name:<22}  {segments:>13}  {receiver:>24}  {sender:>16}  {read:>14}\n")
}

/// What the kernel says before the read: segments sent, bytes not read, bytes not acknowledged. And what the read gives.
fn look(
    listener: &TcpListener,
    recorder: &Recorder,
    writes: usize,
    nodelay: bool,
) -> io::Result<(Result<[Option<u64>; 3], String>, usize)> {
    let [mut client, mut server] = recorded_pair(listener, recorder, ["client", "server"])?;
    client.set_nodelay(nodelay)?;
    let mut sent = 0;
    for message in MESSAGES.iter().cycle().take(writes) {
        client.write_all(message)?;
        sent += message.len();
    }
    wait_until_queued(server.get_ref(), sent)?;
    let both = ss::Both::of(&client, &server)?;
    let seen = both.ask().map(|[sender, receiver]| {
        let segments = sender.segments().ok().map(|(count, _)| count);
        [segments, receiver.receive_queue(), sender.send_queue()]
    });
    let read = one_read(&mut server, &mut [0; 1024])?.len();
    Ok((seen, read))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_writes_are_sent_as_two_segments_and_one_read_returns_both() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        for nodelay in [false, true] {
            let (seen, read) = look(&listener, &Recorder::off(), 2, nodelay).unwrap();
            assert_eq!(read, 8);
            // Without `ss` there is nothing to compare. TCP_NODELAY promises the two; with Nagle the first one's
            // acknowledgement decides, which on loopback is nearly always there.
            if let (Ok([Some(segments), receive_queue, _]), true) = (seen, nodelay) {
                assert_eq!((segments, receive_queue), (2, Some(8)));
            }
        }
    }
}
