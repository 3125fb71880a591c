//! A person at the other end: what arrives is shown, what is typed goes to whoever was heard last.
//!
//! ```text
//!  socket ──▶ receiver: shows the message, notes its sender ──▶ Heard ──▶ replier: a line of stdin ──▶ socket
//! ```
//!
//! Two threads, because a program that waits for the keyboard hears nothing. On a terminal a person writes whenever they
//! like. In a pipe the lines are answers written in advance: each message takes one.

use std::io::{self, IsTerminal};
use std::net::{SocketAddr, UdpSocket};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use common::{Entries, Fault, log, why};
use timeline::Outputs;

use crate::datagram::{ROOM, too_large};
use crate::serve::{again, draw, show_next};

/// How long a message holds up the next person's, so that a line that is there already answers the right one. Once a
/// message has waited in vain there is no such line, and nobody is held up.
const ANSWERED_AT_ONCE: Duration = Duration::from_millis(100);

/// Shows and answers for ever. The end of stdin ends the answers only.
pub(crate) fn chat_server(socket: &UdpSocket, outputs: &Outputs) -> ! {
    let heard = Heard::default();
    let typing = io::stdin().is_terminal();
    thread::scope(|scope| {
        scope.spawn(|| reply(socket, outputs, &heard, typing));
        let mut room = vec![0; ROOM];
        loop {
            let mut first_unanswered = false;
            show_next(socket, outputs, &mut room, |peer| {
                first_unanswered = heard.message_from(peer)
            });
            if first_unanswered && !typing {
                heard.wait_for_an_answer(ANSWERED_AT_ONCE);
            }
        }
    })
}

/// Sends lines of stdin until it ends.
fn reply(socket: &UdpSocket, outputs: &Outputs, heard: &Heard, typing: bool) {
    let mut entries = Entries::new("");
    loop {
        if !typing {
            heard.wait_for_a_message();
        }
        match entries.next_entry() {
            Ok(Some(line)) => match heard.last() {
                Some(peer) => send(socket, outputs, peer, &line),
                None => log("nobody has written yet: there is no address to answer to"),
            },
            Ok(None) => return heard.no_more_answers(),
            Err(error) => {
                log(format_args!("error: stdin: {}", why(&error)));
                return heard.no_more_answers();
            }
        }
        heard.answered();
    }
}

fn send(socket: &UdpSocket, outputs: &Outputs, peer: SocketAddr, line: &[u8]) {
    let recorder = outputs.recorder();
    let tap = recorder.datagram("server", socket);
    let sent = match too_large(line) {
        Some(why) => Err(Fault::failed(peer, why)),
        None => again(|| tap.send_to(line, peer)).map_err(|error| Fault::io(peer, &error)),
    };
    if let Err(fault) = sent {
        let _ = fault.report();
    }
    draw(outputs, &recorder, peer);
}

/// What the two threads tell each other.
#[derive(Debug, Default)]
struct Heard {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    last: Option<SocketAddr>,
    /// Messages that no line has answered yet.
    unanswered: usize,
    no_more_answers: bool,
}

impl Heard {
    /// Whether all messages before this one have been answered.
    fn message_from(&self, peer: SocketAddr) -> bool {
        let mut state = self.lock();
        state.last = Some(peer);
        state.unanswered += 1;
        self.changed.notify_all();
        state.unanswered == 1
    }

    fn last(&self) -> Option<SocketAddr> {
        self.lock().last
    }

    fn answered(&self) {
        self.change(|state| state.unanswered = state.unanswered.saturating_sub(1));
    }

    fn no_more_answers(&self) {
        self.change(|state| state.no_more_answers = true);
    }

    fn wait_for_a_message(&self) {
        let state = self
            .changed
            .wait_while(self.lock(), |state| state.unanswered == 0);
        drop(state);
    }

    fn wait_for_an_answer(&self, limit: Duration) {
        let waiting = |state: &mut State| state.unanswered > 0 && !state.no_more_answers;
        let state = self.changed.wait_timeout_while(self.lock(), limit, waiting);
        drop(state);
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// A thread that panicked leaves nothing half done here.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
