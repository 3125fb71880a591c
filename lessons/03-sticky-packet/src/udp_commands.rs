//! Remote commands over UDP: nothing can stick, and what is too big never arrives. Wrong on purpose.
//!
//! ```text
//! client                                   server
//! [seq 3]            ─────────────────▶    one datagram, one command
//!                    ◀─────────────────    []           stderr first, here empty: an empty datagram is one, too
//!                    ◀─────────────────    [1 2 3]      then stdout
//! ```
//!
//! Which of the two answers is which is told by their order alone, and UDP does not promise an order.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use runner::{Answer, NOT_ALLOWED, guard};
use timeline::{DatagramTap, Recorder};

use crate::tcp_commands::ONE_READ;

/// Room for any datagram: its length is a 16-bit number (RFC 768).
const ROOM: usize = 65_536;
/// The largest payload over IPv4: 65,535 - 20 (IP header) - 8 (UDP header).
pub const LARGEST: usize = 65_507;

/// Answers one datagram; `say` gets a line about what was not sent or not run.
///
/// # Errors
/// Receiving failed.
pub fn serve_one(
    tap: &DatagramTap<&UdpSocket>,
    run: impl FnOnce(&[u8], SocketAddr) -> Answer,
    say: &mut dyn FnMut(String),
) -> io::Result<()> {
    let mut room = vec![0; ROOM];
    let (size, peer) = tap.recv_from(&mut room)?;
    let command = room.get(..size).unwrap_or_default();
    if let Err(what) = guard::framed(command) {
        say(format!("{peer}: {what}: no answer"));
        return Ok(());
    }
    let answer = if size > ONE_READ {
        // The tutorials' recvfrom(1024) would run the first 1,024 bytes of it.
        let why = format!("command of {size} bytes is over the limit of {ONE_READ}");
        Answer::line(NOT_ALLOWED, "not allowed", why)
    } else {
        run(command, peer)
    };
    for (name, bytes) in [("stderr", &answer.stderr), ("stdout", &answer.stdout)] {
        if bytes.len() > LARGEST {
            let size = bytes.len();
            say(format!(
                "{peer}: {name} not sent: datagram of {size} bytes is over the limit of {LARGEST}"
            ));
        } else if let Err(error) = send(tap, bytes, peer) {
            say(format!("{peer}: {name} not sent: {}", common::why(&error)));
        }
    }
    Ok(())
}

fn send(tap: &DatagramTap<&UdpSocket>, bytes: &[u8], peer: SocketAddr) -> io::Result<()> {
    loop {
        match tap.send_to(bytes, peer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            done => return done.map(drop),
        }
    }
}

/// What came back for one command.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Datagrams {
    /// The first datagram: stderr.
    pub errors: Option<Vec<u8>>,
    /// The second: stdout.
    pub output: Option<Vec<u8>>,
}

/// A client of one address.
#[derive(Debug)]
pub struct UdpClient {
    recorder: Recorder,
    timeout: Duration,
    /// What the name stands for; after an answer only the address that gave it.
    candidates: Vec<SocketAddr>,
    /// Given up after a missing answer: what comes late to its port is not taken for the next answer.
    socket: Option<DatagramTap<UdpSocket>>,
}

impl UdpClient {
    /// Asks `candidates` in order; they share `timeout`, and so do the two datagrams of an answer.
    pub fn new(candidates: Vec<SocketAddr>, timeout: Duration, recorder: &Recorder) -> Self {
        Self {
            recorder: recorder.clone(),
            timeout,
            candidates,
            socket: None,
        }
    }

    /// Runs one command over there. What came until the time was over is in the first part, what was missing in the second.
    pub fn ask(&mut self, command: &[u8]) -> (Datagrams, io::Result<()>) {
        let deadline = Instant::now() + self.timeout;
        let candidates = self.candidates.clone();
        let mut missing = Err(ErrorKind::AddrNotAvailable.into());
        for (tried, addr) in candidates.iter().enumerate() {
            let others = u32::try_from(candidates.len() - tried).unwrap_or(u32::MAX);
            let now = Instant::now();
            let share = now + deadline.saturating_duration_since(now) / others;
            let mut came = Datagrams::default();
            missing = self.ask_at(*addr, command, share, &mut came);
            if missing.is_err() {
                self.socket = None;
            }
            if missing.is_ok() || came.errors.is_some() {
                self.candidates = vec![*addr];
                return (came, missing);
            }
        }
        (Datagrams::default(), missing)
    }

