//! Judging an exercise: a *program*, in any language, by its bytes.
//!
//! ```sh
//! EXERCISE_05_1='python3 my.py {port}' cargo test -p tests exercise_05_1
//! ```
//!
//! The command's words are split at blanks; `{port}` and `{dir}` are replaced. Without the variable the course judges
//! itself: the start that a student gets must fail, the solution must pass.
//!
//! An exercise is one row (an [`Exercise`]) and one check: a function that talks to the program through a [`Judge`] and
//! returns what it wanted and what came instead.

use std::env;
use std::fmt::Display;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use socket2::SockRef;

use crate::deadline;
use crate::fail;
use crate::programs::{Finished, Running, example};

/// How long a program may take for anything at all. Long enough for a slow start of an interpreter.
pub(crate) const LIMIT: Duration = Duration::from_secs(10);

/// One exercise.
#[derive(Debug, Clone, Copy)]
pub struct Exercise {
    /// `05_1`.
    pub number: &'static str,
    /// `l05_shout`: in the lesson's `exercises/` are `l05_shout_start.rs` and `l05_shout_solution.rs`.
    pub example: &'static str,
    /// What the program is given, for instance `{port} {dir}`.
    pub arguments: &'static str,
    /// What it has to do.
    pub check: fn(&mut Judge) -> Result<(), String>,
}

impl Exercise {
    /// Judges the program in `EXERCISE_05_1`, or the course's own start and solution.
    #[track_caller]
    pub fn judge(&self) {
        let judged = match env::var(format!("EXERCISE_{}", self.number)) {
            Ok(command) => self.judge_other(&command),
            Err(_) => self.judge_own(self.own("start"), self.own("solution")),
        };
        if let Err(why) = judged {
            fail(format_args!("exercise {}: {why}", self.number));
        }
    }

    /// Judges a program by its command.
    fn judge_other(&self, command: &str) -> Result<(), String> {
        let words = command.split_whitespace().map(str::to_owned).collect();
        self.run(words, typed_in())
            .map_err(|why| format!("`{command}` does not pass yet\n{why}"))
    }

    /// Judges the course: a start that passes leaves nothing to do, a solution that fails is none.
    fn judge_own(&self, start: Vec<String>, solution: Vec<String>) -> Result<(), String> {
        if self.run(start, typed_in()).is_ok() {
            return Err("the start passes already, there is nothing to do".into());
        }
        self.run(solution, typed_in())
            .map_err(|why| format!("the solution does not pass\n{why}"))
    }

    /// The command of one of our own examples.
    fn own(&self, which: &str) -> Vec<String> {
        let program = example(&format!("{}_{which}", self.example));
        let words = self.arguments.split_whitespace().map(str::to_owned);
        std::iter::once(program.to_string_lossy().into_owned())
            .chain(words)
            .collect()
    }

    /// Runs the check against one program.
    ///
    /// # Errors
    /// What was wanted and what came, and what the program said on stderr.
    fn run(&self, words: Vec<String>, folder: PathBuf) -> Result<(), String> {
        let dir =
            tempfile::tempdir().map_err(|error| format!("a folder for the check: {error}"))?;
        let mut judge = Judge {
            words,
            folder,
            dir,
            port: free_port()?,
            program: None,
        };
        let result = (self.check)(&mut judge);
        if let Some(program) = judge.program.as_mut().filter(|_| result.is_err())
            && program.has_ended()
        {
            // What it said last comes on another way than the news of its end.
            program.stderr.until_the_end(Duration::from_secs(1));
        }
        let said = judge
            .program
            .as_ref()
            .map_or_else(String::new, |program| program.stderr.text());
        result.map_err(|why| {
            if said.is_empty() {
                why
            } else {
                format!("{why}\nits stderr:\n{said}")
            }
        })
    }
}

/// Where the one who runs the tests stands: Cargo changes into the package, a path in a command means the shell's place.
fn typed_in() -> PathBuf {
    env::var_os("PWD")
        .map(PathBuf::from)
        .filter(|path| path.is_dir())
        .unwrap_or_else(|| PathBuf::from("."))
}

