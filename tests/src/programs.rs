//! The workspace's programs: built once, found, started, and ended by their handle whatever happens to the test.
//!
//! `cargo test --workspace` in an empty target does not build the lessons' programs for another package's tests. So the
//! first test that asks for a program has them all built, with the same profile and into the same target folder.
//!
//! A server is ready when it says `listening on IP:PORT`; it is always started on port 0. A program that is still
//! running when its handle is dropped (an assertion failed) gets Ctrl-C, so that it can end the commands it runs, and is
//! killed if that does not help.

use std::fmt;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use crate::collected::Collected;
use crate::deadline::{PATIENCE, until};
use crate::fail;

/// A program of the workspace, for instance `lesson05`.
pub fn program(name: &str) -> PathBuf {
    built(Path::new(name))
}

/// An example of the workspace: a plain program (`echo_server`) or an exercise (`l05_shout_solution`).
pub fn example(name: &str) -> PathBuf {
    built(&Path::new("examples").join(name))
}

/// The workspace's top folder.
pub fn workspace() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests)
}

#[track_caller]
fn built(name: &Path) -> PathBuf {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match BUILT.get_or_init(build) {
        Err(why) => fail(why),
        Ok(folder) => {
            let path = folder
                .join(name)
                .with_extension(std::env::consts::EXE_EXTENSION);
            if path.is_file() {
                path
            } else {
                fail(format_args!("no program {} was built", name.display()))
            }
        }
    }
}

/// Builds all programs and examples, `check` too, which no student builds without asking; gives the folder they are in.
fn build() -> Result<PathBuf, String> {
    // target/PROFILE/deps/THIS-TEST
    let test = std::env::current_exe().map_err(|error| error.to_string())?;
    let folders = |depth| {
        test.ancestors()
            .nth(depth)
            .ok_or("a test binary outside of target/PROFILE/deps")
    };
    let (profile_folder, target) = (folders(2)?, folders(3)?);
    let profile = match profile_folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") => "dev",
        Some(name) => name,
        None => return Err("a profile folder without a name".into()),
    };
    let built = Command::new(env!("CARGO"))
        .args([
            "build",
            "--quiet",
            "--bins",
            "--examples",
            "--workspace",
            "--exclude",
            "benches",
            "--profile",
            profile,
            "--target-dir",
        ])
        .arg(target)
        .current_dir(workspace())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", env!("CARGO")))?;
    if built.status.success() {
        Ok(profile_folder.to_owned())
    } else {
        Err(format!(
            "building the programs failed:\n{}",
            String::from_utf8_lossy(&built.stderr)
        ))
    }
}

/// How a program ended, and all it printed.
#[derive(Debug, Clone)]
pub struct Finished {
    /// The exit status.
    pub status: ExitStatus,
    /// All of stdout.
    pub stdout: Vec<u8>,
    /// All of stderr.
    pub stderr: Vec<u8>,
}

impl Finished {
    /// stdout as text.
    pub fn out(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// stderr as text.
    pub fn err(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The exit status as a shell gives it: 128 and the signal's number for a program that a signal ended.
    pub fn code(&self) -> i32 {
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt;
            self.status
                .code()
                .or(self.status.signal().map(|signal| 128 + signal))
                .unwrap_or(-1)
        }
        #[cfg(not(unix))]
        {
            self.status.code().unwrap_or(-1)
        }
    }

    /// Whether Ctrl-C ended it: by the signal itself, or with the status that stands for it.
    pub fn was_interrupted(&self) -> bool {
        #[cfg(unix)]
        {
            self.code() == 130 // 128 and 2, SIGINT
        }
        #[cfg(not(unix))]
        {
            !self.status.success() // no signals: it was killed
        }
    }
}

/// What a failed assertion shows.
impl fmt::Display for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}\n--- stdout\n{}--- stderr\n{}",
            self.status,
            self.out(),
            self.err()
        )
    }
}

/// Runs a program to its end with `stdin`; one that does not end within the limit fails the test.
#[track_caller]
pub fn run(command: Command, stdin: &[u8]) -> Finished {
    let mut running = Running::start(command);
    running.feed(stdin.to_vec());
    running.finish()
}

/// A program that runs. Dropping it ends it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    /// What it printed on stdout.
    pub stdout: Collected,
    /// What it printed on stderr.
    pub stderr: Collected,
}