    fn ask_at(
        &mut self,
        addr: SocketAddr,
        command: &[u8],
        deadline: Instant,
        came: &mut Datagrams,
    ) -> io::Result<()> {
        let tap = match self.socket.take() {
            Some(tap) => tap,
            None => self.recorder.datagram("client", connected(addr)?),
        };
        let tap = self.socket.insert(tap);
        tap.send(command)?;
        came.errors = Some(receive(tap, deadline)?);
        came.output = Some(receive(tap, deadline)?);
        Ok(())
    }
}

/// A socket that hears `addr` and nobody else: `connect` sends nothing, it tells the kernel whom we talk to.
fn connected(addr: SocketAddr) -> io::Result<UdpSocket> {
    let socket = match addr {
        SocketAddr::V4(_) => UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?,
        SocketAddr::V6(_) => UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?,
    };
    socket.connect(addr)?;
    Ok(socket)
}

/// The next datagram before the deadline, however often the waiting is cut short.
fn receive(tap: &DatagramTap<UdpSocket>, deadline: Instant) -> io::Result<Vec<u8>> {
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
            Err(error) => match error.kind() {
                ErrorKind::Interrupted | ErrorKind::WouldBlock | ErrorKind::TimedOut => {}
                _ => return Err(error),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(stdout: Vec<u8>, stderr: &[u8]) -> Answer {
        Answer {
            status: 0,
            stdout,
            stderr: stderr.to_vec(),
            cut: false,
        }
    }

    /// One exchange with a server that answers so; what it said, what came, what was missing.
    fn exchange(
        command: &[u8],
        timeout: Duration,
        answer: Answer,
    ) -> (Vec<String>, Datagrams, io::Result<()>) {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let mut client = UdpClient::new(
            vec![socket.local_addr().unwrap()],
            timeout,
            &Recorder::off(),
        );
        std::thread::scope(|scope| {
            let server = scope.spawn(|| {
                let mut said = Vec::new();
                let tap = Recorder::off().datagram("server", &socket);
                serve_one(&tap, |_, _| answer, &mut |line| said.push(line)).unwrap();
                said
            });
            let (came, missing) = client.ask(command);
            (server.join().unwrap(), came, missing)
        })
    }

    #[test]
    fn stderr_comes_first_then_stdout_and_each_may_be_empty() {
        for (out, err) in [("out", "err"), ("", "err"), ("out", ""), ("", "")] {
            let (said, came, missing) = exchange(
                b"x",
                Duration::from_secs(10),
                answer(out.into(), err.as_bytes()),
            );
            missing.unwrap();
            assert_eq!(
                came,
                Datagrams {
                    errors: Some(err.into()),
                    output: Some(out.into())
                }
            );
            assert!(said.is_empty());
        }
    }

    #[test]
    fn the_largest_datagram_arrives_and_one_byte_more_is_told_and_not_sent() {
        let (_, came, missing) = exchange(
            b"x",
            Duration::from_secs(10),
            answer(vec![b'x'; LARGEST], b""),
        );
        missing.unwrap();
        assert_eq!(came.output.unwrap().len(), 65_507);

        let timeout = Duration::from_millis(100);
        let (said, came, missing) = exchange(b"x", timeout, answer(vec![b'x'; LARGEST + 1], b"e"));
        assert_eq!(missing.unwrap_err().kind(), ErrorKind::TimedOut);
        assert_eq!(
            came,
            Datagrams {
                errors: Some(b"e".to_vec()),
                output: None
            }
        );
        assert!(
            said[0]
                .ends_with("stdout not sent: datagram of 65508 bytes is over the limit of 65507"),
            "{said:?}"
        );
    }

    #[test]
    fn http_gets_no_answer_and_a_long_command_is_refused_instead_of_cut() {
        let (said, came, missing) = exchange(
            b"GET / HTTP/1.1\r\n\r\n",
            Duration::from_millis(50),
            answer(vec![], b""),
        );
        assert!(missing.is_err() && came == Datagrams::default());
        assert!(said[0].contains("this is HTTP"), "{said:?}");

        let (_, came, _) = exchange(
            &[b'x'; 1025],
            Duration::from_secs(10),
            answer(b"ran".to_vec(), b""),
        );
        assert_eq!(
            came.errors.unwrap(),
            b"not allowed: command of 1025 bytes is over the limit of 1024\n"
        );
        assert_eq!(came.output.unwrap(), b"");
    }
}
