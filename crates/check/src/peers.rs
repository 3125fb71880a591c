//! The other end of the program: a TCP connection, or a socket for datagrams.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::judge::ours;
use crate::report::{Checked, Failure, Kind, shown};

/// How long a silent program is waited for before that is said.
const SILENT: Duration = Duration::from_millis(1500);

/// One wait, until an absolute deadline.
#[derive(Debug)]
pub(crate) struct Wait {
    deadline: Instant,
    what: String,
    say: fn(&str),
    /// When it is said what is waited for; `None` once it was.
    say_at: Option<Instant>,
}

impl Wait {
    pub(crate) fn new(deadline: Instant, what: String, say: fn(&str)) -> Self {
        let say_at = Some(Instant::now() + SILENT);
        Self {
            deadline,
            what,
            say,
            say_at,
        }
    }

    /// Something has happened: the silence begins anew.
    fn begin(&mut self) {
        self.say_at = Some(Instant::now() + SILENT);
    }

    /// How long to wait before the next look; `None` when the time is over.
    pub(crate) fn next(&mut self) -> Option<Duration> {
        let now = Instant::now();
        if self.say_at.take_if(|at| now >= *at).is_some() {
            (self.say)(&format!("waiting for {}", self.what));
        }
        let next = self
            .say_at
            .map_or(self.deadline, |at| at.min(self.deadline));
        let left = next
            .saturating_duration_since(now)
            .max(Duration::from_millis(1));
        (now < self.deadline).then_some(left)
    }
}

/// Interrupted, or a timeout: the deadline decides.
fn again(error: &io::Error) -> bool {
    let kinds = [
        ErrorKind::Interrupted,
        ErrorKind::WouldBlock,
        ErrorKind::TimedOut,
    ];
    kinds.contains(&error.kind())
}

/// The other end of the program's connection.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    wait: Wait,
    /// What was sent since the last right answer.
    sent: Vec<u8>,
}

impl Client {
    pub(crate) fn new(stream: TcpStream, wait: Wait) -> Checked<Self> {
        stream.set_nodelay(true).map_err(ours)?;
        let sent = Vec::new();
        Ok(Self { stream, wait, sent })
    }

