//! What a case has in hand: the program, started in whichever way the exercise asks for.
//!
//! A case has an absolute deadline (10 s; starting the program has its own). Whatever waits says after a moment what for.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{self, Command};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use runner::Answer;

use crate::exercises::Starts;
use crate::peers::{Client, Letter, Wait, next_letter};
use crate::program::Program;
use crate::report::{Checked, Failure, shown};

/// `cargo run` may have to build the program before it starts it.
const BUILDING: Duration = Duration::from_secs(300);
/// Of the program's stderr no more is kept than this.
pub(crate) const STDERR: usize = 1024 * 1024;
/// Between two looks at what the program has done.
const PAUSE: Duration = Duration::from_millis(2);
/// Any free port of this machine, and of no other.
pub(crate) const ANY: (Ipv4Addr, u16) = (Ipv4Addr::LOCALHOST, 0);

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

/// The program under judgement and the ways to talk to it.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    starts: Starts,
    words: &'a [String],
    options: Options,
    dir: tempfile::TempDir,
    program: Option<Program>,
    /// Whether this program has not done its part yet.
    starting: bool,
    /// Whether any has.
    pub(crate) up: bool,
    /// Why it could not be started.
    pub(crate) not_started: Option<String>,
    pub(crate) stderr: Vec<u8>,
    /// A server's, once it runs.
    addr: SocketAddr,
    case: String,
    deadline: Instant,
}

impl<'a> Judge<'a> {
    pub(crate) fn new(starts: Starts, words: &'a [String], options: Options) -> io::Result<Self> {
        Ok(Self {
            starts,
            words,
            options,
            dir: tempfile::tempdir()?,
            program: None,
            starting: false,
            up: false,
            not_started: None,
            stderr: Vec::new(),
            addr: ANY.into(),
            case: String::new(),
            deadline: Instant::now(),
        })
    }

    pub(crate) fn begin(&mut self, case: &str) {
        case.clone_into(&mut self.case);
        self.hurry(self.options.limit);
    }

    /// The rest of this case has this much time, or less.
    pub(crate) fn hurry(&mut self, limit: Duration) {
        self.deadline = Instant::now() + limit.min(self.options.limit);
    }

    /// Whether the time of this case is over.
    pub(crate) fn is_late(&self) -> bool {
        Instant::now() >= self.deadline
    }

