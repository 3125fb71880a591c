//! One question, one answer.
//!
//! ```text
//!  question ──▶ · · · · · · · · · · · · ·│ deadline
//!               ◀── answer: done
//!               ◀── from anybody else: never seen
//!               ◀── "nobody listens there" (ICMP): refused
//!                                        │ nothing: no answer
//! ```
//!
//! The deadline is a moment, not a time per call: a stranger who sends something every second must not make us wait for
//! ever. `connect` on a datagram socket sends nothing. It tells our kernel whom we talk to, and from then on the kernel
//! drops datagrams from any other address, and reports a refusal.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use common::{Address, Fault, why};
use timeline::{DatagramTap, Recorder};

use crate::datagram::{ROOM, too_large};
use crate::serve::again;

/// A client of one address.
#[derive(Debug)]
pub struct Asker {
    address: Address,
    timeout: Duration,
    /// The command that starts the other end: the next step when nobody listens there.
    server: &'static str,
    recorder: Recorder,
    /// What the name stands for; after the first answer only the address that gave it.
    candidates: Vec<SocketAddr>,
    /// Kept from one question to the next as long as answers come. After a missing answer it is given up: what comes
    /// late to its port cannot be mistaken for the answer to the next question.
    socket: Option<DatagramTap<UdpSocket>>,
}

impl Asker {
    /// Asks `address`, and waits up to `timeout` for each answer. Nothing is sent yet.
    ///
    /// # Errors
    /// Port 0: wrong usage.
    pub fn new(
        address: &Address,
        timeout: Duration,
        server: &'static str,
        recorder: &Recorder,
    ) -> Result<Self, Fault> {
        if address.port() == 0 {
            let hint = "port 0 is only for binding; name the port the server printed";
            return Err(Fault::Usage(format!("{address}: {hint}")));
        }
        let (address, recorder) = (address.clone(), recorder.clone());
        Ok(Self {
            address,
            timeout,
            server,
            recorder,
            candidates: Vec::new(),
            socket: None,
        })
    }

    /// Looks the name up, so that a wrong one is told before anything is typed.
    ///
    /// # Errors
    /// The name does not resolve.
    pub fn resolve(&mut self) -> Result<(), Fault> {
        if self.candidates.is_empty() {
            self.candidates = self.address.resolve()?;
        }
        Ok(())
    }

    /// Sends one datagram and waits for one from the same address.
    ///
    /// A name may stand for several addresses: they are tried in order and share the time.
    ///
    /// # Errors
    /// The question is too large, the name does not resolve, nobody listens there, or no answer came in time.
    pub fn ask(&mut self, question: &[u8]) -> Result<Vec<u8>, Fault> {
        if let Some(why) = too_large(question) {
            return Err(Fault::failed(&self.address, why));
        }
        self.resolve()?;
        let deadline = Instant::now() + self.timeout;
        let candidates = self.candidates.clone();
        let mut failed = Fault::failed(&self.address, "no address");
        for (tried, addr) in candidates.iter().enumerate() {
            let others = u32::try_from(candidates.len() - tried).unwrap_or(u32::MAX);
            let now = Instant::now();
            match self.ask_at(
                *addr,
                question,
                now + deadline.saturating_duration_since(now) / others,
            ) {
                Ok(answer) => {
                    self.candidates = vec![*addr];
                    return Ok(answer);
                }
                Err(error) => failed = self.fault(*addr, &error),
            }
        }
        Err(failed)
    }

    /// A message that is there although nobody asked for it.
    pub fn unasked(&mut self) -> Option<Vec<u8>> {
        let tap = self.socket.as_ref()?;
        tap.get_ref().set_nonblocking(true).ok()?;
        let mut room = vec![0; ROOM];
        // The socket's error, if there is one, belongs to an earlier question.
        let result = again(|| tap.get_ref().recv(&mut room));
        tap.get_ref().set_nonblocking(false).ok()?;
        room.truncate(result.ok()?);
        Some(room)
    }

    fn ask_at(
        &mut self,
        addr: SocketAddr,
        question: &[u8],
        deadline: Instant,
    ) -> io::Result<Vec<u8>> {
        if self.socket.is_none() {
            self.socket = Some(self.recorder.datagram("client", connected(addr)?));
        }
        // What came until now (a second answer to the last question, for instance) is not the answer to this one.
        while Instant::now() < deadline && self.unasked().is_some() {}
        let result = self.exchange(question, deadline);
        if result.is_err() {
            self.socket = None;
        }
        result
    }

    fn exchange(&self, question: &[u8], deadline: Instant) -> io::Result<Vec<u8>> {
        let tap = self.socket.as_ref().ok_or(ErrorKind::NotConnected)?;
        again(|| tap.send(question))?;
        answer_until(tap, deadline)
    }

    /// The `error:` line of a question without an answer.
    fn fault(&self, addr: SocketAddr, error: &io::Error) -> Fault {
        match error.kind() {
            // Windows calls the same news a reset.
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Fault::failed(
                addr,
                format!("refused: is the server running? try {}", self.server),
            ),
            ErrorKind::TimedOut => Fault::failed(
                addr,
                format!("no answer in {} s", self.timeout.as_secs_f64()),
            ),
            _ => Fault::failed(addr, why(error)),
        }
    }
}

/// A socket on a free port that hears `addr` and nobody else.
fn connected(addr: SocketAddr) -> io::Result<UdpSocket> {
    let socket = if addr.is_ipv6() {
        UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?
    } else {
        UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?
    };
    socket.connect(addr)?;
    Ok(socket)
}

/// Waits for a datagram until `deadline`, however often the waiting is cut short.
// ANCHOR: deadline
fn answer_until(tap: &DatagramTap<UdpSocket>, deadline: Instant) -> io::Result<Vec<u8>> {
    let mut room = vec![0; ROOM];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into()); // std refuses a timeout of zero
        }
        tap.get_ref().set_read_timeout(Some(left))?;
        match tap.recv(&mut room) {
            Ok(size) => {
                room.truncate(size);
                return Ok(room);
            }
            // Linux says WouldBlock when the time is over, Windows says TimedOut.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
// ANCHOR_END: deadline

#[cfg(test)]
mod tests;
