//! The other end of the program: a TCP connection, or a socket for datagrams.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::report::{Checked, Failure, shown};

/// How long a silent program is waited for before that is said.
const SILENT: Duration = Duration::from_millis(1500);
/// More than any answer that is read to its end.
const ALL: usize = 1024 * 1024;

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

    /// How long to wait before the next look; `None` when the time is over.
    pub(crate) fn next(&mut self) -> Option<Duration> {
        let now = Instant::now();
        if self.say_at.take_if(|at| now >= *at).is_some() {
            (self.say)(&format!("waiting for {}", self.what));
        }
        let next = self.say_at.unwrap_or(self.deadline).min(self.deadline);
        let left = next.saturating_duration_since(now);
        (now < self.deadline).then(|| left.max(Duration::from_millis(1)))
    }
}

/// Interrupted, or a timeout: the deadline decides.
fn again(error: &io::Error) -> bool {
    use ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(error.kind(), Interrupted | WouldBlock | TimedOut)
}

/// The other end of the program's connection.
#[derive(Debug)]
pub(crate) struct Client {
    stream: TcpStream,
    wait: Wait,
    /// What was sent since the last right answer.
    sent: Vec<u8>,
}

impl Client {
    pub(crate) fn new(stream: TcpStream, wait: Wait) -> Checked<Self> {
        stream.set_nodelay(true)?;
        let sent = Vec::new();
        Ok(Self { stream, wait, sent })
    }

    /// Sends these bytes in one write.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> Checked {
        let mut rest = bytes.as_ref();
        self.sent.extend_from_slice(rest);
        while !rest.is_empty() {
            match self.call(|mut stream| stream.write(rest)) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) => {
                    return Err(self.failed("the program to read what is sent", b"", &error));
                }
            }
        }
        Ok(())
    }

    /// Sends these bytes one at a time, each in a write of its own.
    pub(crate) fn send_cut(&mut self, bytes: impl AsRef<[u8]>) -> Checked {
        let mut bytes = bytes.as_ref().chunks(1);
        bytes.try_for_each(|byte| self.send(byte))
    }

    /// Lets the program go on to its next read, if it wants to.
    pub(crate) fn pause(&self) {
        thread::sleep(Duration::from_millis(10));
    }

    /// The next `count` bytes; `wanted` says what they should be.
    pub(crate) fn take(&mut self, count: usize, wanted: &str) -> Checked<Vec<u8>> {
        let bytes = self.read(count, wanted)?;
        match bytes.len() == count {
            true => Ok(bytes),
            false => Err(self.failed(wanted, &bytes, &ErrorKind::UnexpectedEof.into())),
        }
    }

    /// The next bytes have to be these.
    pub(crate) fn wants(&mut self, wanted: impl AsRef<[u8]>) -> Checked {
        let wanted = wanted.as_ref();
        let came = self.take(wanted.len(), &shown(wanted))?;
        if came != wanted {
            return Err(Failure::differ(wanted, &came).after(&self.sent));
        }
        self.sent.clear();
        Ok(())
    }

    /// We send no more and the program has to send exactly this and then to close; nothing, if all has come before.
    pub(crate) fn wants_to_the_end(&mut self, wanted: impl AsRef<[u8]>) -> Checked {
        self.half_close()?;
        self.reads_to_the_end(wanted)
    }

    /// The same for a program that closes first: we do not.
    pub(crate) fn reads_to_the_end(&mut self, wanted: impl AsRef<[u8]>) -> Checked {
        if !wanted.as_ref().is_empty() {
            self.wants(wanted)?;
        }
        self.closes("the end of the connection", |_| false)
    }

    /// All that comes until the program closes; `wanted` says what it should be.
    pub(crate) fn all(&mut self, wanted: &str) -> Checked<Vec<u8>> {
        let all = self.read(ALL + 1, wanted)?;
        match all.len() > ALL {
            false => Ok(all),
            true => Err(Failure::new(wanted, "more than a mebibyte").after(&self.sent)),
        }
    }

    /// The program has to end the connection although we have not closed our side. A reset counts too.
    pub(crate) fn wants_to_be_cut_off(&mut self) -> Checked {
        let reset = |error: &io::Error| error.kind() == ErrorKind::ConnectionReset;
        self.closes("the program to close the connection", reset)
    }

    fn closes(&mut self, wanted: &str, or: fn(&io::Error) -> bool) -> Checked {
        let mut block = vec![0; 8192];
        match self.call(|mut stream| stream.read(&mut block)) {
            Ok(0) => Ok(()),
            Ok(count) => {
                let more = shown(block.get(..count).unwrap_or_default());
                Err(Failure::new(wanted, format!("{more} more")).after(&self.sent))
            }
            Err(error) if or(&error) => Ok(()),
            Err(error) => Err(self.failed(wanted, b"", &error)),
        }
    }

    /// We have said all and go on reading.
    pub(crate) fn half_close(&mut self) -> Checked {
        match self.stream.shutdown(Shutdown::Write) {
            // It is over already, in both directions: what there is to read says how.
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            done => Ok(done?),
        }
    }

    /// Ends the connection by force: the program gets a reset.
    pub(crate) fn reset(self) -> Checked {
        Ok(SockRef::from(&self.stream).set_linger(Some(Duration::ZERO))?)
    }

    /// The next bytes, at most so many; fewer only at the end.
    fn read(&mut self, most: usize, wanted: &str) -> Checked<Vec<u8>> {
        let (mut bytes, mut block) = (Vec::new(), vec![0; most.min(64 * 1024)]);
        while bytes.len() < most {
            let free = block.len().min(most - bytes.len());
            let free = block.get_mut(..free).unwrap_or_default();
            match self.call(|mut stream| stream.read(free)) {
                Ok(0) => break,
                Ok(count) => bytes.extend_from_slice(free.get(..count).unwrap_or_default()),
                Err(error) => return Err(self.failed(wanted, &bytes, &error)),
            }
        }
        Ok(bytes)
    }

    /// Repeats a call until it gives something, or the time is over.
    fn call(&mut self, mut call: impl FnMut(&TcpStream) -> io::Result<usize>) -> io::Result<usize> {
        self.wait.say_at = Some(Instant::now() + SILENT); // the silence begins anew
        loop {
            let left = Some(self.wait.next().ok_or(ErrorKind::TimedOut)?);
            self.stream.set_read_timeout(left)?;
            self.stream.set_write_timeout(left)?;
            match call(&self.stream) {
                Err(error) if again(&error) => {}
                done => return done,
            }
        }
    }

    /// What came, and then this.
    fn failed(&self, wanted: &str, came: &[u8], error: &io::Error) -> Failure {
        let then = match error.kind() {
            ErrorKind::TimedOut => "nothing in time".to_owned(),
            ErrorKind::UnexpectedEof => "the end of the connection".to_owned(),
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
                "a reset: the program has closed, and left bytes of ours unread".to_owned()
            }
            _ => cli::why(error),
        };
        let mut failure = match came {
            b"" => Failure::new(wanted, then),
            came => Failure::new(wanted, shown(came)).with("then", then),
        }
        .after(&self.sent);
        failure.late = error.kind() == ErrorKind::TimedOut;
        failure
    }
}