    /// Puts a file into the folder that `{dir}` names.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> Checked {
        Ok(std::fs::write(self.dir.path().join(name), content)?)
    }

    /// Ends the program, if one runs: what comes next gets one of its own.
    pub(crate) fn fresh(&mut self) -> Option<Answer> {
        match self.program.take()?.end() {
            Ok(answer) => {
                self.stderr.extend_from_slice(&answer.stderr);
                self.stderr.truncate(STDERR);
                Some(answer)
            }
            Err(error) => {
                let name = self.words.first().map_or("", |name| name);
                let name = cli::shortened(name.as_bytes());
                self.not_started = Some(format!("{name}: {}", cli::why(&error)));
                None
            }
        }
    }

    /// Starts the program with this port.
    fn start(&mut self, addr: io::Result<SocketAddr>) -> Checked {
        self.fresh(); // the one before ends first
        self.addr = addr?;
        let (port, dir) = (self.addr.port().to_string(), self.dir.path());
        let replaced = |word: &String| {
            let word = word.replace("{port}", &port);
            word.replace("{dir}", &dir.to_string_lossy())
        };
        let mut words = self.words.iter().map(replaced);
        let name = words.next().unwrap_or_default();
        let builds = Path::new(&name).file_stem().is_some_and(|it| it == "cargo");
        let mut command = Command::new(name);
        command.args(words).env("PORT", &port).env("DIR", dir);
        self.program = Some(Program::start(command)?);
        self.starting = true;
        self.hurry(self.options.limit);
        if builds && !self.up {
            self.deadline = Instant::now() + BUILDING;
        }
        Ok(())
    }

    fn has_ended(&self) -> bool {
        self.program.as_ref().is_none_or(Program::has_ended)
    }

    fn wait(&self, what: &str) -> Wait {
        let what = format!("{what} ({})", self.case);
        Wait::new(self.deadline, what, self.options.say)
    }

    /// Looks again and again for what the program has to do. When it has done it for the first time, the case's time
    /// begins anew; when it does not, `look` says what came instead.
    fn until<T, E: Display>(
        &mut self,
        wanted: &str,
        mut look: impl FnMut() -> Result<T, E>,
    ) -> Checked<T> {
        let mut wait = self.wait(wanted);
        loop {
            // Asked first: what it did before it ended is there afterwards.
            let ended = self.has_ended();
            match (look(), wait.next()) {
                (Ok(seen), _) => {
                    self.up = true;
                    if std::mem::take(&mut self.starting) {
                        self.hurry(self.options.limit);
                    }
                    return Ok(seen);
                }
                (Err(_), Some(_)) if !ended => thread::sleep(PAUSE),
                (Err(came), _) if ended => {
                    let end = self.fresh().map(|answer| how(&answer)).unwrap_or_default();
                    return Err(Failure::new(wanted, came.to_string()).with("end", end));
                }
                (Err(came), _) => return Err(Failure::new(wanted, came.to_string()).late()),
            }
        }
    }

    /// The program as a server: started at the first call; each call is one client.
    pub(crate) fn connect(&mut self) -> Checked<Client> {
        if self.program.is_none() {
            // A new port each time: connections of the last one may keep its own for a minute.
            self.start(free_port())?;
        }
        let addr = self.addr;
        let wanted = format!("the program to listen on {addr}");
        let stream = self.until(&wanted, || connect(addr).map_err(|error| cli::why(&error)))?;
        Client::new(stream, self.wait("bytes from the program"))
    }

    /// The program as a client: it is given the port of a listener of ours, and its connection is what this returns.
    pub(crate) fn accept(&mut self) -> Checked<Client> {
        let listener = TcpListener::bind(ANY)?;
        listener.set_nonblocking(true)?;
        self.start(listener.local_addr())?;
        let wanted = format!("a connection to {}", self.addr);
        let (stream, _) = self.until(&wanted, || listener.accept().map_err(|_| "none"))?;
        stream.set_nonblocking(false)?; // inherited on some systems
        Client::new(stream, self.wait("bytes from the program"))
    }

    /// The program as a client over UDP: it is given the port of this socket, and `stdin`.
    pub(crate) fn post(&mut self, stdin: &[u8]) -> Checked<UdpSocket> {
        let socket = UdpSocket::bind(ANY)?;
        self.start(socket.local_addr())?;
        self.types(stdin);
        Ok(socket)
    }

    /// The program's next datagram.
    pub(crate) fn letter(&mut self, socket: &UdpSocket) -> Checked<Letter> {
        let wanted = format!("a datagram to {}", self.addr);
        let look = || next_letter(socket, PAUSE).ok().flatten();
        self.until(&wanted, || look().ok_or("none"))
    }

    /// The program as a server over UDP. It has the port when a datagram that means nothing to it is not refused.
    pub(crate) fn receives(&mut self, nothing: &[u8]) -> Checked<SocketAddr> {
        self.start(free_port())?;
        let (addr, probe) = (self.addr, UdpSocket::bind(ANY)?);
        probe.connect(addr)?;
        probe.set_read_timeout(Some(PAUSE))?;
        self.until(&format!("the program to receive on {addr}"), || {
            let sent = probe.send(nothing);
            match sent.and_then(|_| probe.recv(&mut [0])) {
                Err(error) if error.kind() == ErrorKind::ConnectionRefused => Err("refused"),
                _ => Ok(addr),
            }
        })
    }

    /// All that is typed into the program, and then the end of its stdin. It happens beside the check.
    pub(crate) fn types(&mut self, bytes: &[u8]) {
        if let Some(program) = &mut self.program {
            program.types(bytes.to_vec());
        }
    }

    /// The program has to end, well (status 0) or not, and to have printed this.
    pub(crate) fn ends(&mut self, well: bool, wanted: &[u8]) -> Checked {
        let answer = self.ended()?;
        if answer.stdout != wanted {
            let end = format!("{}; this is its stdout", how(&answer));
            return Err(Failure::differ(wanted, &answer.stdout).with("end", end));
        }
        let wanted = match well {
            true => "exit status 0",
            false => "another exit status than 0",
        };
        match (answer.status == 0) == well {
            true => Ok(()),
            false => Err(Failure::new(wanted, how(&answer))),
        }
    }

    /// The program as a filter: its stdout for this stdin. It has to end, with status 0.
    pub(crate) fn filter(&mut self, stdin: &[u8]) -> Checked<Vec<u8>> {
        self.start(free_port())?;
        self.types(stdin);
        let answer = self.ended()?;
        // A name misspelt, an error in the first line: the other cases would say the same.
        let silent = answer.status != 0 && answer.stdout.is_empty();
        self.up |= self.starts != Starts::Filter || !silent;
        if answer.status == 0 {
            return Ok(answer.stdout);
        }
        let failure = Failure::new("exit status 0", how(&answer)).after(stdin);
        Err(failure.with("stdout", shown(&answer.stdout)))
    }

    /// The program as a filter that has to print exactly this for this stdin.
    pub(crate) fn prints(&mut self, stdin: &[u8], wanted: &[u8]) -> Checked {
        match self.filter(stdin)? {
            printed if printed == wanted => Ok(()),
            printed => Err(Failure::differ(wanted, &printed).after(stdin)),
        }
    }

    /// Waits for the program's end.
    fn ended(&mut self) -> Checked<Answer> {
        let mut wait = self.wait("the program to end");
        while !self.has_ended() && wait.next().is_some() {
            thread::sleep(PAUSE);
        }
        let ended = self.has_ended();
        let none = || Failure::new("a program that can be started", "none");
        let answer = self.fresh().ok_or_else(none)?;
        if ended && !answer.cut {
            return Ok(answer);
        }
        let end = match answer.cut {
            true => how(&answer),
            false => "it ran on".to_owned(),
        };
        let failure = Failure::new("the program to end", end).late();
        Err(failure.with("stdout", shown(&answer.stdout)))
    }
}

/// A port for the program to bind. The system must not give it to somebody else before the program has it, so it is one
/// below those that it gives by itself (from 32,768 on), and another one each time.
fn free_port() -> io::Result<SocketAddr> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let free = |_| {
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let port = 10_000 + process::id().wrapping_mul(97).wrapping_add(next) % 20_000;
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, u16::try_from(port).ok()?));
        let both = TcpListener::bind(addr).is_ok() && UdpSocket::bind(addr).is_ok();
        both.then_some(addr)
    };
    let none = || ErrorKind::AddrInUse.into();
    (0..20_000).find_map(free).ok_or_else(none)
}

/// How a program has ended, in words.
fn how(answer: &Answer) -> String {
    match answer.status {
        _ if answer.cut => "it printed more than 32 MiB".to_owned(),
        code @ 0.. => format!("exit status {code}"),
        signal => format!("signal {}", -signal),
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