/// A port that was free a moment ago. The program binds it itself, so a test cannot hold it until then.
fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .map_err(|error| format!("a free port: {error}"))?;
    listener
        .local_addr()
        .map(|addr| addr.port())
        .map_err(|error| format!("a free port: {error}"))
}

/// What a check has in hand.
#[derive(Debug)]
pub struct Judge {
    words: Vec<String>,
    folder: PathBuf,
    dir: tempfile::TempDir,
    port: u16,
    program: Option<Running>,
}

impl Judge {
    /// The folder that `{dir}` names.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Puts a file into that folder.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn file(&self, name: &str, content: &[u8]) -> Result<(), String> {
        fs::write(self.dir().join(name), content).map_err(|error| format!("{name}: {error}"))
    }

    /// The program as a server: started at the first call; each call is one client.
    ///
    /// # Errors
    /// Nobody listens on the port in time.
    pub fn connect(&mut self) -> Result<Client, String> {
        let what = if self.program.is_none() {
            self.start_at(self.port);
            "the program does not listen"
        } else {
            "the next client: the program listens no longer (it has to go on when a client leaves)"
        };
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let mut last = String::new();
        // A program that has ended (a misspelt name, an error in its first line) need not be waited for.
        let found = deadline::until(LIMIT, || match deadline::connect_once(addr, LIMIT) {
            Ok(stream) => Some(Ok(stream)),
            Err(error) => {
                last = reason(&error);
                self.program
                    .as_mut()
                    .is_some_and(Running::has_ended)
                    .then_some(Err("it has ended"))
            }
        });
        match found {
            Some(Ok(stream)) => Client::new(stream),
            Some(Err(why)) => Err(format!("{what} on {addr}: {why}")),
            None => Err(format!("{what} on {addr}: {last}")),
        }
    }

    /// The program as a client: it is given the port of a listener of ours, and its connection is what this returns.
    ///
    /// # Errors
    /// It does not connect in time.
    pub fn accept(&mut self) -> Result<Client, String> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
        let addr = listener.local_addr().map_err(|error| error.to_string())?;
        self.start_at(addr.port());
        match deadline::accept(&listener, LIMIT) {
            Ok(Some(stream)) => Client::new(stream),
            Ok(None) => Err(format!(
                "the program does not connect to port {}",
                self.port
            )),
            Err(error) => Err(error.to_string()),
        }
    }

    /// All that is typed into the program, and then the end of its stdin. It happens beside the check.
    pub fn types(&mut self, bytes: &[u8]) {
        if let Some(program) = &mut self.program {
            program.feed(bytes.to_vec());
        }
    }

    /// Waits for the end of the program that was started last: its stdout.
    ///
    /// # Errors
    /// It does not end in time, or ends with another status than 0.
    pub fn printed(&mut self) -> Result<Vec<u8>, String> {
        let finished = self.end()?;
        if finished.status.success() {
            Ok(finished.stdout)
        } else {
            Err(format!("it failed\n{finished}"))
        }
    }

    /// Waits for the program's end, whatever its status.
    ///
    /// # Errors
    /// It does not end in time.
    pub fn end(&mut self) -> Result<Finished, String> {
        let program = self.program.take().ok_or("no program was started")?;
        program.finish_within(LIMIT)
    }

    /// The program as a filter: its stdout for this stdin.
    ///
    /// # Errors
    /// It does not end in time, or ends with another status than 0.
    pub fn filter(&mut self, stdin: &[u8]) -> Result<Vec<u8>, String> {
        self.start_at(self.port).feed(stdin.to_vec());
        self.printed()
    }

    /// Starts the program with this port.
    pub(crate) fn start_at(&mut self, port: u16) -> &mut Running {
        self.port = port;
        self.program.insert(Running::start(self.command()))
    }

    fn command(&self) -> Command {
        let words = self.words.iter().map(|word| {
            word.replace("{port}", &self.port.to_string())
                .replace("{dir}", &self.dir().to_string_lossy())
        });
        let words: Vec<String> = words.collect();
        let (program, arguments) = words
            .split_first()
            .unwrap_or_else(|| fail("an empty command cannot be judged"));
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.folder);
        command
    }
}

