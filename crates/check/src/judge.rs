//! What a case has in hand: the program, started in whichever way the exercise asks for, and the connection to it.
//!
//! A case has an absolute deadline (10 s; starting the program has its own). Everything that waits does so through a
//! [`Wait`], which says after a moment what is waited for.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, SockRef, Socket, Type};

use crate::exercises::{Exercise, Starts};
use crate::program::{Output, Program};
use crate::report::{Checked, Failure, Kind, shown};

/// How long a silent program is waited for before that is said.
const SILENT: Duration = Duration::from_millis(1500);
/// `cargo run` may have to build the program before it starts it.
const BUILDING: Duration = Duration::from_secs(300);
/// Of the program's stderr no more is kept than this.
const STDERR: usize = 1024 * 1024;

/// How strict and how talkative the judge is.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How long one case may take, and how long the program may take to start.
    pub limit: Duration,
    /// Whether the first failed case ends it: one is enough to see that a program is wrong.
    pub first_failure_only: bool,
    /// Where it is said what is waited for.
    pub say: fn(&str),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limit: Duration::from_secs(10),
            first_failure_only: false,
            say: |_| {},
        }
    }
}

/// One wait, until an absolute deadline.
#[derive(Debug)]
pub(crate) struct Wait {
    deadline: Instant,
    /// When it is said what is waited for; `None` once it was.
    say_at: Option<Instant>,
    what: String,
    say: fn(&str),
}

impl Wait {
    /// Something has happened: the silence begins anew.
    fn begin(&mut self) {
        self.say_at = Some(Instant::now() + SILENT);
    }

    /// How long to wait before the next look; `None` when the time is over.
    fn next(&mut self) -> Option<Duration> {
        let now = Instant::now();
        if self.say_at.take_if(|at| now >= *at).is_some() {
            (self.say)(&format!("waiting for {}", self.what));
        }
        let next = self
            .say_at
            .map_or(self.deadline, |at| at.min(self.deadline));
        (now < self.deadline).then(|| {
            next.saturating_duration_since(now)
                .max(Duration::from_millis(1))
        })
    }

    /// Looks again and again; `None` when the time is over.
    fn look<T>(&mut self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let mut pause = Duration::from_millis(1);
        loop {
            let left = self.next();
            match (look(), left) {
                (None, Some(left)) => thread::sleep(pause.min(left)),
                (seen, _) => return seen,
            }
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}

/// Waits for this socket call: interrupted, or its timeout over, means another look.
fn again(error: &io::Error) -> bool {
    let kinds = [
        ErrorKind::Interrupted,
        ErrorKind::WouldBlock,
        ErrorKind::TimedOut,
    ];
    kinds.contains(&error.kind())
}

fn late(wanted: impl Into<String>, came: impl Into<String>) -> Failure {
    Failure::new(wanted, came).of(Kind::TimedOut)
}

/// Trouble on our own side: no port, no folder.
pub(crate) fn ours(error: io::Error) -> Failure {
    Failure::new("this machine to let the check work", cli::why(&error))
}

/// The program under judgement and the ways to talk to it.
#[derive(Debug)]
pub struct Judge<'a> {
    words: &'a [String],
    pub(crate) options: Options,
    dir: tempfile::TempDir,
    port: u16,
    /// A client's other end: bound from the beginning, so that its port is known and is ours.
    listener: Option<Socket>,
    post: Option<UdpSocket>,
    program: Option<Program>,
    /// Whether any program of this judge's did its part once.
    up: bool,
    pub(crate) stderr: Output,
    case: String,
    deadline: Instant,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(
        exercise: &Exercise,
        words: &'a [String],
        options: Options,
    ) -> io::Result<Self> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (mut listener, mut post) = (None, None);
        let addr = match exercise.starts {
            Starts::UdpClient | Starts::UdpServer => {
                let socket = UdpSocket::bind(any)?;
                let addr = socket.local_addr()?;
                // A server binds the port itself, so it is closed again.
                post = (exercise.starts == Starts::UdpClient).then_some(socket);
                addr
            }
            Starts::Filter | Starts::Server | Starts::Client => {
                let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
                socket.bind(&any.into())?;
                let addr = socket.local_addr()?.as_socket().unwrap_or(any);
                listener = (exercise.starts == Starts::Client).then_some(socket);
                addr
            }
        };
        Ok(Self {
            words,
            options,
            dir: tempfile::tempdir()?,
            port: addr.port(),
            listener,
            post,
            program: None,
            up: false,
            stderr: Output::new(STDERR),
            case: String::new(),
            deadline: Instant::now(),
        })
    }

