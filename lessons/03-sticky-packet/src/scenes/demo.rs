//! The demo: two writes, one read; then one write, two reads. Then the rule behind the mistake is put to the law. And
//! `leftover`: what one read leaves behind is the beginning of the next answer.
//!
//! Nothing here depends on luck. The server looks into its buffer, without taking anything out, until all that was
//! written is there, and only then reads. So it sticks every time.

use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use common::law::decode_pieces;
use timeline::{Call, Recorder, Recording, Tap};

use super::{quoted, recorded_pair};
use crate::late_reader::wait_until_queued;
use crate::reader_writer::read_pieces;
use crate::whatever_read_gave::WhateverReadGave;

/// What the two writes say.
pub(super) const MESSAGES: [&[u8]; 2] = [b"hello", b"egg"];
/// What the tutorials' programs ask for.
const RECV: usize = 1024;
const MISTAKE: &str = "takes it for one message";

/// Runs the demo and draws it.
///
/// # Errors
/// A socket failed.
pub fn demo_svg() -> io::Result<String> {
    let description = "A client writes hello, then egg. Both lie in the server's buffer as eight bytes, and one read \
                       takes them all. Then the client writes once, and two short reads tear the message apart.";
    let (_, recording) = demo(&TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?)?;
    Ok(recording.svg("Two writes, one read", description))
}

/// Runs the demo: its text, and the recording itself.
///
/// # Errors
/// A socket failed.
pub fn demo(listener: &TcpListener) -> io::Result<(String, Recording)> {
    let recording = two_writes(listener)?;
    let text = format!(
        "Two writes, hello and egg. The server is made to wait until both have arrived.\nThen it reads.\n\n\
         {}\n\
         Now the rule behind the mistake, one read = one message, is tested by a law:\n\
         cut the same bytes anywhere, and the same messages come out.\n\
         The eight bytes, whole or in two pieces:\n\n{}",
        recording.text(),
        cuts()
    );
    Ok((text, recording))
}

fn two_writes(listener: &TcpListener) -> io::Result<Recording> {
    let recorder = &Recorder::every_call();
    recorder.call("client", Call::Connect);
    let [mut client, mut server] = recorded_pair(listener, recorder, ["client", "server"])?;
    recorder.call("server", Call::Accept);

    recorder.turn();
    let mut sent = 0;
    for message in MESSAGES {
        client.write_all(message)?;
        sent += message.len();
        wait_and_show(recorder, &server, sent)?;
    }
    read(recorder, &mut server, RECV, MISTAKE)?;

    recorder.turn();
    client.write_all(b"hello egg")?;
    wait_and_show(recorder, &server, 9)?;
    read(recorder, &mut server, 2, MISTAKE)?;
    wait_and_show(recorder, &server, 7)?;
    read(recorder, &mut server, RECV, MISTAKE)?;
    Ok(recorder.recording())
}

/// Reads 2, reads 3, then the rest: text and recording.
///
/// # Errors
/// A socket failed.
pub fn leftover(listener: &TcpListener) -> io::Result<(String, Recording)> {
    let recorder = &Recorder::every_call();
    let [mut client, mut server] = recorded_pair(listener, recorder, ["client", "server"])?;

    client.write_all(b"hello egg")?;
    wait_until_queued(server.get_ref(), 9)?;
    read(recorder, &mut server, 2, "as text")?;
    read(recorder, &mut server, 3, "as text")?;
    recorder.note("server", "4 bytes stay behind");

    recorder.turn();
    client.write_all(b"bye")?;
    wait_until_queued(server.get_ref(), 7)?;
    read(recorder, &mut server, RECV, "as text")?;

    // The same with a character that is three bytes long.
    recorder.turn();
    client.write_all("粘包".as_bytes())?;
    wait_until_queued(server.get_ref(), 6)?;
    read(recorder, &mut server, 4, "as text")?;
    read(recorder, &mut server, RECV, "as text")?;
    let recording = recorder.recording();
    Ok((recording.text(), recording))
}

/// Waits until `count` bytes lie in the server's buffer, and notes them.
fn wait_and_show(recorder: &Recorder, server: &Tap<TcpStream>, count: usize) -> io::Result<()> {
    let seen = quoted(&wait_until_queued(server.get_ref(), count)?);
    let text = format!("in its buffer, unread: {count} bytes {seen}");
    recorder.note("server", text);
    Ok(())
}

/// One read, and what the server makes of it.
fn read(recorder: &Recorder, server: impl Read, capacity: usize, what: &str) -> io::Result<()> {
    let show = |came: &[u8]| recorder.note("server", format!("{what}: {}", quoted(came)));
    read_pieces(server, &[capacity], show)
}

/// What the framing that is none makes of the same bytes, cut at each place.
fn cuts() -> String {
    let wire = MESSAGES.concat();
    let mut table = "arrives as     messages that come out\n".to_owned();
    let mut answers = HashSet::new();
    for cut in 0..wire.len() {
        let (first, second) = wire.split_at(cut);
        let arrived = [first, second].into_iter().filter(|p| !p.is_empty());
        let lengths: Vec<String> = arrived.clone().map(|p| p.len().to_string()).collect();
        let messages = decode_pieces(&WhateverReadGave, arrived).messages;
        let shown: Vec<String> = messages.iter().map(|message| quoted(message)).collect();
        let (lengths, mut shown) = (lengths.join(" + "), shown.join(" "));
        if messages == MESSAGES {
            shown += "   what was written, by luck";
        }
        table += &format!("{lengths:<13}  {shown}\n");
        answers.insert(messages);
    }
    let (ways, different) = (wire.len(), answers.len());
    table + &format!("\n{ways} ways to arrive, {different} different answers: the law is broken.\n")
}