/// The other end of the program's connection.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
}

impl Client {
    fn new(stream: TcpStream) -> Result<Self, String> {
        let ready = stream
            .set_write_timeout(Some(LIMIT))
            .and_then(|()| stream.set_nodelay(true));
        ready.map_err(|error| error.to_string())?;
        Ok(Self { stream })
    }

    /// Sends these bytes in one write.
    ///
    /// # Errors
    /// The program has closed the connection, or does not read.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.stream
            .write_all(bytes)
            .map_err(|error| format!("sending {}: {}", shown(bytes), reason(&error)))
    }

    /// Sends these bytes one at a time, each in a write of its own.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub fn send_cut(&mut self, bytes: &[u8]) -> Result<(), String> {
        bytes.chunks(1).try_for_each(|byte| self.send(byte))
    }

    /// The next `count` bytes.
    ///
    /// # Errors
    /// Fewer came; which ones is said.
    pub fn take(&mut self, count: usize, what: impl Display) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let deadline = Instant::now() + LIMIT;
        while bytes.len() < count {
            let came = || format!("{what}: wanted {count} bytes, came {}", shown(&bytes));
            match self.piece(count - bytes.len(), deadline) {
                Ok(piece) if piece.is_empty() => return Err(format!("{} and the end", came())),
                Ok(piece) => bytes.extend(piece),
                Err(error) => return Err(format!("{} and then: {}", came(), reason(&error))),
            }
        }
        Ok(bytes)
    }

    /// What one read gives, at most `count` bytes; empty at the end. The deadline is absolute: a program that sends a
    /// byte now and then does not keep us.
    fn piece(&mut self, count: usize, deadline: Instant) -> io::Result<Vec<u8>> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    format!("nothing more in {} s", LIMIT.as_secs()),
                ));
            }
            self.stream.set_read_timeout(Some(left))?;
            let mut block = vec![0; count.min(64 * 1024)];
            match self.stream.read(&mut block) {
                Ok(got) => {
                    block.truncate(got);
                    return Ok(block);
                }
                // Interrupted, or the time is over: the deadline decides.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::Interrupted
                            | io::ErrorKind::WouldBlock
                            | io::ErrorKind::TimedOut
                    ) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The next bytes have to be these.
    ///
    /// # Errors
    /// Others came.
    pub fn wants(&mut self, wanted: &[u8], what: impl Display) -> Result<(), String> {
        let came = self.take(wanted.len(), &what)?;
        if came == wanted {
            return Ok(());
        }
        Err(format!(
            "{what}: wanted {}, came {}",
            shown(wanted),
            shown(&came)
        ))
    }

    /// The program has to end the connection although we have not closed our side. A reset counts too.
    ///
    /// # Errors
    /// Something came, or it stays.
    pub fn wants_to_be_cut_off(&mut self, what: impl Display) -> Result<(), String> {
        match self.piece(8192, Instant::now() + LIMIT) {
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => Ok(()),
            came => is_the_end(came, what),
        }
    }

    /// Everything until the program's end.
    ///
    /// # Errors
    /// It does not end what it sends, and what came until then.
    pub fn take_all(&mut self, what: impl Display) -> Result<Vec<u8>, String> {
        let mut all = Vec::new();
        let deadline = Instant::now() + LIMIT;
        loop {
            match self.piece(64 * 1024, deadline) {
                Ok(piece) if piece.is_empty() => return Ok(all),
                Ok(piece) => all.extend(piece),
                Err(error) => {
                    return Err(format!(
                        "{what}: wanted the end, came {} and then: {error}",
                        shown(&all)
                    ));
                }
            }
        }
    }

    /// We have said all and go on reading.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn half_close(&mut self) -> Result<(), String> {
        match self.stream.shutdown(Shutdown::Write) {
            // It is over already, in both directions: what there is to read says how.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
            done => done.map_err(|error| format!("half-close: {error}")),
        }
    }

    /// Ends the connection by force: the program gets a reset.
    ///
    /// # Errors
    /// The option cannot be set.
    pub fn reset(self) -> Result<(), String> {
        SockRef::from(&self.stream)
            .set_linger(Some(Duration::ZERO))
            .map_err(|error| format!("reset: {error}"))
    }

    /// We are done; the program has to close as well, without another byte.
    ///
    /// # Errors
    /// Something came, or it stays.
    pub fn wants_the_end(mut self, what: impl Display) -> Result<(), String> {
        self.half_close().map_err(|why| format!("{what}: {why}"))?;
        is_the_end(self.piece(8192, Instant::now() + LIMIT), what)
    }
}