impl Running {
    /// Starts a program with pipes at all three ends.
    #[track_caller]
    pub fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = spawn(&mut command);
        match (child.stdout.take(), child.stderr.take()) {
            (Some(stdout), Some(stderr)) => Self {
                stdin: child.stdin.take(),
                child,
                stdout: Collected::from(stdout),
                stderr: Collected::from(stderr),
            },
            _ => fail("a child without the pipes it was given"),
        }
    }

    /// Starts a program whose stdout and stderr are one pipe, as they are on a terminal: in the order of its writes.
    /// All of it is in `stdout`.
    ///
    /// # Errors
    /// Those of `pipe(2)` and of starting the program.
    pub fn start_as_on_a_terminal(mut command: Command) -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        command
            .stdin(Stdio::piped())
            .stdout(writer.try_clone()?)
            .stderr(writer);
        let mut child = command.spawn()?;
        drop(command); // it holds our copies of the writing end: with them the pipe would never end
        Ok(Self {
            stdin: child.stdin.take(),
            child,
            stdout: Collected::from(reader),
            stderr: Collected::from(io::empty()),
        })
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Types these bytes; a program that no longer reads is no failure.
    pub fn send(&mut self, bytes: &[u8]) {
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(bytes).and_then(|()| stdin.flush());
        }
    }

    /// Types all of `bytes` and then ends its stdin. It happens beside the test: a program need not read.
    pub fn feed(&mut self, bytes: Vec<u8>) {
        if let Some(mut stdin) = self.stdin.take() {
            thread::spawn(move || stdin.write_all(&bytes));
        }
    }

    /// Ends its stdin, as Ctrl-D does.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Presses Ctrl-C. Where there are no signals, the program is killed.
    pub fn interrupt(&mut self) {
        if self.has_ended() {
            return;
        }
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, kill_process};
            // The number is still its own: it has not been waited for.
            let _ = kill_process(Pid::from_child(&self.child), Signal::INT);
        }
        #[cfg(not(unix))]
        let _ = self.child.kill();
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Ends its stdin and waits for its end. One that is still there after 30 s fails the test.
    #[track_caller]
    pub fn finish(self) -> Finished {
        match self.finish_within(PATIENCE) {
            Ok(finished) => finished,
            Err(still_running) => fail(still_running),
        }
    }

    /// [`finish`](Self::finish) with a limit of one's own.
    ///
    /// # Errors
    /// It had to be killed; the text shows what it had printed.
    pub fn finish_within(mut self, limit: Duration) -> Result<Finished, String> {
        self.end_within(limit)
    }

    /// [`finish_within`](Self::finish_within) for who keeps the handle; a program that does not end keeps running until
    /// it is dropped.
    ///
    /// # Errors
    /// It is still running; the text shows what it had printed.
    pub fn end_within(&mut self, limit: Duration) -> Result<Finished, String> {
        self.close_stdin();
        match until(limit, || self.child.try_wait().ok().flatten()) {
            Some(status) => {
                // The pipes end with the program, unless it left somebody behind who holds them.
                let rest = Duration::from_secs(2);
                let (stdout, stderr) = (
                    self.stdout.until_the_end(rest),
                    self.stderr.until_the_end(rest),
                );
                Ok(Finished {
                    status,
                    stdout,
                    stderr,
                })
            }
            None => Err(format!(
                "still running after {} s\n--- stdout\n{}--- stderr\n{}",
                limit.as_secs(),
                self.stdout.text(),
                self.stderr.text()
            )),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.has_ended() {
            return;
        }
        self.interrupt();
        // From lesson 06 on a server takes up to 2 s for what still runs.
        if until(Duration::from_secs(3), || self.has_ended().then_some(())).is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[track_caller]
fn spawn(command: &mut Command) -> Child {
    match command.spawn() {
        Ok(child) => child,
        Err(error) => fail(format_args!(
            "{}: {error}",
            command.get_program().to_string_lossy()
        )),
    }
}

/// A server that has said where it listens. Dropping it ends it.
#[derive(Debug)]
pub struct Server {
    running: Running,
    addr: SocketAddr,
}

impl Server {
    /// Starts `program ARGS --addr 127.0.0.1:0` in `folder` and waits for its line.
    #[track_caller]
    pub fn start(program_name: &str, args: &[&str], folder: &Path) -> Self {
        let mut command = Command::new(program(program_name));
        command
            .args(args)
            .args(["--addr", "127.0.0.1:0"])
            .current_dir(folder);
        Self::launch(command)
    }

    /// Starts a server as it stands, which must choose a free port itself, and waits for its line.
    #[track_caller]
    pub fn launch(command: Command) -> Self {
        let running = Running::start(command);
        let said = running.stdout.line(PATIENCE, "listening on ");
        match said.as_deref().map(str::parse) {
            Some(Ok(addr)) => Self { running, addr },
            _ => fail(format_args!(
                "no `listening on IP:PORT` came\n--- stdout\n{}--- stderr\n{}",
                running.stdout.text(),
                // It comes a moment later, on another pipe.
                String::from_utf8_lossy(&running.stderr.until_the_end(Duration::from_secs(1)))
            )),
        }
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The process behind it.
    pub fn running(&mut self) -> &mut Running {
        &mut self.running
    }

    /// Waits for a line on its stderr that begins with `start`, and gives the rest of that line.
    #[track_caller]
    pub fn logs(&self, start: &str) -> String {
        match self.running.stderr.line(PATIENCE, start) {
            Some(rest) => rest,
            None => fail(format_args!(
                "no line `{start}` in its log:\n{}",
                self.running.stderr.text()
            )),
        }
    }

    /// Presses Ctrl-C and waits for its end.
    #[track_caller]
    pub fn stop(mut self) -> Finished {
        self.running.interrupt();
        self.running.finish()
    }
}
