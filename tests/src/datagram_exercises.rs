//! Judging a program that speaks UDP: the judge is the other end, or a stranger.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use crate::exercises::{Judge, LIMIT, shown};

/// How long a program that runs may take for its next datagram.
const SOON: Duration = Duration::from_secs(3);

/// A socket of the judge's.
#[derive(Debug)]
pub struct Post {
    socket: UdpSocket,
}

/// One datagram and who sent it.
#[derive(Debug, PartialEq, Eq)]
pub struct Letter {
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The sender's address.
    pub from: SocketAddr,
}

impl Post {
    /// On a free port of this machine.
    ///
    /// # Errors
    /// Those of `bind(2)`.
    pub fn open() -> Result<Self, String> {
        let socket =
            UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
        Ok(Self { socket })
    }

    /// Where it is.
    ///
    /// # Errors
    /// Those of `getsockname(2)`.
    pub fn addr(&self) -> Result<SocketAddr, String> {
        self.socket.local_addr().map_err(|error| error.to_string())
    }

    /// Sends one datagram.
    ///
    /// # Errors
    /// It cannot be sent. A program that has gone is no error: nobody is told.
    pub fn send(&self, bytes: &[u8], to: SocketAddr) -> Result<(), String> {
        match self.socket.send_to(bytes, to) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(()),
            Err(error) => Err(format!("sending {}: {error}", shown(bytes))),
        }
    }

    /// The next datagram.
    ///
    /// # Errors
    /// None came in time.
    pub fn take(&self, what: &str) -> Result<Letter, String> {
        self.take_within(LIMIT, what)
    }

    /// The next datagram of a program that runs already: it need not start an interpreter any more.
    ///
    /// # Errors
    /// None came in time.
    pub fn take_soon(&self, what: &str) -> Result<Letter, String> {
        self.take_within(SOON, what)
    }

    fn take_within(&self, limit: Duration, what: &str) -> Result<Letter, String> {
        let letter = self
            .look(limit)
            .map_err(|error| format!("{what}: {error}"))?;
        letter.ok_or_else(|| format!("{what}: no datagram came in {} s", limit.as_secs()))
    }

    /// No datagram may come for a while.
    ///
    /// # Errors
    /// One came; what is in it is said.
    pub fn wants_silence(&self, limit: Duration, what: &str) -> Result<(), String> {
        match self
            .look(limit)
            .map_err(|error| format!("{what}: {error}"))?
        {
            None => Ok(()),
            Some(letter) => Err(format!(
                "{what}: wanted silence, came {}",
                shown(&letter.bytes)
            )),
        }
    }

    /// The next datagram, if one comes within `limit`.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn look(&self, limit: Duration) -> Result<Option<Letter>, String> {
        self.socket
            .set_read_timeout(Some(limit))
            .map_err(|error| error.to_string())?;
        let mut buffer = vec![0; 65_536];
        loop {
            match self.socket.recv_from(&mut buffer) {
                Ok((size, from)) => {
                    buffer.truncate(size);
                    return Ok(Some(Letter {
                        bytes: buffer,
                        from,
                    }));
                }
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => return Ok(None),
                    // A signal, or Windows' news of an earlier datagram.
                    ErrorKind::Interrupted | ErrorKind::ConnectionReset => {}
                    _ => return Err(error.to_string()),
                },
            }
        }
    }
}

impl Judge {
    /// The program as a client over UDP: it is given the port of this socket, and `stdin`.
    ///
    /// # Errors
    /// No port could be had.
    pub fn post(&mut self, stdin: &[u8]) -> Result<Post, String> {
        let post = Post::open()?;
        self.start_at(post.addr()?.port()).feed(stdin.to_vec());
        Ok(post)
    }

    /// The program as a server over UDP: it is given a free port, and has to say `listening on` it.
    ///
    /// # Errors
    /// It does not say so in time.
    pub fn listening(&mut self) -> Result<SocketAddr, String> {
        let addr = Post::open()?.addr()?; // closed again: the program binds it
        let program = self.start_at(addr.port());
        let said = program.stdout.line(LIMIT, "listening on ");
        let said = said.ok_or("it does not say `listening on 127.0.0.1:PORT`")?;
        if said == addr.to_string() {
            Ok(addr)
        } else {
            Err(format!("wanted `listening on {addr}`, came {said}"))
        }
    }
}
