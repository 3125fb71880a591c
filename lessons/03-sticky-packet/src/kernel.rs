//! `kernel`: where did the two messages meet? The kernel keeps count of the segments it sent.
//!
//! If the sender had glued the writes together, it would have sent one segment. It sends two, and one read returns both: they
//! met in the receiver's buffer, behind the back of every algorithm at the sender.

use std::io::{self, Read, Write};
use std::net::TcpListener;

use timeline::Recorder;

use crate::demo::MESSAGES;
use crate::pair::{pair, wait_until_queued};
use crate::ss;

/// Plays the scene: several writes, the kernel's count of segments, one read.
///
/// # Errors
/// A socket failed.
pub(crate) fn kernel(listener: &TcpListener, recorder: &Recorder) -> io::Result<String> {
    let head = [
        "",
        "segments sent",
        "in the receiver's buffer",
        "not acknowledged",
        "one read gives",
    ];
    let mut table = line(head);
    let mut missing = None;
    for (writes, nodelay) in [(2, false), (2, true), (10, false), (10, true)] {
        let name = format!(
            "{writes} writes, {}",
            if nodelay { "TCP_NODELAY" } else { "Nagle on" }
        );
        recorder.turn();
        recorder.note("client", name.as_str());
        let row = look(listener, recorder, writes, nodelay)?;
        let shown = |number: Option<u64>| {
            number.map_or_else(|| "?".to_owned(), |number| number.to_string())
        };
        let read = format!("{} bytes", row.read);
        table += &line([
            &name,
            &shown(row.segments),
            &shown(row.receive_queue),
            &shown(row.send_queue),
            &read,
        ]);
        missing = missing.or(row.missing);
    }
    if let Some(missing) = missing {
        table += &format!("\n?: the kernel's side cannot be seen here: {missing}\n");
    }
    Ok(table)
}

fn line([name, segments, receive, send, read]: [&str; 5]) -> String {
    format!("{name:<22}  {segments:>13}  {receive:>24}  {send:>16}  {read:>14}\n")
}

#[derive(Debug, Default)]
struct Row {
    segments: Option<u64>,
    receive_queue: Option<u64>,
    send_queue: Option<u64>,
    read: usize,
    missing: Option<String>,
}

fn look(
    listener: &TcpListener,
    recorder: &Recorder,
    writes: usize,
    nodelay: bool,
) -> io::Result<Row> {
    let (client, server) = pair(listener)?;
    client.set_nodelay(nodelay)?;
    let (here, there) = (client.local_addr()?, server.local_addr()?);
    let (mut client, mut server) = (
        recorder.tcp("client", client),
        recorder.tcp("server", server),
    );
    let mut sent = 0;
    for message in MESSAGES.iter().cycle().take(writes) {
        client.write_all(message)?;
        sent += message.len();
    }
    wait_until_queued(server.get_ref(), sent)?;
    let mut row = Row::default();
    match ss::ask_both(here, there) {
        Ok((sender, receiver)) => {
            row.segments = sender.data_segments_out();
            row.send_queue = Some(sender.send_queue);
            row.receive_queue = Some(receiver.receive_queue);
        }
        Err(missing) => row.missing = Some(missing),
    }
    row.read = server.read(&mut [0; 1024])?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_writes_are_sent_as_two_segments_and_one_read_returns_both() {
        let listener = common::listener_on_a_free_port().unwrap();
        for nodelay in [false, true] {
            let row = look(&listener, &Recorder::off(), 2, nodelay).unwrap();
            assert_eq!(row.read, 8);
            // Without `ss` there is nothing to compare. TCP_NODELAY promises the two; with Nagle the first one's
            // acknowledgement decides, which on loopback is nearly always there.
            if let (Some(segments), true) = (row.segments, nodelay) {
                assert_eq!((segments, row.receive_queue), (2, Some(8)));
            }
        }
    }
}
