//! The demo: a hello, then three upper-case echoes on one connection. Both ends in one process, on a free port.
//!
//! The first connection is moved by one thread, by turns. On the second the server has a thread of its own, and the
//! recorder lets each side read only when the other waits as well. So the recording is the same every time.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use timeline::{Call, Recorder, Recording, Tap};

use crate::echo::echo;
use crate::exchange::{ONE_READ, ask, one_read};
use crate::hello::{HELLO, answer_hello};
use crate::promises::second_thread::at_once;

pub(super) const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The lines of the second conversation. The last shows that bytes are made upper case, not characters.
const LINES: [&str; 3] = ["hello", "how are you?", "grüß dich, 你好"];

/// Prints what both ends did, call by call.
///
/// # Errors
/// Those of the loopback connection, and of writing.
pub fn demo(out: &mut impl Write) -> io::Result<()> {
    out.write_all(text_and_recording()?.0.as_bytes())
}

/// The same as a drawing.
///
/// # Errors
/// Those of the loopback connection.
pub fn demo_svg() -> io::Result<String> {
    let title = "A hello, and three echoes on one connection";
    let description = "A client connects, says hello!, is answered hi, and reads the end of the stream. On a second \
                       connection it says three lines, each is answered in upper case, and the client closes.";
    Ok(record()?.svg(title, description))
}

/// The text and the recording in it.
pub(super) fn text_and_recording() -> io::Result<(String, Recording)> {
    let recording = record()?;
    let text = format!(
        "Two connections over loopback. First a hello and a hi, then three lines and their echoes.\n\
         The dot marks who made a call, an arrow what leaves for the other side.\n\n\
         {}\n\
         FIN is how one end says: nothing more from me. The other end then reads Ok(0), in Python b''.\n",
        recording.text()
    );
    Ok((text, recording))
}

fn record() -> io::Result<Recording> {
    let recorder = Recorder::joined().with_sides(&["client", "server"]);
    let (mut client, mut server) = connected(LOOPBACK, &recorder)?;
    client.write_all(HELLO)?;
    answer_hello(&mut server)?;
    server.close();
    one_read(&mut client, ONE_READ)?; // hi
    one_read(&mut client, ONE_READ)?; // nothing: the end
    client.close();
    recorder.turn();
    let (client, server) = connected(LOOPBACK, &recorder.clone().by_turns())?; // two threads from here on
    let (served, asked) = at_once(
        move || {
            let ending = echo(&server);
            server.close();
            ending
        },
        move || {
            for line in LINES {
                ask(&client, line.as_bytes())?;
            }
            client.close();
            Ok(())
        },
    )?;
    served.and(asked)?;
    Ok(recorder.recording())
}

/// One end of a recorded connection.
pub(super) type End = Tap<TcpStream>;

/// A client and a server that are connected to each other. Connecting needs no accept: the kernel does it.
pub(super) fn connected(ip: IpAddr, recorder: &Recorder) -> io::Result<(End, End)> {
    let listener = TcpListener::bind((ip, 0))?;
    let addr = listener.local_addr()?;
    let client = recorder.calling("client", Call::Connect, || TcpStream::connect(addr))?;
    let (server, _) = recorder.calling("server", Call::Accept, || listener.accept())?;
    for stream in [&client, &server] {
        stream.set_read_timeout(Some(Duration::from_secs(10)))?; // a story that does not go on must not hang
    }
    let client = recorder.stream("client", client);
    Ok((client, recorder.stream("server", server)))
}
