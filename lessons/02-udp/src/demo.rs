//! The demo: an echo, an empty datagram and a cut one, recorded. What it prints is the recording.
//!
//! It prints the same every time: both ends are moved by one thread, in turns, and each receive has its datagram waiting.

use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use timeline::{DatagramTap, Recorder, Recording};

/// Longer than a datagram on loopback takes. If one is lost all the same, the demo ends with an error.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the demo and prints it.
///
/// # Errors
/// A socket failed.
pub fn demo(out: &mut impl Write) -> io::Result<()> {
    let text = recording()?.text();
    write!(
        out,
        "Three datagrams and their answers. Each receive takes one datagram, whatever its size.\n\n{text}"
    )
}

/// Runs the demo and draws it.
///
/// # Errors
/// A socket failed.
pub fn demo_svg() -> io::Result<String> {
    let description = "A client sends three datagrams: one is echoed in capital letters, an empty one is answered by \
                       an empty one, and of one that is longer than the room given to receive the rest is lost.";
    Ok(recording()?.svg("An echo, an empty datagram, a cut datagram", description))
}

/// What the demo prints.
pub(crate) fn with_heading(recording: &Recording) -> String {
    let heading =
        "Three datagrams and their answers. Each receive takes one datagram, whatever its size.";
    format!("{heading}\n\n{}", recording.text())
}

/// Runs the demo.
// ANCHOR: demo
pub(crate) fn recording() -> io::Result<Recording> {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    let (client, _) = socket(&recorder, "client")?;
    let (server, addr) = socket(&recorder, "server")?;
    let mut room = [0; 1024];

    for (message, room_at_the_server) in [(&b"hello"[..], 1024), (b"", 1024), (b"sticky packet", 6)]
    {
        recorder.turn();
        client.send_to(message, addr)?;
        let (size, peer) =
            server.recv_from(room.get_mut(..room_at_the_server).unwrap_or_default())?;
        let answer = room.get(..size).unwrap_or_default().to_ascii_uppercase();
        server.send_to(&answer, peer)?;
        client.recv_from(&mut room)?;
    }
    Ok(recorder.recording())
}
// ANCHOR_END: demo

fn socket(recorder: &Recorder, side: &str) -> io::Result<(DatagramTap<UdpSocket>, SocketAddr)> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let addr = socket.local_addr()?;
    Ok((recorder.datagram(side, socket), addr))
}
