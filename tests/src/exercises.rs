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
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::deadline;
use crate::fail;
use crate::programs::{Running, example};

/// How long a program may take for anything at all. Long enough for a slow start of an interpreter.
const LIMIT: Duration = Duration::from_secs(10);

/// One exercise.
#[derive(Debug, Clone, Copy)]
pub struct Exercise {
    /// `05_1`.
    pub number: &'static str,
    /// `l05_shout`: the examples are `l05_shout_start` and `l05_shout_solution`.
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
        let variable = format!("EXERCISE_{}", self.number);
        if let Ok(command) = env::var(&variable) {
            let words: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            if let Err(why) = self.run(words, typed_in()) {
                fail(format_args!("exercise {}: `{command}` does not pass yet\n{why}", self.number));
            }
            return;
        }
        if self.run(self.own("start"), typed_in()).is_ok() {
            fail(format_args!("exercise {}: the start passes already, there is nothing to do", self.number));
        }
        if let Err(why) = self.run(self.own("solution"), typed_in()) {
            fail(format_args!("exercise {}: the solution does not pass\n{why}", self.number));
        }
    }

    /// The command of one of our own examples.
    fn own(&self, which: &str) -> Vec<String> {
        let program = example(&format!("{}_{which}", self.example));
        let words = self.arguments.split_whitespace().map(str::to_owned);
        std::iter::once(program.to_string_lossy().into_owned()).chain(words).collect()
    }

    /// Runs the check against one program.
    ///
    /// # Errors
    /// What was wanted and what came, and what the program said on stderr.
    fn run(&self, words: Vec<String>, folder: PathBuf) -> Result<(), String> {
        let dir = tempfile::tempdir().map_err(|error| format!("a folder for the check: {error}"))?;
        let mut judge = Judge { words, folder, dir, port: free_port()?, program: None };
        let result = (self.check)(&mut judge);
        let said = judge.program.as_ref().map_or_else(String::new, |program| program.stderr.text());
        result.map_err(|why| if said.is_empty() { why } else { format!("{why}\nits stderr:\n{said}") })
    }
}

/// Where the one who runs the tests stands: Cargo changes into the package, a path in a command means the shell's place.
fn typed_in() -> PathBuf {
    env::var_os("PWD").map(PathBuf::from).filter(|path| path.is_dir()).unwrap_or_else(|| PathBuf::from("."))
}

/// A port that was free a moment ago. The program binds it itself, so a test cannot hold it until then.
fn free_port() -> Result<u16, String> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| format!("a free port: {error}"))?;
    listener.local_addr().map(|addr| addr.port()).map_err(|error| format!("a free port: {error}"))
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
        if self.program.is_none() {
            self.program = Some(Running::start(self.command()));
        }
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let stream = deadline::connect(addr, LIMIT)
            .map_err(|error| format!("the program does not listen on port {}: {error}", self.port))?;
        Client::new(stream)
    }

    /// The program as a client: it is given the port of a listener of ours, and its connection is what this returns.
    ///
    /// # Errors
    /// It does not connect in time.
    pub fn accept(&mut self) -> Result<Client, String> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| error.to_string())?;
        self.port = listener.local_addr().map_err(|error| error.to_string())?.port();
        self.program = Some(Running::start(self.command()));
        match deadline::accept(&listener, LIMIT) {
            Ok(Some(stream)) => Client::new(stream),
            Ok(None) => Err(format!("the program does not connect to port {}", self.port)),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The program as a filter: its stdout for this stdin.
    ///
    /// # Errors
    /// It does not end in time, or ends with another status than 0.
    pub fn filter(&mut self, stdin: &[u8]) -> Result<Vec<u8>, String> {
        let mut program = Running::start(self.command());
        program.feed(stdin.to_vec());
        let finished = program.finish_within(LIMIT)?;
        if finished.status.success() { Ok(finished.stdout) } else { Err(format!("it failed\n{finished}")) }
    }

    fn command(&self) -> Command {
        let words = self.words.iter().map(|word| {
            word.replace("{port}", &self.port.to_string()).replace("{dir}", &self.dir().to_string_lossy())
        });
        let words: Vec<String> = words.collect();
        let (program, arguments) =
            words.split_first().unwrap_or_else(|| fail("an empty command cannot be judged"));
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
            .set_read_timeout(Some(LIMIT))
            .and_then(|()| stream.set_write_timeout(Some(LIMIT)))
            .and_then(|()| stream.set_nodelay(true));
        ready.map_err(|error| error.to_string())?;
        Ok(Self { stream })
    }

    /// Sends these bytes in one write.
    ///
    /// # Errors
    /// The program has closed the connection, or does not read.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.stream.write_all(bytes).map_err(|error| format!("sending {}: {error}", shown(bytes)))
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
        let mut block = [0; 8192];
        while bytes.len() < count {
            let room = block.len().min(count - bytes.len());
            let got = self.stream.read(block.get_mut(..room).unwrap_or_default());
            match got {
                Ok(0) => {
                    return Err(format!(
                        "{what}: wanted {count} bytes, the end came after {}",
                        shown(&bytes)
                    ));
                }
                Ok(got) => bytes.extend_from_slice(block.get(..got).unwrap_or_default()),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    return Err(format!(
                        "{what}: wanted {count} bytes, after {} came: {error}",
                        shown(&bytes)
                    ));
                }
            }
        }
        Ok(bytes)
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
        Err(format!("{what}: wanted {}, came {}", shown(wanted), shown(&came)))
    }

    /// We are done; the program has to close as well, without another byte.
    ///
    /// # Errors
    /// Something came, or it stays.
    pub fn wants_the_end(mut self, what: impl Display) -> Result<(), String> {
        self.stream.shutdown(Shutdown::Write).map_err(|error| format!("{what}: half-close: {error}"))?;
        let mut rest = Vec::new();
        match self.stream.read_to_end(&mut rest) {
            Ok(0) => Ok(()),
            Ok(_) => Err(format!("{what}: wanted the end, came {}", shown(&rest))),
            Err(error) => Err(format!("{what}: wanted the end of the connection: {error}")),
        }
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
        let exercise = Exercise { number: "00_0", example: "fixture", arguments: "", check };
        let words = std::iter::once(program("fixture").to_string_lossy().into_owned());
        exercise.run(words.chain(arguments.split(' ').map(str::to_owned)).collect(), PathBuf::from("."))
    }

    #[test]
    fn a_failed_check_says_what_was_wanted_and_what_came() {
        let why = judged("server --addr 127.0.0.1:{port}", |judge| {
            let mut client = judge.connect()?;
            client.send(b"hello\n")?;
            client.wants(b"HALLO\n", "the answer")
        });
        let why = why.unwrap_err();
        assert!(why.contains(r#"the answer: wanted 6 bytes "HALLO\n", came 6 bytes "HELLO\n""#), "{why}");
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
    fn a_program_that_ends_instead_of_listening_fails_and_its_stderr_is_shown() {
        let why = judged("fail 3", |judge| judge.filter(b"").map(drop)).unwrap_err();
        assert!(why.contains("it failed"), "{why}");
    }
}