/// One datagram and who sent it.
#[derive(Debug)]
pub(crate) struct Letter {
    pub(crate) bytes: Vec<u8>,
    pub(crate) from: SocketAddr,
}

/// The next datagram, if one comes within `limit`.
pub(crate) fn next_letter(socket: &UdpSocket, limit: Duration) -> Checked<Option<Letter>> {
    socket.set_read_timeout(Some(limit))?;
    let mut bytes = vec![0; 65_536];
    match socket.recv_from(&mut bytes) {
        Ok((size, from)) => {
            bytes.truncate(size);
            Ok(Some(Letter { bytes, from }))
        }
        Err(error) if again(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// No datagram may be there.
pub(crate) fn wants_silence(socket: &UdpSocket) -> Checked {
    match next_letter(socket, Duration::from_millis(1))? {
        None => Ok(()),
        Some(letter) => Err(Failure::new("no more datagrams", shown(&letter.bytes))),
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

    fn said(checked: Checked) -> Vec<String> {
        let failure = checked.unwrap_err().to_string();
        let lines = failure.lines().skip(1); // the case's own
        lines.map(|line| line.trim_start().to_owned()).collect()
    }

    #[test]
    fn too_few_bytes_are_shown_with_the_end_or_the_reset() {
        let mut client = against(|mut peer| peer.write_all(b"ab").unwrap());
        let wanted = r#"wanted: 3 bytes "abc" (61 62 63)"#;
        let came = r#"came:   2 bytes "ab" (61 62)"#;
        let then = "then:   the end of the connection";
        assert_eq!(said(client.wants("abc")), [wanted, came, then]);
        let reset = |peer: TcpStream| {
            SockRef::from(&peer)
                .set_linger(Some(Duration::ZERO))
                .unwrap();
        };
        let mut client = against(reset);
        let came = &said(client.wants("abc"))[1];
        assert!(
            came.starts_with("came:   a reset: the program has closed"),
            "{came}"
        );
    }

    #[test]
    fn bytes_that_are_cut_do_not_come_in_one_read() {
        let sent = [b'x'; 20_000]; // less than one segment of the loopback interface
        for cut in [false, true] {
            let mut client = against(|mut peer| {
                let first = peer.read(&mut [0; 20_000]).unwrap();
                let rest = io::copy(&mut peer, &mut io::sink()).unwrap();
                assert_eq!(first as u64 + rest, 20_000);
                peer.write_all(&[u8::from(first < 20_000)]).unwrap();
            });
            match cut {
                true => client.send_cut(sent).unwrap(),
                false => client.send(sent).unwrap(),
            }
            client.wants_to_the_end([u8::from(cut)]).unwrap();
        }
    }

    #[test]
    fn more_than_was_wanted_is_shown_by_a_client_that_wants_the_end() {
        let mut client = against(|mut peer| peer.write_all(b"more").unwrap());
        let more = [
            "wanted: the end of the connection",
            r#"came:   2 bytes "re" (72 65) more"#,
        ];
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
        let no = r#"came:   2 bytes "no" (6e 6f) more"#;
        assert_eq!(said(client.wants_to_be_cut_off())[1], no);
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
            assert!(late.late);
            assert!(
                late.to_string().ends_with("came:   nothing in time"),
                "{late}"
            );
        }
    }

    #[test]
    fn a_program_that_does_not_read_is_not_waited_for_for_ever() {
        let mut client = against(|peer| drop(peer.peek(&mut [0]).map(|_| thread::park())));
        client.wait.deadline = Instant::now() + Duration::from_millis(50);
        let late = client.send(vec![0; 64 * 1024 * 1024]).unwrap_err();
        assert!(late.late);
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
