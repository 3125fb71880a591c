//! The demo: three clients at once against two servers with the same handler. Ann connects first and says nothing for a
//! while; Ben and Cem want one answer each.
//!
//! It prints the same every time: one thread moves all three clients, and waits where a thread of the server has to have
//! done something that no read shows (an accept, a close). Everything stands in the order in which it happened.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use timeline::{Call, Recorder, Recording, Tap};

use crate::{TcpServer, ThreadingTcpServer};

const CLIENTS: [&str; 3] = ["Ann", "Ben", "Cem"];

/// Runs the demo and draws it.
///
/// # Errors
/// A socket failed.
pub fn demo_svg() -> io::Result<String> {
    let description = "Three clients connect to a sequential server. Ann, the first, is asleep; Ben and Cem are answered \
                       only after Ann has left. Then the same three connect to a threading server: Ben and Cem are \
                       answered while Ann is asleep.";
    let recording = demo_recording()?.1;
    Ok(recording.svg("Three clients, one of them asleep", description))
}

/// Runs the demo: its text, and the recording itself.
///
/// # Errors
/// A socket failed.
pub fn demo_recording() -> io::Result<(String, Recording)> {
    let recorder = Recorder::joined().with_sides(&["Ann", "Ben", "Cem", "server"]);
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let accepted = AtomicUsize::new(0);
    let handler = |stream: &TcpStream, _: SocketAddr| {
        // Each connects when the row of the one before stands there: the number is taken before the row is written.
        let number = accepted.fetch_add(1, Ordering::SeqCst) % CLIENTS.len();
        recorder.call("server", Call::Accept);
        let client = CLIENTS.get(number).copied().unwrap_or_default();
        let mut tap = recorder.stream("server", stream).facing(client);
        let result = shout(&mut tap);
        tap.close();
        result
    };

    recorder.note("server", "one after the other");
    let sequential = TcpServer::bind(anywhere)?;
    thread::scope(|scope| {
        scope.spawn(|| sequential.serve_forever(&handler));
        let played = one_after_the_other(&recorder, sequential.local_addr());
        sequential.stopper().stop();
        played
    })?;

    recorder.turn();
    recorder.note("server", "a thread each");
    let threading = ThreadingTcpServer::bind(anywhere, CLIENTS.len())?;
    thread::scope(|scope| {
        scope.spawn(|| threading.serve_forever(&handler));
        let played = a_thread_each(&recorder, threading.local_addr());
        threading.stopper().stop();
        played
    })?;

    let recording = recorder.recording();
    let text = format!(
        "Three clients at once, the same handler, two servers. Ann connects first and is asleep.\n\n{}",
        recording.text()
    );
    Ok((text, recording))
}

/// The handler: what it hears it shouts.
fn shout(stream: &mut (impl Read + Write)) -> io::Result<()> {
    let mut buffer = [0; 64];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        let said = buffer.get(..count).unwrap_or_default();
        stream.write_all(&said.to_ascii_uppercase())?;
    }
}

fn one_after_the_other(recorder: &Recorder, addr: SocketAddr) -> io::Result<()> {
    let ann = connect(recorder, "Ann", addr)?;
    recorder.until("server", Call::Accept, 1)?;
    let ben = connect(recorder, "Ben", addr)?;
    let cem = connect(recorder, "Cem", addr)?;
    (&ben).write_all(b"ben")?;
    (&cem).write_all(b"cem")?;
    recorder.turn();
    recorder.note("Ann", "asleep, and Ben and Cem wait");
    recorder.turn();
    (&ann).write_all(b"ann")?;
    leave_with_the_answer(ann)?;
    leave_with_the_answer(ben)?;
    leave_with_the_answer(cem)?;
    recorder.until("server", Call::Close, 3)
}

fn a_thread_each(recorder: &Recorder, addr: SocketAddr) -> io::Result<()> {
    let ann = connect(recorder, "Ann", addr)?;
    recorder.until("server", Call::Accept, 4)?;
    recorder.turn();
    recorder.note("Ann", "asleep");
    for (name, accepted, closed) in [("Ben", 5, 4), ("Cem", 6, 5)] {
        recorder.turn();
        let client = connect(recorder, name, addr)?;
        recorder.until("server", Call::Accept, accepted)?;
        (&client).write_all(name.to_ascii_lowercase().as_bytes())?;
        leave_with_the_answer(client)?;
        recorder.until("server", Call::Close, closed)?;
    }
    recorder.turn();
    (&ann).write_all(b"ann")?;
    leave_with_the_answer(ann)?;
    recorder.until("server", Call::Close, 6)
}

fn connect(recorder: &Recorder, name: &str, addr: SocketAddr) -> io::Result<Tap<TcpStream>> {
    let stream = recorder.calling(name, Call::Connect, || TcpStream::connect(addr))?;
    Ok(recorder.stream(name, stream).facing("server"))
}

/// Reads the answer, and closes.
fn leave_with_the_answer(client: Tap<TcpStream>) -> io::Result<()> {
    (&client).read_exact(&mut [0; 3])?;
    client.close();
    Ok(())
}
