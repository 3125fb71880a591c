//! `talk` and `talk-server`: a person at each end. One speaks, the other answers, in turn.
//!
//! How long an answer is, only the person over there knows: whatever one read gives is taken for it.

use std::io::{self, Read, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use cli::{ExitError, Flags, Output, Result, log, next_entry};

use super::two_ends::{connected, listen, serve};
use crate::exchange::{ONE_READ, one_read};
use crate::promises::second_thread::NO_THREAD;
use crate::server::limit_silence;

/// The scene `talk`.
///
/// # Errors
/// No connection, no answer in time, or the server has left.
pub fn talk(flags: &Flags) -> Result {
    let mut output = Output;
    connected(flags, "talk-server", |link| {
        while let Some(line) = next_entry("> ")? {
            if line.is_empty() {
                continue; // nothing would be sent
            }
            link.heard((&link.stream).write_all(&line))?;
            let answer = link.heard(one_read(&link.stream, ONE_READ))?;
            link.whole(answer.len(), 1)?;
            output.message(&answer)?;
        }
        Ok(())
    })
}

/// The scene `talk-server`: what arrives is shown, and the next line of stdin is the reply.
///
/// # Errors
/// The address cannot be bound. Once it listens it never ends by itself.
pub fn talk_server(flags: &Flags) -> Result {
    let (idle, replies) = (flags.idle, replies()?);
    let listener = listen(flags)?;
    serve(&listener, flags, |stream| {
        log(format_args!("{}: is here", stream.peer_addr()?));
        limit_silence(stream, idle)?;
        answer(stream, &replies, idle)
    })
}

/// Lines of stdin, as somebody asks for them.
type Replies = Receiver<Vec<u8>>;

/// Answers each message until the peer's end. How many bytes came.
fn answer(mut peer: impl Read + Write, replies: &Replies, idle: Duration) -> io::Result<u64> {
    let mut total = 0;
    loop {
        let said = one_read(&mut peer, ONE_READ)?;
        if said.is_empty() {
            return Ok(total);
        }
        total += said.len() as u64;
        let _ = Output.message(&said); // a closed stdout is no reason to end
        match replies.recv_timeout(idle) {
            Ok(reply) => peer.write_all(&reply)?,
            Err(RecvTimeoutError::Disconnected) => {} // stdin has ended: from now on we only listen
            Err(RecvTimeoutError::Timeout) => {
                let why = format!("no reply on stdin in {} s", idle.as_secs_f64());
                return Err(io::Error::other(why));
            }
        }
    }
}

/// The lines of stdin, each taken when a reply is wanted. Blank ones are left out: TCP has nothing to send for them.
///
/// A read of stdin cannot be given up. So a thread does it, and the connection's side waits for the thread at most as
/// long as it would wait for the peer: otherwise a person who has left the keyboard would hold up every client.
fn replies() -> Result<Replies> {
    let (give, take) = mpsc::sync_channel(0);
    let typing = move || {
        while let Ok(Some(line)) = next_entry("") {
            if !line.is_empty() && give.send(line).is_err() {
                return;
            }
        }
    };
    let thread = thread::Builder::new().spawn(typing); // `thread::spawn` would panic where there is none to be had
    thread.map_err(|_| ExitError::failed("talk-server", NO_THREAD))?;
    Ok(take)
}