fn is_the_end(came: io::Result<Vec<u8>>, what: impl Display) -> Result<(), String> {
    match came {
        Ok(rest) if rest.is_empty() => Ok(()),
        Ok(rest) => Err(format!("{what}: wanted the end, came {}", shown(&rest))),
        Err(error) => Err(format!(
            "{what}: wanted the end of the connection: {}",
            reason(&error)
        )),
    }
}

/// Why it failed, in the words that a chapter uses; `os error 104` tells a beginner nothing.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
            "the program has ended the connection and left bytes of ours unread".to_owned()
        }
        _ => cli::why(error),
    }
}

/// Bytes for a reader: text where they are text, at most the beginning.
pub fn shown(bytes: &[u8]) -> String {
    let first = bytes.get(..60).unwrap_or(bytes);
    let dots = if first.len() < bytes.len() { "..." } else { "" };
    format!("{} bytes \"{}\"{dots}", bytes.len(), first.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::program;

    /// The fixture as a program to judge.
    fn judged(arguments: &str, check: fn(&mut Judge) -> Result<(), String>) -> Result<(), String> {
        let exercise = Exercise {
            number: "00_0",
            example: "fixture",
            arguments: "",
            check,
        };
        let words = std::iter::once(program("fixture").to_string_lossy().into_owned());
        exercise.run(
            words
                .chain(arguments.split(' ').map(str::to_owned))
                .collect(),
            PathBuf::from("."),
        )
    }

    #[test]
    fn a_failed_check_says_what_was_wanted_and_what_came() {
        let why = judged("server --addr 127.0.0.1:{port}", |judge| {
            let mut client = judge.connect()?;
            client.send(b"hello\n")?;
            client.wants(b"HALLO\n", "the answer")
        });
        let why = why.unwrap_err();
        assert!(
            why.contains(r#"the answer: wanted 6 bytes "HALLO\n", came 6 bytes "HELLO\n""#),
            "{why}"
        );
    }

    #[test]
    fn a_right_program_passes_cut_or_whole_and_ends_when_we_do() {
        judged("server --addr 127.0.0.1:{port}", |judge| {
            let mut client = judge.connect()?;
            client.send_cut(b"hello\n")?;
            client.wants(b"HELLO\n", "the answer")?;
            client.wants_the_end("after the half-close")
        })
        .unwrap();
    }

    #[test]
    fn a_failure_is_told_without_numbers() {
        for (kind, words) in [
            (io::ErrorKind::ConnectionReset, "left bytes of ours unread"),
            (io::ErrorKind::BrokenPipe, "left bytes of ours unread"),
            (io::ErrorKind::ConnectionRefused, "refused"),
        ] {
            assert!(reason(&io::Error::from(kind)).contains(words), "{kind:?}");
        }
        assert!(!reason(&io::Error::from_raw_os_error(104)).contains("os error"));
    }

    #[test]
    fn a_server_that_ends_with_its_first_client_is_told_so() {
        let why = judged("server --addr 127.0.0.1:{port}", |judge| {
            let client = judge.connect()?;
            drop(client);
            judge.program = Some(Running::start(Command::new(program("fixture"))));
            judge.connect().map(drop)
        });
        assert!(
            why.unwrap_err()
                .contains("the next client: the program listens no longer")
        );
    }

    #[test]
    fn a_program_that_ends_instead_of_listening_fails_and_its_stderr_is_shown() {
        let why = judged("fail 3", |judge| judge.filter(b"").map(drop)).unwrap_err();
        assert!(why.contains("it failed"), "{why}");
    }

    fn fixture(scene: &str) -> Vec<String> {
        let program = program("fixture").to_string_lossy().into_owned();
        std::iter::once(program)
            .chain(scene.split(' ').map(str::to_owned))
            .collect()
    }

    const ECHO: Exercise = Exercise {
        number: "00_0",
        example: "none",
        arguments: "",
        check: |judge| {
            judge.filter(b"bytes").and_then(|out| {
                if out == b"bytes" {
                    Ok(())
                } else {
                    Err("others".into())
                }
            })
        },
    };

    #[test]
    fn a_start_that_passes_and_a_solution_that_fails_are_both_found() {
        let (right, wrong) = (|| fixture("cat"), || fixture("fail 0"));
        assert_eq!(ECHO.judge_own(wrong(), right()), Ok(()));
        assert!(
            ECHO.judge_own(right(), right())
                .unwrap_err()
                .contains("the start passes already")
        );
        assert!(
            ECHO.judge_own(wrong(), wrong())
                .unwrap_err()
                .contains("the solution does not pass")
        );
    }

    #[test]
    fn any_other_program_is_judged_by_its_command() {
        assert_eq!(ECHO.judge_other(&fixture("cat").join("  ")), Ok(()));
        let told = ECHO.judge_other(&fixture("fail 0").join(" ")).unwrap_err();
        assert!(told.contains("fail 0` does not pass yet\nothers"), "{told}");
    }

    #[test]
    fn a_program_that_has_ended_is_not_waited_for() {
        let begin = Instant::now();
        // The port was free a moment ago: somebody else's server on this machine may have it by now. Then once more.
        let told = (0..10).find_map(|_| judged("fail 3", |judge| judge.connect().map(drop)).err());
        let why = told.unwrap();
        assert!(
            why.contains("it has ended") && why.contains("it failed on purpose"),
            "{why}"
        );
        assert!(begin.elapsed() < LIMIT);
    }

    #[test]
    fn a_client_is_given_the_port_of_our_listener() {
        judged("client --addr 127.0.0.1:{port}", |judge| {
            let mut client = judge.accept()?;
            judge.program.as_mut().unwrap().feed(b"hello\n".to_vec());
            client.wants(b"hello\n", "the first message")
        })
        .unwrap();
    }

    /// A peer in this process, for what a program would do wrong.
    fn against(peer: fn(TcpStream)) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        std::thread::spawn(move || peer(listener.accept().unwrap().0));
        Client::new(stream).unwrap()
    }

    #[test]
    fn too_few_bytes_are_told_with_the_end() {
        let told = against(|mut peer| peer.write_all(b"ab").unwrap())
            .wants(b"abc", "three")
            .unwrap_err();
        assert_eq!(
            told,
            "three: wanted 3 bytes, came 2 bytes \"ab\" and the end"
        );
    }

    #[test]
    fn more_than_wanted_is_told_by_who_wants_the_end() {
        let mut client = against(|mut peer| while peer.write_all(b"more").is_ok() {});
        client.wants(b"mo", "the beginning").unwrap();
        assert!(
            client
                .wants_the_end("then")
                .unwrap_err()
                .starts_with("then: wanted the end, came ")
        );
    }

    #[test]
    fn who_wants_to_be_cut_off_is_told_what_came_instead() {
        against(drop).wants_to_be_cut_off("then").unwrap();
        let mut client = against(|mut peer| peer.write_all(b"more").unwrap());
        let told = client.wants_to_be_cut_off("then").unwrap_err();
        assert_eq!(told, "then: wanted the end, came 4 bytes \"more\"");
    }

    #[test]
    fn the_deadline_is_absolute() {
        let mut client = against(|mut peer| while peer.write_all(b".").is_ok() {});
        let begin = Instant::now();
        let deadline = begin + Duration::from_millis(50);
        let error = std::iter::repeat_with(|| client.piece(1, deadline))
            .find_map(Result::err)
            .unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begin.elapsed() >= Duration::from_millis(50));
    }
}
