//! `talk-server`: a person at the server's end. What arrives is shown; what the person types goes to whoever is here.
//!
//! On a terminal the person may type at any time, so two things are waited for at once: a line of the keyboard and
//! bytes of the peer. Each gets a thread, and what they share is the connection. In a script there is nobody to decide
//! *when* to speak: there, one line of stdin answers each message that arrived, and the thread that reads stdin only
//! serves to bound the wait for it.

use std::io::{self, IsTerminal, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use common::{BackOff, ClientLog, Entries, Fault, Flags, Output, announce, bind, log, why};
use timeline::Tap;

use crate::exchange::one_read;
use crate::server::{NEVER_READS, in_words};
use crate::trace::Trace;
use crate::{DEFAULT_ADDR, ONE_READ};

/// The scene `talk-server`.
///
/// # Errors
/// The address cannot be bound. Once it listens it never ends by itself.
pub fn talk_server(flags: &Flags) -> Result<(), Fault> {
    let listener = bind(&flags.addr_or(DEFAULT_ADDR)?)?;
    announce(
        listener
            .local_addr()
            .map_err(|error| Fault::io("listener", &error))?,
    );
    let trace = Trace::new(flags);
    if io::stdin().is_terminal() {
        let here = Here::default();
        let typed = Arc::clone(&here);
        thread::spawn(move || keyboard(&typed));
        serve(&listener, flags.idle, &trace, &Replies::AtAnyTime(here))
    } else {
        let (give, take) = mpsc::sync_channel(0); // a line is read when the one before it was needed
        thread::spawn(move || while_wanted(&give));
        serve(&listener, flags.idle, &trace, &Replies::OneEach(take))
    }
}

/// The connection that is served now, if there is one.
type Here = Arc<Mutex<Option<Arc<Tap<TcpStream>>>>>;

/// Where the replies come from.
enum Replies {
    /// A thread of its own sends them.
    AtAnyTime(Here),
    /// One line of stdin for each message.
    OneEach(Receiver<Vec<u8>>),
}

fn serve(listener: &TcpListener, idle: Duration, trace: &Trace, replies: &Replies) -> ! {
    let (mut pause, mut clients) = (BackOff::new("accept"), ClientLog::default());
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                pause.reset();
                clients.line(format_args!("{peer}: is here"));
                let ending = serve_one(stream, peer, idle, trace, replies);
                clients.line(format_args!("{peer}: {}", in_words(&ending, idle)));
            }
            Err(error) => pause.wait(&error),
        }
    }
}

fn serve_one(
    stream: TcpStream,
    peer: SocketAddr,
    idle: Duration,
    trace: &Trace,
    replies: &Replies,
) -> io::Result<u64> {
    stream.set_read_timeout(Some(idle))?;
    stream.set_write_timeout(Some(idle.min(NEVER_READS)))?;
    let recorder = trace.recorder();
    let tap = Arc::new(recorder.stream("server", stream));
    if let Replies::AtAnyTime(here) = replies {
        *lock(here) = Some(Arc::clone(&tap));
    }
    let ending = listen_to(&tap, replies, idle);
    if let Replies::AtAnyTime(here) = replies {
        *lock(here) = None;
    }
    trace.log(&recorder, peer);
    ending
}

/// Shows what arrives, until the peer's end. How many bytes came.
fn listen_to(mut tap: &Tap<TcpStream>, replies: &Replies, idle: Duration) -> io::Result<u64> {
    let mut total = 0;
    loop {
        let said = one_read(tap, ONE_READ)?;
        if said.is_empty() {
            return Ok(total);
        }
        total += said.len() as u64;
        let _ = Output::default().message(&said); // a closed stdout is no reason to end
        if let Replies::OneEach(lines) = replies {
            match lines.recv_timeout(idle) {
                Ok(reply) => tap.write_all(&reply)?,
                Err(RecvTimeoutError::Disconnected) => {} // stdin has ended: from now on we only listen
                Err(RecvTimeoutError::Timeout) => {
                    let why = format!("no reply on stdin in {} s", idle.as_secs_f64());
                    return Err(io::Error::other(why));
                }
            }
        }
    }
}

/// The next line that can be sent; `None` once stdin has ended.
fn next_reply(entries: &mut Entries) -> Option<Vec<u8>> {
    loop {
        let line = entries.next_entry().ok()??;
        if !line.is_empty() {
            return Some(line); // an empty message is no message: TCP has nothing to send for it
        }
    }
}

/// The thread that reads stdin in a script: hands out a line whenever one is wanted.
fn while_wanted(give: &SyncSender<Vec<u8>>) {
    let mut entries = Entries::new("");
    while let Some(line) = next_reply(&mut entries) {
        if give.send(line).is_err() {
            return;
        }
    }
}

/// The thread that reads the keyboard: each line goes to whoever is here.
fn keyboard(here: &Here) {
    let mut entries = Entries::new("");
    while let Some(line) = next_reply(&mut entries) {
        let peer = lock(here).clone(); // not held while we write: the peer may be slow
        match peer {
            None => log("nobody is here"),
            Some(tap) => {
                if let Err(error) = (&*tap).write_all(&line) {
                    log(format_args!("not sent: {}", why(&error)));
                }
            }
        }
    }
}

fn lock(here: &Here) -> MutexGuard<'_, Option<Arc<Tap<TcpStream>>>> {
    here.lock().unwrap_or_else(PoisonError::into_inner)
}
