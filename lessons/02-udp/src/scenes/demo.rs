//! The demo: an echo, an empty datagram and a cut one, recorded. What it prints is the recording.
//!
//! It prints the same every time: both ends are moved by one thread, in turns, and each receive has its datagram waiting.

use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use cli::{Flags, Result};
use timeline::{DatagramTap, Recorder, Recording};

/// Longer than a datagram on loopback takes. If one is lost all the same, the demo ends with an error.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Both ends in one process, recorded.
///
/// # Errors
/// A socket failed.
pub fn scene(flags: &Flags) -> Result {
    cli::demo(flags, "lesson02", || {
        let recording = recording()?;
        Ok((text(&recording), recording))
    })
}

/// Runs the demo and prints it.
///
/// # Errors
/// A socket failed.
pub fn demo(out: &mut impl Write) -> io::Result<()> {
    out.write_all(text(&recording()?).as_bytes())
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

fn text(recording: &Recording) -> String {
    let heading =
        "Three datagrams and their answers. Each receive takes one datagram, whatever its size.";
    format!("{heading}\n\n{}", recording.text())
}

/// Runs the demo.
fn recording() -> io::Result<Recording> {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    let (client, _) = socket(&recorder, "client")?;
    let (server, addr) = socket(&recorder, "server")?;
    let mut buffer = [0; 1024];

    for (message, capacity) in [(&b"hello"[..], 1024), (b"", 1024), (b"sticky packet", 6)] {
        recorder.turn();
        client.send_to(message, addr)?;
        let (size, peer) = server.recv_from(buffer.get_mut(..capacity).unwrap_or_default())?;
        let answer = buffer.get(..size).unwrap_or_default().to_ascii_uppercase();
        server.send_to(&answer, peer)?;
        client.recv_from(&mut buffer)?;
    }
    Ok(recorder.recording())
}

fn socket(recorder: &Recorder, side: &str) -> io::Result<(DatagramTap<UdpSocket>, SocketAddr)> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(TIMEOUT))?;
    let addr = socket.local_addr()?;
    Ok((recorder.datagram(side, socket), addr))
}
