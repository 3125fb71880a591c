//! One question, one answer, and what that takes where nothing is promised:
//!
//! * The answer comes from the address asked (`promises/only_the_peer.rs`), until a moment (`promises/deadline.rs`).
//! * What comes late, or twice, is not the answer to the next question. So whatever is waiting is dropped before a
//!   question is sent, and after a missing answer the socket is given up: what comes late to its port finds nobody.
//! * A name may stand for several addresses: they are tried in order and share the time.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use crate::datagram::{CAPACITY, Datagrams, again};
use crate::promises::deadline::receive_until;
use crate::promises::only_the_peer::hearing_only;
use crate::promises::too_large;

/// A client of one server.
#[derive(Debug)]
pub struct Asker<S, Wrap> {
    /// What the server's name stands for; after the first answer only the address that gave it.
    candidates: Vec<SocketAddr>,
    timeout: Duration,
    /// What is put around each new socket; `|socket| socket` is nothing.
    wrap: Wrap,
    /// Kept from one question to the next as long as answers come.
    socket: Option<S>,
}

/// Why a question has no answer: the address asked last, and its error.
pub type NoAnswer = (SocketAddr, io::Error);

impl<S: Datagrams, Wrap: Fn(UdpSocket) -> S> Asker<S, Wrap> {
    /// Asks the first of `candidates` that answers, and waits up to `timeout` for each answer. Nothing is sent yet.
    pub fn new(candidates: Vec<SocketAddr>, timeout: Duration, wrap: Wrap) -> Self {
        Self {
            candidates,
            timeout,
            wrap,
            socket: None,
        }
    }

    /// Sends one datagram and waits for one from the same address.
    ///
    /// # Errors
    /// The question is too large, nobody listens there (`ConnectionRefused`), or no answer came (`TimedOut`).
    pub fn ask(&mut self, question: &[u8]) -> Result<Vec<u8>, NoAnswer> {
        let deadline = Instant::now() + self.timeout;
        let candidates = self.candidates.clone();
        let no_address = ErrorKind::AddrNotAvailable.into();
        let mut failed = (SocketAddr::from(([0; 4], 0)), no_address);
        for (tried, &addr) in candidates.iter().enumerate() {
            let others = u32::try_from(candidates.len() - tried).unwrap_or(u32::MAX);
            let now = Instant::now();
            let share = deadline.saturating_duration_since(now) / others;
            match self.ask_at(addr, question, now + share) {
                Ok(answer) => {
                    self.candidates = vec![addr];
                    return Ok(answer);
                }
                Err(error) if error.kind() == ErrorKind::TimedOut => {
                    let why = format!("no answer in {} s", self.timeout.as_secs_f64());
                    failed = (addr, io::Error::new(ErrorKind::TimedOut, why));
                }
                Err(error) => failed = (addr, error),
            }
        }
        Err(failed)
    }

    /// A message that is there although nobody asked for it.
    pub fn unasked(&mut self) -> Option<Vec<u8>> {
        let socket = self.socket.as_ref()?.socket();
        let mut buffer = vec![0; CAPACITY];
        socket.set_nonblocking(true).ok()?;
        // The socket's error, if there is one, belongs to an earlier question.
        let result = again(|| socket.recv(&mut buffer));
        socket.set_nonblocking(false).ok()?;
        buffer.truncate(result.ok()?);
        Some(buffer)
    }

    fn ask_at(
        &mut self,
        addr: SocketAddr,
        question: &[u8],
        deadline: Instant,
    ) -> io::Result<Vec<u8>> {
        too_large::check(question)?;
        // A second answer to the last question, for instance.
        while Instant::now() < deadline && self.unasked().is_some() {}
        let socket = match self.socket.take() {
            Some(kept) => kept,
            None => (self.wrap)(hearing_only(addr)?),
        };
        again(|| socket.send(question))?;
        let answer = receive_until(&socket, deadline)?;
        self.socket = Some(socket); // any error above has given it up
        Ok(answer)
    }
}

#[cfg(test)]
mod tests;
