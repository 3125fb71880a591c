//! `talk-server`: a person at the server's end. What arrives is shown; what the person types goes to whoever is here.
//!
//! On a terminal the person may type at any time, so two things are waited for at once: a line of the keyboard and
//! bytes of the peer. Each gets a thread, and what they share is the connection. In a script there is nobody to decide
//! *when* to speak: there, one line of stdin answers each message that arrived.

use std::io::{self, IsTerminal, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use common::{BackOff, Entries, Fault, Flags, Output, announce, bind, log, why};
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
    announce(listener.local_addr().map_err(|error| Fault::io("listener", &error))?);
    let trace = Trace::new(flags);
    if io::stdin().is_terminal() {
        let here = Arc::new(Mutex::new(None));
        let typed = Arc::clone(&here);
        thread::spawn(move || keyboard(&typed));
        serve(&listener, flags.idle, &trace, &mut Replies::AtAnyTime(here))
    } else {
        serve(&listener, flags.idle, &trace, &mut Replies::OneEach(Entries::new("")))
    }
}

/// The connection that is served now, if there is one.
type Here = Arc<Mutex<Option<Arc<Tap<TcpStream>>>>>;

/// Where the replies come from.
enum Replies {
    /// A thread of its own sends them.
    AtAnyTime(Here),
    /// One line of stdin for each message.
    OneEach(Entries),
}

fn serve(listener: &TcpListener, idle: Duration, trace: &Trace, replies: &mut Replies) -> ! {
    let mut pause = BackOff::new("accept");
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                pause.reset();
                log(format_args!("{peer}: is here"));
                let ending = serve_one(stream, peer, idle, trace, replies);
                log(format_args!("{peer}: {}", in_words(&ending, idle)));
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
    replies: &mut Replies,
) -> io::Result<u64> {
    stream.set_read_timeout(Some(idle))?;
    stream.set_write_timeout(Some(idle.min(NEVER_READS)))?;
    let recorder = trace.recorder();
    let tap = Arc::new(recorder.stream("server", stream));
    if let Replies::AtAnyTime(here) = replies {
        *lock(here) = Some(Arc::clone(&tap));
    }
    let ending = listen_to(&tap, replies);
    if let Replies::AtAnyTime(here) = replies {
        *lock(here) = None;
    }
    trace.log(&recorder, peer);
    ending
}

/// Shows what arrives, until the peer's end. How many bytes came.
fn listen_to(tap: &Tap<TcpStream>, replies: &mut Replies) -> io::Result<u64> {
    let mut total = 0;
    loop {
        let said = one_read(tap, ONE_READ)?;
        if said.is_empty() {
            return Ok(total);
        }
        total += said.len() as u64;
        let _ = Output::default().message(&said); // a closed stdout is no reason to end
        if let Replies::OneEach(entries) = replies
            && let Some(reply) = next_reply(entries)?
        {
            (&*tap).write_all(&reply)?;
        }
    }
}

/// The next line that can be sent; `None` for ever once stdin has ended.
fn next_reply(entries: &mut Entries) -> io::Result<Option<Vec<u8>>> {
    loop {
        match entries.next_entry()? {
            Some(line) if line.is_empty() => {} // an empty message is no message: TCP has nothing to send for it
            other => return Ok(other),
        }
    }
}

/// The thread that reads the keyboard: each line goes to whoever is here.
fn keyboard(here: &Here) {
    let mut entries = Entries::new("");
    while let Ok(Some(line)) = next_reply(&mut entries) {
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
