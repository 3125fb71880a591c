//! What a case has in hand: the program, started in whichever way the exercise asks for.
//!
//! A case has an absolute deadline (10 s; starting the program has its own). Whatever waits says after a moment what for.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use crate::exercises::Starts;
use crate::peers::{Client, Letter, Post, Wait};
use crate::program::{Output, Program};
use crate::report::{Checked, Failure, Kind, shown};

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

/// Trouble on our own side: no port, no folder.
pub(crate) fn ours(error: io::Error) -> Failure {
    Failure::new("this machine to let the check work", cli::why(&error))
}

/// The program under judgement and the ways to talk to it.
#[derive(Debug)]
pub struct Judge<'a> {
    words: &'a [String],
    options: Options,
    dir: tempfile::TempDir,
    port: u16,
    /// A client's other end: bound from the beginning, so that its port is known and is ours.
    listener: Option<TcpListener>,
    post: Option<UdpSocket>,
    program: Option<Program>,
    /// Whether this program has not done its part yet, and whether any has.
    starting: bool,
    up: bool,
    pub(crate) stderr: Output,
    case: String,
    deadline: Instant,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(starts: Starts, words: &'a [String], options: Options) -> io::Result<Self> {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let (tcp, udp) = (
            Socket::new(Domain::IPV4, Type::STREAM, None)?,
            UdpSocket::bind(any)?,
        );
        tcp.bind(&any.into())?;
        let tcp = TcpListener::from(tcp); // which does not listen yet
        let addr = match starts {
            Starts::UdpClient | Starts::UdpServer => udp.local_addr()?,
            Starts::Filter | Starts::Server | Starts::Client => tcp.local_addr()?,
        };
        Ok(Self {
            words,
            options,
            dir: tempfile::tempdir()?,
            port: addr.port(),
            // A server binds the port itself, so ours is closed again.
            listener: (starts == Starts::Client).then_some(tcp),
            post: (starts == Starts::UdpClient).then_some(udp),
            program: None,
            starting: false,
            up: false,
            stderr: Output::new(STDERR),
            case: String::new(),
            deadline: Instant::now(),
        })
    }

    /// The command as it is run: `{port}` and `{dir}` replaced.
    pub(crate) fn command(&self) -> Vec<String> {
        let (port, dir) = (self.port.to_string(), self.dir.path().to_string_lossy());
        let words = self.words.iter();
        let words = words.map(|word| word.replace("{port}", &port).replace("{dir}", &dir));
        words.collect()
    }

    pub(crate) fn begin(&mut self, case: &str) {
        case.clone_into(&mut self.case);
        self.hurry(self.options.limit);
    }

    /// The rest of this case has this much time, or less.
    pub fn hurry(&mut self, limit: Duration) {
        self.deadline = Instant::now() + limit.min(self.options.limit);
    }

    /// Whether the time of this case is over.
    pub fn is_late(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// Ends the program: what comes next gets one of its own.
    pub fn fresh(&mut self) {
        self.program = None;
    }

    /// Puts a file into the folder that `{dir}` names.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn file(&self, name: &str, content: &[u8]) -> Checked {
        std::fs::write(self.dir.path().join(name), content).map_err(ours)
    }

    fn wait(&self, what: &str) -> Wait {
        let what = format!("{what} ({})", self.case);
        Wait::new(self.deadline, what, self.options.say)
    }

    fn start(&mut self) -> Checked<&mut Program> {
        self.fresh(); // the one before ends first
        let words = self.command();
        let (name, arguments) = words
            .split_first()
            .map_or(("", words.as_slice()), |(name, rest)| (name, rest));
        let builds = !self.up
            && Path::new(name)
                .file_stem()
                .is_some_and(|stem| stem == "cargo");
        let limit = if builds { BUILDING } else { self.options.limit };
        self.deadline = Instant::now() + limit;
        self.starting = true;
        let mut command = Command::new(name);
        command
            .args(arguments)
            .env("PORT", self.port.to_string())
            .env("DIR", self.dir.path());
        let program = Program::start(command, &self.stderr).map_err(|error| {
            let came = format!("{}: {}", cli::shortened(name.as_bytes()), cli::why(&error));
            Failure::new("a program that can be started", came).of(Kind::NotStarted)
        })?;
        Ok(self.program.insert(program))
    }

    /// Looks again and again for what the program has to do. When it has done it for the first time, the case's time
    /// begins anew; when it does not, `look` says what came instead.
    fn until<T>(
        &mut self,
        wanted: &str,
        mut look: impl FnMut(&Program) -> Result<T, String>,
    ) -> Checked<T> {
        let mut wait = self.wait(wanted);
        let program = self
            .program
            .as_mut()
            .ok_or_else(|| ours(ErrorKind::NotFound.into()))?;
        let mut pause = Duration::from_millis(1);
        loop {
            // Asked first: what it did before it ended is there afterwards.
            let (ended, left) = (program.has_ended(), wait.next());
            match (look(program), left) {
                (Ok(seen), _) => {
                    if std::mem::take(&mut self.starting) {
                        self.up = true;
                        self.hurry(self.options.limit);
                    }
                    return Ok(seen);
                }
                (Err(_), Some(left)) if !ended => thread::sleep(pause.min(left)),
                (Err(came), _) => {
                    let end = program.end().filter(|_| ended);
                    let end =
                        end.map_or_else(String::new, |status| format!(", it has ended ({status})"));
                    let kind = match (self.up, ended) {
                        (false, _) => Kind::NeverUp,
                        (true, false) => Kind::TimedOut,
                        (true, true) => Kind::Differs,
                    };
                    return Err(Failure::new(wanted, came + &end).of(kind));
                }
            }
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }

    /// The program as a server: started at the first call; each call is one client.
    ///
    /// # Errors
    /// It does not listen in time.
    pub fn connect(&mut self) -> Checked<Client> {
        let next = self.program.is_some();
        if !next {
            if self.up {
                // Connections of the last one may keep its port for a minute.
                let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
                self.port = free
                    .and_then(|free| free.local_addr())
                    .map_err(ours)?
                    .port();
            }
            self.start()?;
        }
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let again = if next { ", for one more client" } else { "" };
        let wanted = format!("the program to listen on {addr}{again}");
        let stream = self.until(&wanted, |_| connect(addr).map_err(|error| cli::why(&error)))?;
        Client::new(stream, self.wait("bytes from the program"))
    }

    /// The program as a client: it is given the port of a listener of ours, and its connection is what this returns.
    ///
    /// # Errors
    /// It does not connect in time.
    pub fn accept(&mut self) -> Checked<Client> {
        let listener = self
            .listener
            .as_ref()
            .map(TcpListener::try_clone)
            .transpose()
            .map_err(ours)?;
        let listener = listener.ok_or_else(|| ours(ErrorKind::NotFound.into()))?;
        let listens = socket2::SockRef::from(&listener).listen(8);
        listens
            .and_then(|()| listener.set_nonblocking(true))
            .map_err(ours)?;
        self.fresh();
        while listener.accept().is_ok() {} // the last program's
        self.start()?;
        let wanted = format!("a connection to port {}", self.port);
        let (stream, _) = self.until(&wanted, |_| {
            listener.accept().map_err(|_| "none".to_owned())
        })?;
        stream.set_nonblocking(false).map_err(ours)?; // inherited on some systems
        Client::new(stream, self.wait("bytes from the program"))
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
        let post = Post::new(socket.ok_or_else(|| ours(ErrorKind::NotFound.into()))?);
        self.fresh();
        while post.look(Duration::from_millis(1))?.is_some() {} // the last program's
        self.start()?.types(stdin.to_vec());
        Ok(post)
    }

    /// The program's next datagram.
    ///
    /// # Errors
    /// None came in time, or the program has ended instead.
    pub fn letter(&mut self, post: &Post) -> Checked<Letter> {
        let wanted = format!("a datagram to port {}", self.port);
        let look = || post.look(Duration::from_millis(1)).ok().flatten();
        self.until(&wanted, |_| look().ok_or_else(|| "none".to_owned()))
    }

    /// The program as a server over UDP: it is given a free port, and has to say `listening on` it.
    ///
    /// # Errors
    /// It does not say so in time.
    pub fn listening(&mut self) -> Checked<SocketAddr> {
        self.start()?;
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let wanted = format!("the line `listening on {addr}` on stdout");
        let line = format!("listening on {addr}\n").into_bytes();
        self.until(&wanted, |program| match program.stdout.start(line.len()) {
            said if said == line => Ok(()),
            said => Err(shown(&said)),
        })?;
        Ok(addr)
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
        match (well, status.success()) {
            (true, false) => Err(Failure::new("exit status: 0", status.to_string())),
            (false, true) => Err(Failure::new(
                "another exit status than 0",
                status.to_string(),
            )),
            _ => Ok(()),
        }
    }

    /// The program as a filter: its stdout for this stdin.
    ///
    /// # Errors
    /// It does not end in time, or ends with another status than 0.
    pub fn filter(&mut self, stdin: &[u8]) -> Checked<Vec<u8>> {
        self.start()?.types(stdin.to_vec());
        let (printed, status) = self.end()?;
        self.up |= status.success() || !printed.is_empty() || self.listener.is_some();
        if status.success() {
            return Ok(printed);
        }
        // A name misspelt, an error in the first line: the other cases would say the same.
        let kind = if self.up {
            Kind::Differs
        } else {
            Kind::NeverUp
        };
        let came = format!("{status} after {} on stdout", shown(&printed));
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
    fn end(&mut self) -> Checked<(Vec<u8>, ExitStatus)> {
        let mut wait = self.wait("the program to end");
        let mut program = self
            .program
            .take()
            .ok_or_else(|| ours(ErrorKind::NotFound.into()))?;
        let ended = loop {
            match (program.has_ended(), wait.next()) {
                (false, Some(_)) if !program.stdout.is_cut() => {
                    thread::sleep(Duration::from_millis(1))
                }
                (ended, _) => break ended,
            }
        };
        let status = program.end();
        let (printed, cut) = (program.stdout.start(usize::MAX), program.stdout.is_cut());
        match status {
            Some(status) if ended && !cut => Ok((printed, status)),
            _ => {
                let more = if cut { "more than " } else { "" };
                let came = format!("{more}{} on stdout, and it ran on", shown(&printed));
                Err(Failure::new("the program to end", came).of(Kind::TimedOut))
            }
        }
    }
}

/// One try. A port that nobody listens on may be the very one that the kernel picks for our end; TCP then connects us to
/// ourselves, which counts as refused.
fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&addr, Duration::from_secs(1))?;
    match stream.local_addr()? == stream.peer_addr()? {
        true => Err(ErrorKind::ConnectionRefused.into()),
        false => Ok(stream),
    }
}