    /// Sends these bytes in one write.
    ///
    /// # Errors
    /// The program has closed the connection, or does not read.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> Checked {
        let mut rest = bytes.as_ref();
        self.sent.extend_from_slice(rest);
        while !rest.is_empty() {
            match self.call(TcpStream::set_write_timeout, |mut stream| {
                stream.write(rest)
            }) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) => {
                    return Err(self.failed("the program to read what is sent", b"", &error));
                }
            }
        }
        Ok(())
    }

    /// Sends these bytes one at a time, each in a write of its own.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn send_cut(&mut self, bytes: impl AsRef<[u8]>) -> Checked {
        bytes
            .as_ref()
            .chunks(1)
            .try_for_each(|byte| self.send(byte))
    }

    /// Lets the program go on to its next read, if it wants to.
    pub fn pause(&self) {
        thread::sleep(Duration::from_millis(10));
    }

    /// The next `count` bytes; `wanted` says what they should be.
    ///
    /// # Errors
    /// Fewer came; which ones is said.
    pub fn take(&mut self, count: usize, wanted: &str) -> Checked<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            match self.piece(count - bytes.len()) {
                Ok(piece) if piece.is_empty() => {
                    let end = ErrorKind::UnexpectedEof.into();
                    return Err(self.failed(wanted, &bytes, &end));
                }
                Ok(piece) => bytes.extend(piece),
                Err(error) => return Err(self.failed(wanted, &bytes, &error)),
            }
        }
        Ok(bytes)
    }

    /// The next bytes have to be these.
    ///
    /// # Errors
    /// Others came, or fewer.
    pub fn wants(&mut self, wanted: impl AsRef<[u8]>) -> Checked {
        let wanted = wanted.as_ref();
        let came = self.take(wanted.len(), &shown(wanted))?;
        if came != wanted {
            return Err(Failure::differ(wanted, &came).after(&self.sent));
        }
        self.sent.clear();
        Ok(())
    }

    /// We send no more and the program has to send exactly this and then to close; nothing, if all has come before.
    ///
    /// # Errors
    /// Something else came, or it stays.
    pub fn wants_to_the_end(&mut self, wanted: impl AsRef<[u8]>) -> Checked {
        self.half_close()?;
        self.reads_to_the_end(wanted)
    }

    /// The same for a program that closes first: we do not.
    ///
    /// # Errors
    /// As [`Client::wants_to_the_end`].
    pub fn reads_to_the_end(&mut self, wanted: impl AsRef<[u8]>) -> Checked {
        if !wanted.as_ref().is_empty() {
            self.wants(wanted)?;
        }
        self.closes("the end of the connection", |_| false)
    }

    /// All that comes until the program closes; `wanted` says what it should be.
    ///
    /// # Errors
    /// It stays, or more than a mebibyte comes.
    pub fn all(&mut self, wanted: &str) -> Checked<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            match self.piece(8192) {
                Ok(piece) if piece.is_empty() => return Ok(all),
                Ok(piece) => all.extend_from_slice(&piece),
                Err(error) => return Err(self.failed(wanted, &all, &error)),
            }
            if all.len() > 1024 * 1024 {
                return Err(Failure::new(wanted, "more than a mebibyte").after(&self.sent));
            }
        }
    }

    /// The program has to end the connection although we have not closed our side. A reset counts too.
    ///
    /// # Errors
    /// Something came, or it stays.
    pub fn wants_to_be_cut_off(&mut self) -> Checked {
        let reset = |error: &io::Error| error.kind() == ErrorKind::ConnectionReset;
        self.closes("the program to close the connection", reset)
    }

    fn closes(&mut self, wanted: &str, or: fn(&io::Error) -> bool) -> Checked {
        match self.piece(8192) {
            Ok(piece) if piece.is_empty() => Ok(()),
            Ok(piece) => {
                Err(Failure::new(wanted, format!("{} more", shown(&piece))).after(&self.sent))
            }
            Err(error) if or(&error) => Ok(()),
            Err(error) => Err(self.failed(wanted, b"", &error)),
        }
    }

    /// We have said all and go on reading.
    ///
    /// # Errors
    /// The socket refuses.
    pub fn half_close(&mut self) -> Checked {
        match self.stream.shutdown(Shutdown::Write) {
            // It is over already, in both directions: what there is to read says how.
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            done => done.map_err(ours),
        }
    }

    /// Ends the connection by force: the program gets a reset.
    ///
    /// # Errors
    /// The option cannot be set.
    pub fn reset(self) -> Checked {
        let linger = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        linger.map_err(ours)
    }

    /// What one read gives, at most `most` bytes; empty at the end.
    fn piece(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut block = vec![0; most.min(64 * 1024)];
        let read = |mut stream: &TcpStream| stream.read(&mut block);
        let count = self.call(TcpStream::set_read_timeout, read)?;
        block.truncate(count);
        Ok(block)
    }

    /// Repeats a call until it gives something, or the time is over.
    fn call(
        &mut self,
        set: fn(&TcpStream, Option<Duration>) -> io::Result<()>,
        mut call: impl FnMut(&TcpStream) -> io::Result<usize>,
    ) -> io::Result<usize> {
        self.wait.begin();
        loop {
            let left = self.wait.next().ok_or(ErrorKind::TimedOut)?;
            set(&self.stream, Some(left))?;
            match call(&self.stream) {
                Err(error) if again(&error) => {}
                done => return done,
            }
        }
    }

    /// What came, and then this.
    fn failed(&self, wanted: &str, came: &[u8], error: &io::Error) -> Failure {
        let (kind, then) = match error.kind() {
            ErrorKind::TimedOut => (Kind::TimedOut, "nothing more in time".to_owned()),
            ErrorKind::UnexpectedEof => (Kind::Differs, "the end of the connection".to_owned()),
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                let why = "a reset: the program has closed and left bytes of ours unread";
                (Kind::Differs, why.to_owned())
            }
            _ => (Kind::Differs, cli::why(error)),
        };
        let came = match came {
            b"" => then.replace(" more", ""),
            _ => format!("{} and then {then}", shown(came)),
        };
        Failure::new(wanted, came).of(kind).after(&self.sent)
    }
}

/// A UDP socket of the judge's.
#[derive(Debug)]
pub struct Post {
    socket: UdpSocket,
}

/// One datagram and who sent it.
#[derive(Debug)]
pub struct Letter {
    /// What is in it.
    pub bytes: Vec<u8>,
    /// The sender's address.
    pub from: SocketAddr,
}

impl Post {
    pub(crate) fn new(socket: UdpSocket) -> Self {
        Self { socket }
    }

    /// A stranger: a socket on a free port.
    ///
    /// # Errors
    /// There is none.
    pub fn open() -> Checked<Self> {
        UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
            .map(Self::new)
            .map_err(ours)
    }

    /// Sends one datagram. A program that has ended is no failure: the next look says so.
    ///
    /// # Errors
    /// It cannot be sent.
    pub fn send(&self, bytes: &[u8], to: SocketAddr) -> Checked {
        match self.socket.send_to(bytes, to) {
            Err(error) if error.kind() != ErrorKind::ConnectionRefused => Err(ours(error)),
            _ => Ok(()),
        }
    }