    /// The command as it is run: `{port}` and `{dir}` replaced.
    pub(crate) fn command(&self) -> Vec<String> {
        let (port, dir) = (self.port.to_string(), self.dir().to_string_lossy());
        let words = self.words.iter();
        words
            .map(|word| word.replace("{port}", &port).replace("{dir}", &dir))
            .collect()
    }

    pub(crate) fn begin(&mut self, case: &str) {
        case.clone_into(&mut self.case);
        self.deadline = Instant::now() + self.options.limit;
    }

    /// The next case gets a program of its own, and so does the rest of this one.
    pub fn fresh(&mut self) {
        self.program = None;
    }

    /// The folder that `{dir}` names.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Puts a file into that folder.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn file(&self, name: &str, content: &[u8]) -> Checked {
        std::fs::write(self.dir().join(name), content).map_err(ours)
    }

    /// The rest of this case has less time: the program runs already.
    pub fn hurry(&mut self, limit: Duration) {
        self.deadline = Instant::now() + limit.min(self.options.limit);
    }

    /// Whether the time of this case is over.
    pub fn is_late(&self) -> bool {
        Instant::now() >= self.deadline
    }

    fn wait(&self, what: &str) -> Wait {
        let mut wait = Wait {
            deadline: self.deadline,
            say_at: None,
            what: format!("{what} ({})", self.case),
            say: self.options.say,
        };
        wait.begin();
        wait
    }

    fn start(&mut self) -> Checked<&mut Program> {
        self.program = None; // the one before, if there is one, ends first
        let mut words = self.command().into_iter();
        let program = words.next().unwrap_or_default();
        let builds = !self.up
            && Path::new(&program)
                .file_stem()
                .is_some_and(|stem| stem == "cargo");
        let limit = if builds { BUILDING } else { self.options.limit };
        self.deadline = Instant::now() + limit;
        let mut command = Command::new(&program);
        command
            .args(words)
            .env("PORT", self.port.to_string())
            .env("DIR", self.dir());
        let program = Program::start(command, &self.stderr).map_err(|error| {
            let why = format!(
                "{}: {}",
                cli::shortened(program.as_bytes()),
                cli::why(&error)
            );
            Failure::new("a program that can be started", why).of(Kind::NotStarted)
        })?;
        Ok(self.program.insert(program))
    }

    /// The program has done its part: from now on the case's time counts.
    fn is_up(&mut self) {
        self.up = true;
        self.deadline = Instant::now() + self.options.limit;
    }

    fn not_up(&mut self, wanted: String, came: String) -> Failure {
        let ended = self.program.as_mut().is_some_and(Program::has_ended);
        let kind = match (self.up, ended) {
            (false, _) => Kind::NeverUp,
            (true, false) => Kind::TimedOut,
            (true, true) => Kind::Differs,
        };
        let end = match self
            .program
            .as_mut()
            .filter(|_| ended)
            .and_then(Program::end)
        {
            Some(status) => format!(", the program has ended ({status})"),
            None => String::new(),
        };
        Failure::new(wanted, came + &end).of(kind)
    }

    /// The program as a server: started at the first call; each call is one client.
    ///
    /// # Errors
    /// It does not listen in time.
    pub fn connect(&mut self) -> Checked<Client> {
        let first = self.program.is_none();
        if first {
            if self.up {
                // Connections of the last one may keep its port for a minute.
                let free =
                    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|any| any.local_addr());
                self.port = free.map_err(ours)?.port();
            }
            self.start()?;
        }
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut wait = self.wait(&format!("the program to listen on {addr}"));
        let (mut last, limit) = (String::new(), self.options.limit);
        let program = &mut self.program;
        let found = wait.look(|| {
            // Asked first: one that ended after the refusal may have listened in between.
            let ended = program.as_mut().is_none_or(Program::has_ended);
            match connect_once(addr, limit) {
                Ok(stream) => Some(Some(stream)),
                Err(error) => {
                    last = cli::why(&error);
                    ended.then_some(None)
                }
            }
        });
        match found.flatten() {
            Some(stream) => {
                if first {
                    self.is_up();
                }
                Client::new(stream, self.wait("bytes from the program"))
            }
            None if first => Err(self.not_up(format!("a server on {addr}"), last)),
            None => Err(self.not_up(format!("the next client to be served on {addr}"), last)),
        }
    }

    /// The program as a client: it is given the port of a listener of ours, and its connection is what this returns.
    ///
    /// # Errors
    /// It does not connect in time.
    pub fn accept(&mut self) -> Checked<Client> {
        let socket = self
            .listener
            .as_ref()
            .map(Socket::try_clone)
            .transpose()
            .map_err(ours)?;
        let listener: TcpListener = socket
            .ok_or_else(|| ours(ErrorKind::NotFound.into()))?
            .into();
        let listening = SockRef::from(&listener)
            .listen(8)
            .and_then(|()| listener.set_nonblocking(true));
        listening.map_err(ours)?;
        while listener.accept().is_ok() {} // the last program's
        self.start()?;
        let wanted = format!("a connection to port {}", self.port);
        let mut wait = self.wait(&wanted);
        let program = &mut self.program;
        let accepted = wait.look(|| {
            let ended = program.as_mut().is_none_or(Program::has_ended);
            listener
                .accept()
                .ok()
                .map(Some)
                .or_else(|| ended.then_some(None))
        });
        match accepted.flatten() {
            Some((stream, _)) => {
                stream.set_nonblocking(false).map_err(ours)?; // inherited on some systems
                self.is_up();
                Client::new(stream, self.wait("bytes from the program"))
            }
            None => Err(self.not_up(wanted, "none".into())),
        }
    }

    /// All that is typed into the program, and then the end of its stdin. It happens beside the check.
    pub fn types(&mut self, bytes: &[u8]) {
        if let Some(program) = &mut self.program {
            program.types(bytes.to_vec());
        }
    }

    /// The program has to end, well (status 0) or not, and to have printed this.
    ///
    /// # Errors
    /// It stays, ends otherwise, or has printed something else.
    pub fn ends(&mut self, well: bool, wanted: &[u8]) -> Checked {
        let (printed, status) = self.end()?;
        if printed != wanted {
            let end = format!(" on stdout ({status})");
            return Err(Failure::differ(wanted, &printed).and(&end));
        }
        if status.success() != well {
            let wanted = if well {
                "exit status: 0"
            } else {
                "an exit status that is not 0"
            };
            return Err(Failure::new(wanted, status.to_string()));
        }
        Ok(())
    }

    /// The program as a filter: its stdout for this stdin.
    ///
    /// # Errors
    /// It does not end in time, or ends with another status than 0.
    pub fn filter(&mut self, stdin: &[u8]) -> Checked<Vec<u8>> {
        self.start()?.types(stdin.to_vec());
        let (printed, status) = self.end()?;
        self.up |= status.success() || !printed.is_empty();
        if status.success() {
            return Ok(printed);
        }
        let came = format!("{status} after {} on stdout", shown(&printed));
        let kind = if self.up {
            Kind::Differs
        } else {
            Kind::NeverUp
        };
        Err(Failure::new("exit status: 0", came).of(kind).after(stdin))
    }

    /// The program as a filter that has to print exactly this for this stdin.
    ///
    /// # Errors
    /// As [`Judge::filter`], or something else was printed.
    pub fn prints(&mut self, stdin: &[u8], wanted: &[u8]) -> Checked {
        match self.filter(stdin)? {
            printed if printed == wanted => Ok(()),
            printed => Err(Failure::differ(wanted, &printed).after(stdin)),
        }
    }

    /// Waits for the program's end: what it printed, and how it ended.
    fn end(&mut self) -> Checked<(Vec<u8>, std::process::ExitStatus)> {
        let mut wait = self.wait("the program to end");
        let mut program = self
            .program
            .take()
            .ok_or_else(|| ours(ErrorKind::NotFound.into()))?;
        let ended = wait.look(|| (program.has_ended() || program.stdout.is_cut()).then_some(()));
        let over = program.stdout.is_cut();
        let status = program.end();
        let printed = program.stdout.bytes();
        match (ended, status) {
            (Some(()), Some(status)) if !over => Ok((printed, status)),
            (Some(()), _) => Err(Failure::new(
                "the program to end",
                format!("more than {}", shown(&printed)),
            )),
            (None, _) => {
                let came = format!("{} on stdout, and it ran on", shown(&printed));
                Err(late("the program to end", came))
            }
        }
    }

    /// The program as a client over UDP: it is given the port of this socket, and `stdin`.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn post(&mut self, stdin: &[u8]) -> Checked<Post> {
        let socket = self
            .post
            .as_ref()
            .map(UdpSocket::try_clone)
            .transpose()
            .map_err(ours)?;
        let socket = socket.ok_or_else(|| ours(ErrorKind::NotFound.into()))?;
        self.program = None;
        socket.set_nonblocking(true).map_err(ours)?;
        while socket.recv_from(&mut [0]).is_ok() {} // the last program's
        socket.set_nonblocking(false).map_err(ours)?;
        self.start()?.types(stdin.to_vec());
        Ok(Post { socket })
    }

    /// A datagram of a client that was just started: it may need a while to get there.
    ///
    /// # Errors
    /// None came in time.
    pub fn first_letter(&mut self, post: &Post) -> Checked<Letter> {
        match post.take(self) {
            Ok(letter) => {
                self.is_up();
                Ok(letter)
            }
            Err(_) => Err(self.not_up(format!("a datagram to port {}", self.port), "none".into())),
        }
    }

    /// The program as a server over UDP: it is given a free port, and has to say `listening on` it.
    ///
    /// # Errors
    /// It does not say so in time.
    pub fn listening(&mut self) -> Checked<SocketAddr> {
        self.start()?;
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let wanted = format!("listening on {addr}\n");
        let mut wait = self.wait(&format!("the line {wanted:?} on stdout"));
        let program = &mut self.program;
        let line = |bytes: &[u8]| {
            bytes
                .split_inclusive(|&byte| byte == b'\n')
                .next()
                .map(<[u8]>::to_vec)
        };
        let said = wait.look(|| {
            let program = program.as_mut()?;
            let ended = program.has_ended();
            let said = line(&program.stdout.bytes()).filter(|said| said.ends_with(b"\n"));
            (said.is_some() || ended).then_some(said)
        });
        match said.flatten() {
            Some(said) if said == wanted.as_bytes() => {
                self.is_up();
                Ok(addr)
            }
            Some(said) => Err(Failure::differ(wanted.as_bytes(), &said)),
            None => Err(self.not_up(format!("{wanted:?} on stdout"), "nothing".into())),
        }
    }
}

