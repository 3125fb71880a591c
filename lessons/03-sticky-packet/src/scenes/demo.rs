//! The demo: two writes, one read; then one write, two reads. Then the rule behind the mistake is put to the law. And
//! `leftover`: what one read leaves behind is the beginning of the next answer.
//!
//! Nothing here depends on luck. The server looks into its buffer, without taking anything out, until all that was
//! written is there, and only then reads. So it sticks every time.

use std::collections::HashSet;
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use common::law::decode_pieces;
use timeline::{Call, Recorder, Recording, Tap};

use super::{quoted, recorded_pair};
use crate::late_reader::wait_until_queued;
use crate::reader_writer::one_read;
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
         Now the rule behind the mistake, one read = one message, is put to the law of\n\
         this course: cut the same bytes anywhere, and the same messages come out.\n\
         The eight bytes, whole or in two pieces:\n\n{}",
        recording.text(),
        cuts()
    );
    Ok((text, recording))
}

fn two_writes(listener: &TcpListener) -> io::Result<Recording> {
    let recorder = Recorder::every_call();
    recorder.call("client", Call::Connect);
    let mut ends = Ends::new(listener, recorder)?;
    ends.recorder.call("server", Call::Accept);

    ends.recorder.turn();
    let mut sent = 0;
    for message in MESSAGES {
        ends.client.write_all(message)?;
        sent += message.len();
        ends.wait_and_show(sent)?;
    }
    ends.read(RECV, MISTAKE)?;

    ends.recorder.turn();
    ends.client.write_all(b"hello egg")?;
    ends.wait_and_show(9)?;
    ends.read(2, MISTAKE)?;
    ends.wait_and_show(7)?;
    ends.read(RECV, MISTAKE)?;
    Ok(ends.recorder.recording())
}

/// Reads 2, reads 3, then the rest: text and recording.
///
/// # Errors
/// A socket failed.
pub fn leftover(listener: &TcpListener) -> io::Result<(String, Recording)> {
    let mut ends = Ends::new(listener, Recorder::every_call())?;

    ends.client.write_all(b"hello egg")?;
    ends.wait(9)?;
    ends.read(2, "decoded")?;
    ends.read(3, "decoded")?;
    ends.recorder.note("server", "4 bytes stay behind");

    ends.recorder.turn();
    ends.client.write_all(b"bye")?;
    ends.wait(7)?;
    ends.read(RECV, "decoded")?;

    // The same with a character that is three bytes long.
    ends.recorder.turn();
    ends.client.write_all("粘包".as_bytes())?;
    ends.wait(6)?;
    ends.read(4, "decoded")?;
    ends.read(RECV, "decoded")?;
    let recording = ends.recorder.recording();
    Ok((recording.text(), recording))
}

/// Both ends, and who writes down what they do.
struct Ends {
    recorder: Recorder,
    client: Tap<TcpStream>,
    server: Tap<TcpStream>,
}

impl Ends {
    fn new(listener: &TcpListener, recorder: Recorder) -> io::Result<Self> {
        let [client, server] = recorded_pair(listener, &recorder, ["client", "server"])?;
        Ok(Self {
            recorder,
            client,
            server,
        })
    }

    /// Waits until `count` bytes lie in the server's buffer.
    fn wait(&self, count: usize) -> io::Result<Vec<u8>> {
        wait_until_queued(self.server.get_ref(), count)
    }

    fn wait_and_show(&self, count: usize) -> io::Result<()> {
        let seen = quoted(&self.wait(count)?);
        let text = format!("in its buffer, unread: {count} bytes {seen}");
        self.recorder.note("server", text);
        Ok(())
    }

    /// One read by the server, and what it makes of the bytes.
    fn read(&mut self, capacity: usize, what: &str) -> io::Result<()> {
        let mut buffer = vec![0; capacity];
        let came = quoted(one_read(&mut self.server, &mut buffer)?);
        self.recorder.note("server", format!("{what}: {came}"));
        Ok(())
    }
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