    /// No datagram may be there.
    ///
    /// # Errors
    /// One is; what is in it is said.
    pub fn wants_silence(&self) -> Checked {
        match self.look(Duration::from_millis(1))? {
            None => Ok(()),
            Some(letter) => Err(Failure::new("no more datagrams", shown(&letter.bytes))),
        }
    }

    /// The next datagram, if one comes within `limit`.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn look(&self, limit: Duration) -> Checked<Option<Letter>> {
        self.socket.set_read_timeout(Some(limit)).map_err(ours)?;
        let mut bytes = vec![0; 65_536];
        match self.socket.recv_from(&mut bytes) {
            Ok((size, from)) => {
                bytes.truncate(size);
                Ok(Some(Letter { bytes, from }))
            }
            // The time is over, a signal, or Windows' news of an earlier datagram.
            Err(error) if again(&error) || error.kind() == ErrorKind::ConnectionReset => Ok(None),
            Err(error) => Err(ours(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A peer in this process, for what a program would do wrong.
    fn against(peer: fn(TcpStream)) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        thread::spawn(move || peer(listener.accept().unwrap().0));
        let deadline = Instant::now() + Duration::from_secs(30);
        Client::new(stream, Wait::new(deadline, "the peer".into(), |_| {})).unwrap()
    }

    fn said(checked: Checked) -> String {
        checked.unwrap_err().to_string()
    }

    #[test]
    fn too_few_bytes_are_shown_with_the_end_or_the_reset() {
        let mut client = against(|mut peer| peer.write_all(b"ab").unwrap());
        let short = r#"wanted 3 bytes "abc" (61 62 63), came 2 bytes "ab" (61 62) and then the end of the connection"#;
        assert_eq!(said(client.wants("abc")), short);
        let reset = |peer: TcpStream| {
            SockRef::from(&peer)
                .set_linger(Some(Duration::ZERO))
                .unwrap();
        };
        let mut client = against(reset);
        assert!(said(client.wants("abc")).contains("came a reset: the program has closed"));
    }

    #[test]
    fn more_than_was_wanted_is_shown_by_a_client_that_wants_the_end() {
        let mut client = against(|mut peer| peer.write_all(b"more").unwrap());
        let more = r#"wanted the end of the connection, came 2 bytes "re" (72 65) more"#;
        assert_eq!(said(client.wants_to_the_end("mo")), more);
        against(|mut peer| peer.write_all(b"more").unwrap())
            .wants_to_the_end("more")
            .unwrap();
    }

    #[test]
    fn a_program_may_cut_a_liar_off_with_an_end_or_a_reset_but_not_answer() {
        against(drop).wants_to_be_cut_off().unwrap();
        let mut client = against(|peer| {
            peer.peek(&mut [0]).unwrap(); // bytes that are left unread make the close a reset
        });
        client.send("x").unwrap();
        client.wants_to_be_cut_off().unwrap();
        let mut client = against(|mut peer| peer.write_all(b"no").unwrap());
        assert!(said(client.wants_to_be_cut_off()).contains(r#"came 2 bytes "no""#));
    }

    #[test]
    fn the_deadline_is_absolute_both_ways_whatever_comes() {
        let mut client = against(|mut peer| while peer.write_all(b".").is_ok() {});
        client.wants("..........").unwrap();
        client.wait.deadline = Instant::now();
        for late in [
            client.wants("."),
            client.send("x"),
            client.wants_to_the_end(""),
        ] {
            let late = late.unwrap_err();
            assert_eq!(late.kind, Kind::TimedOut);
            assert!(late.to_string().ends_with("came nothing in time"), "{late}");
        }
    }

    #[test]
    fn a_program_that_does_not_read_is_not_waited_for_for_ever() {
        let mut client = against(|peer| drop(peer.peek(&mut [0]).map(|_| thread::park())));
        client.wait.deadline = Instant::now() + Duration::from_millis(50);
        let late = client.send(vec![0; 64 * 1024 * 1024]).unwrap_err();
        assert_eq!(late.kind, Kind::TimedOut);
    }

    #[test]
    fn what_is_waited_for_is_said_once_when_it_takes_long() {
        static SAID: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());
        let say = |line: &str| SAID.lock().unwrap().push(line.to_owned());
        let mut wait = Wait::new(
            Instant::now() + Duration::from_secs(30),
            "Godot".into(),
            say,
        );
        assert!(wait.next().unwrap() <= SILENT);
        assert!(SAID.lock().unwrap().is_empty());
        wait.say_at = Some(Instant::now());
        assert!(wait.next().unwrap() > SILENT && wait.next().is_some());
        assert_eq!(*SAID.lock().unwrap(), ["waiting for Godot"]);
        wait.deadline = Instant::now();
        assert_eq!(wait.next(), None);
    }
}
