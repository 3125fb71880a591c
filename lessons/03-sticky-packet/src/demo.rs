//! The demo: two writes, one read; then one write, two reads. Then the rule behind the mistake is put to the law.
//!
//! Nothing here depends on luck. The server looks into its buffer, without taking anything out, until all that was
//! written is there, and only then reads. So it sticks every time.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use common::law::{decode_pieces, pieces};
use common::listener_on_a_free_port;
use timeline::{Call, Recorder, Recording};

use crate::pair::{quoted, wait_until_queued};
use crate::whatever_read_gave::WhateverReadGave;

/// What the two writes say.
pub(crate) const MESSAGES: [&[u8]; 2] = [b"hello", b"egg"];
/// What the tutorials' programs ask for.
const RECV: usize = 1024;

/// Runs the demo and prints it.
///
/// # Errors
/// A socket failed.
pub fn demo(out: &mut impl Write) -> io::Result<()> {
    out.write_all(demo_recording(&listener_on_a_free_port()?)?.0.as_bytes())
}

/// Runs the demo and draws it.
///
/// # Errors
/// A socket failed.
pub fn demo_svg() -> io::Result<String> {
    let description = "A client writes hello, then egg. Both lie in the server's buffer as eight bytes, and one read \
                       takes them all. Then the client writes once, and two short reads tear the message apart.";
    Ok(demo_recording(&listener_on_a_free_port()?)?
        .1
        .svg("Two writes, one read", description))
}

/// Runs the demo: its text, and the recording itself.
pub(crate) fn demo_recording(listener: &TcpListener) -> io::Result<(String, Recording)> {
    let recording = record(listener)?;
    let text = format!(
        "Two writes, hello and egg. The server is made to wait until both have arrived.\nThen it reads.\n\n\
         {}\n\
         Now the rule behind the mistake, one read = one message, is put to the law of\n\
         this course: cut the same bytes anywhere, and the same messages come out.\n\
         The eight bytes, whole or in two pieces:\n\n{}",
        recording.text(),
        cuts()
    );
    Ok((text, recording))
}

fn record(listener: &TcpListener) -> io::Result<Recording> {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    let client = recorder.calling("client", Call::Connect, || {
        TcpStream::connect(listener.local_addr()?)
    })?;
    let (server, _) = recorder.calling("server", Call::Accept, || listener.accept())?;
    let (mut writer, mut reader) = (
        recorder.stream("client", &client),
        recorder.stream("server", &server),
    );

    recorder.turn();
    let mut sent = 0;
    for message in MESSAGES {
        writer.write_all(message)?;
        sent += message.len();
        waiting(&recorder, &server, sent)?;
    }
    let mut buffer = [0; RECV];
    let got = reader.read(&mut buffer)?;
    recorder.note(
        "server",
        format!(
            "takes it for one message: {}",
            quoted(buffer.get(..got).unwrap_or_default())
        ),
    );

    recorder.turn();
    let message = b"hello egg";
    writer.write_all(message)?;
    waiting(&recorder, &server, message.len())?;
    for (room, left) in [(2, 7), (RECV, 0)] {
        let got = reader.read(buffer.get_mut(..room).unwrap_or_default())?;
        recorder.note(
            "server",
            format!(
                "takes it for one message: {}",
                quoted(buffer.get(..got).unwrap_or_default())
            ),
        );
        if left > 0 {
            waiting(&recorder, &server, left)?;
        }
    }
    Ok(recorder.recording())
}

/// Notes what lies in the server's buffer when all `count` bytes are there.
fn waiting(recorder: &Recorder, server: &TcpStream, count: usize) -> io::Result<()> {
    let seen = wait_until_queued(server, count)?;
    recorder.note(
        "server",
        format!("in its buffer, unread: {count} bytes {}", quoted(&seen)),
    );
    Ok(())
}

/// What the framing that is none makes of the same bytes, cut at each place.
fn cuts() -> String {
    let wire = MESSAGES.concat();
    let mut table = "arrives as     messages that come out\n".to_owned();
    let mut answers = Vec::new();
    for cut in 0..wire.len() {
        let arrived: Vec<&[u8]> = pieces(&wire, &[cut])
            .into_iter()
            .filter(|piece| !piece.is_empty())
            .collect();
        let told = decode_pieces(&WhateverReadGave, arrived.iter().copied()).messages;
        let lengths: Vec<String> = arrived
            .iter()
            .map(|piece| piece.len().to_string())
            .collect();
        let shown: Vec<String> = told.iter().map(|message| quoted(message)).collect();
        let remark = if told == MESSAGES {
            "   what was written, by luck"
        } else {
            ""
        };
        table += &format!("{:<13}  {}{remark}\n", lengths.join(" + "), shown.join(" "));
        if !answers.contains(&told) {
            answers.push(told);
        }
    }
    table
        + &format!(
            "\n{} ways to arrive, {} different answers: the law is broken.\n",
            wire.len(),
            answers.len()
        )
}