/// One try. A port that nobody listens on may be the very one that the kernel picks for our end; TCP then connects us to
/// ourselves, which counts as refused.
fn connect_once(addr: SocketAddr, limit: Duration) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&addr, limit)?;
    match stream.local_addr()? == stream.peer_addr()? {
        true => Err(ErrorKind::ConnectionRefused.into()),
        false => Ok(stream),
    }
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
    fn new(stream: TcpStream, wait: Wait) -> Checked<Self> {
        stream.set_nodelay(true).map_err(ours)?;
        Ok(Self {
            stream,
            wait,
            sent: Vec::new(),
        })
    }

    /// Sends these bytes in one write.
    ///
    /// # Errors
    /// The program has closed the connection, or does not read.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> Checked {
        let mut rest = bytes.as_ref();
        self.sent.extend(rest);
        let wanted = "the program to read what is sent";
        self.wait.begin();
        while !rest.is_empty() {
            let left = self
                .wait
                .next()
                .ok_or_else(|| late(wanted, "no reading any more").after(&self.sent))?;
            self.stream.set_write_timeout(Some(left)).map_err(ours)?;
            match self.stream.write(rest) {
                Ok(count) => rest = rest.get(count..).unwrap_or_default(),
                Err(error) if again(&error) => {}
                Err(error) => return Err(Failure::new(wanted, reason(&error)).after(&self.sent)),
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

    /// What one read gives, at most `most` bytes; empty at the end.
    fn piece(&mut self, most: usize) -> io::Result<Vec<u8>> {
        let mut block = vec![0; most.min(64 * 1024)];
        self.wait.begin();
        loop {
            let left = self.wait.next().ok_or(ErrorKind::TimedOut)?;
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(&mut block) {
                Ok(count) => {
                    block.truncate(count);
                    return Ok(block);
                }
                Err(error) if again(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The next `count` bytes; `wanted` says what they should be.
    ///
    /// # Errors
    /// Fewer came; which ones is said.
    pub fn take(&mut self, count: usize, wanted: &str) -> Checked<Vec<u8>> {
        let mut bytes = Vec::new();
        while bytes.len() < count {
            let (end, kind) = match self.piece(count - bytes.len()) {
                Ok(piece) if piece.is_empty() => {
                    ("the end of the connection".to_owned(), Kind::Differs)
                }
                Ok(piece) => {
                    bytes.extend(piece);
                    continue;
                }
                Err(error) if again(&error) => ("nothing more in time".to_owned(), Kind::TimedOut),
                Err(error) => (reason(&error), Kind::Differs),
            };
            let came = format!("{} and then {end}", shown(&bytes));
            return Err(Failure::new(wanted, came).of(kind).after(&self.sent));
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
        let wanted = wanted.as_ref();
        if !wanted.is_empty() {
            self.wants(wanted)?;
        }
        let end = "the end of the connection";
        let failure = match self.piece(8192) {
            Ok(piece) if piece.is_empty() => return Ok(()),
            Ok(piece) => Failure::new(end, format!("{} more", shown(&piece))),
            Err(error) if again(&error) => late(end, "nothing: it is still open"),
            Err(error) => Failure::new(end, reason(&error)),
        };
        Err(failure.after(&self.sent))
    }

    /// The program has to end the connection although we have not closed our side. A reset counts too.
    ///
    /// # Errors
    /// Something came, or it stays.
    pub fn wants_to_be_cut_off(&mut self) -> Checked {
        let wanted = "the program to close the connection";
        let failure = match self.piece(8192) {
            Ok(piece) if piece.is_empty() => return Ok(()),
            Ok(piece) => Failure::new(wanted, shown(&piece)),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(()),
            Err(error) if again(&error) => late(wanted, "nothing: it is still open"),
            Err(error) => Failure::new(wanted, reason(&error)),
        };
        Err(failure.after(&self.sent))
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
}

/// Why it failed, in the words that a chapter uses.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            "a reset: the program has closed the connection and left bytes of ours unread"
                .to_owned()
        }
        _ => cli::why(error),
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
    /// A stranger: a socket on a free port.
    ///
    /// # Errors
    /// There is none.
    pub fn open() -> Checked<Self> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map_err(ours)?;
        Ok(Self { socket })
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

    /// The next datagram.
    ///
    /// # Errors
    /// None came in time, or the program has ended instead.
    pub fn take(&self, judge: &mut Judge) -> Checked<Letter> {
        let mut wait = judge.wait("a datagram from the program");
        while let Some(left) = wait.next() {
            let ended = judge.program.as_mut().is_none_or(Program::has_ended);
            // What it sent before its end is here already.
            let look = if ended {
                Duration::from_millis(1)
            } else {
                left.min(Duration::from_millis(50))
            };
            if let Some(letter) = self.look(look)? {
                return Ok(letter);
            }
            if ended {
                return Err(Failure::new("a datagram", "the end of the program"));
            }
        }
        Err(late("a datagram", "none"))
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
