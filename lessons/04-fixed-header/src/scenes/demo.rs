//! The demo: two writes and one late reader, four times, each time under another framing. Then the same bytes are cut.
//!
//! Nothing here depends on luck. The reader begins when both writes have come back, and the recorder joins its reads into
//! one: how many reads the bytes took is not ours to promise, that all of them came is.

use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use cli::Wire;
use common::Framing;
use common::law::{decode_pieces, same_messages_however_cut, ways_to_cut};
use timeline::{Call, Recorder, Recording};

use super::FramingChoice;
use crate::message_stream::{MessageStream, Times};

/// What the two writes say.
const MESSAGES: [&[u8]; 2] = [b"hello", b"egg"];

/// Runs the demo and prints it.
///
/// # Errors
/// A socket failed.
pub fn demo(out: &mut impl Write) -> io::Result<()> {
    out.write_all(recorded()?.0.as_bytes())
}

/// Runs the demo and draws it.
///
/// # Errors
/// A socket failed.
pub fn demo_svg() -> io::Result<String> {
    let description = "A client writes two messages, hello and egg, and a server that is late reads both at once. That \
                       happens four times, with an end marker, a length as text, a fixed size and a fixed header, and \
                       each time the server tells the two messages apart.";
    let (_, recording) = recorded()?;
    Ok(recording.svg("Two writes, one read, two messages", description))
}

/// Runs the demo: its text, and the recording itself.
pub(super) fn recorded() -> io::Result<(String, Recording)> {
    let recording = record()?;
    let text = format!(
        "Two writes, hello and egg, and a reader who comes late. The bytes stick together;\n\
         the messages do not.\n\n\
         {}\n\
         Now the same bytes, cut: byte by byte, at every place, at every pair of places:\n\n{}",
        recording.text(),
        cuts()?
    );
    Ok((text, recording))
}

fn record() -> io::Result<Recording> {
    let recorder = Recorder::joined().with_sides(&["client", "server"]);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let client = recorder.calling("client", Call::Connect, || {
        TcpStream::connect(listener.local_addr()?)
    })?;
    let (server, _) = recorder.calling("server", Call::Accept, || listener.accept())?;
    for choice in FramingChoice::ALL {
        recorder.turn();
        let named = recorder.clone().with_layout(choice.layout(Wire::Course));
        let mut writer = named.stream("client", &client);
        for message in MESSAGES {
            let mut wire = Vec::new();
            choice.framing(Wire::Course).encode(message, &mut wire)?;
            writer.write_all(&wire)?;
        }
        let tap = named.stream("server", &server);
        let mut stream = MessageStream::new(tap, choice.framing(Wire::Course), Times::default());
        let mut told = Vec::new();
        for _ in MESSAGES {
            let message = stream.read_answer()?;
            told.push(String::from_utf8_lossy(message).into_owned());
        }
        recorder.note("server", format!("{}: {}", choice.title(), told.join(", ")));
    }
    Ok(recorder.recording())
}

/// How each framing fares when the network cuts as it likes.
fn cuts() -> io::Result<String> {
    let mut table = "framing          bytes   ways to cut   other messages\n".to_owned();
    for choice in FramingChoice::ALL {
        let framing = choice.framing(Wire::Course);
        let mut wire = Vec::new();
        for message in MESSAGES {
            framing.encode(message, &mut wire)?;
        }
        // The law tries them all and stops at the first that tells something else.
        let ways = ways_to_cut(wire.len()).count();
        let whole = decode_pieces(&framing, [wire.as_slice()]);
        let other = match same_messages_however_cut(&framing, &wire) {
            Ok(()) if whole.messages == MESSAGES => "none".to_owned(),
            Ok(()) => format!("all: {whole:?}"),
            Err(why) => why,
        };
        table += &format!(
            "{:<14} {:>7} {ways:>13}   {other}\n",
            choice.title(),
            wire.len()
        );
    }
    Ok(table)
}
