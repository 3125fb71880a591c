//! What a stranger's command may do, and for how long.
//!
//! * only programs and options on the allowlist, no shell (unless `Rules::Shell` was asked for, loudly);
//! * ended after 10 s, or at 1 MiB of output, or when the client has disconnected, or on Ctrl-C; and with it everything
//!   it started that stayed in its process group;
//! * an environment of three names, an empty stdin, and no zombie afterwards.
//!
//! What leaves the group on purpose (`setsid`, only through a shell) is out of reach: it lives on, but it cannot make us
//! wait.
//!
//! How a group is run and ended is `group.rs`; this file knows what is run.

use std::env;
use std::ffi::OsString;
use std::io;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::allowlist::{allowed_words, os_string};
use crate::answer::{Answer, NOT_ALLOWED, NOT_FOUND};

/// Which command lines are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// Programs on the allowlist, with the options it names; no shell, no expansion.
    Listed,
    /// Any line, through `/bin/sh -c`. Whoever can connect can then do whatever we can do.
    Shell,
}

/// When a command is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From its start.
    pub time: Duration,
    /// Bytes of stdout and stderr together.
    pub output: usize,
}

impl Default for Limits {
    /// 10 s and 1 MiB: the limit of a frame in the lessons that send the answer.
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            output: 1 << 20,
        }
    }
}

/// Runs commands for clients.
#[derive(Debug, Clone, Copy)]
pub struct Runner {
    pub(crate) rules: Rules,
    pub(crate) limits: Limits,
}

impl Runner {
    /// A runner with the default [`Limits`].
    pub fn new(rules: Rules) -> Self {
        let limits = Limits::default();
        Self { rules, limits }
    }

    /// Runs one command line and returns when it, and all of its group, has ended.
    ///
    /// `disconnected` is asked every few milliseconds; `true` means that nobody waits for the answer any more, and the
    /// group is ended. Whatever goes wrong is an answer too, with a status that says so.
    pub fn run(&self, line: &[u8], disconnected: &dyn Fn() -> bool) -> Answer {
        let words = match self.rules {
            Rules::Listed => allowed_words(line),
            Rules::Shell => shell_words(line),
        };
        let mut words = match words {
            Ok(words) => words.into_iter(),
            Err(why) => return Answer::line(NOT_ALLOWED, "not allowed", why),
        };
        let program = words.next().unwrap_or_default(); // there is one: a line without words is not allowed
        let mut command = Command::new(&program);
        command
            .args(words)
            .env_clear()
            .envs(environment())
            .stdin(Stdio::null());
        run_in_group(&mut command, self.limits, disconnected)
            .unwrap_or_else(|error| did_not_run(&program.to_string_lossy(), &error))
    }
}

fn shell_words(line: &[u8]) -> Result<Vec<OsString>, String> {
    if line.contains(&0) {
        return Err("a zero byte in the line".to_owned()); // no system can pass it to a program
    }
    // The blank before it keeps a line that begins with `-` from being an option of the shell.
    let script = os_string([b" ", line].concat());
    Ok(vec!["/bin/sh".into(), "-c".into(), script])
}

/// All that a command sees of our environment.
fn environment() -> impl Iterator<Item = (&'static str, OsString)> {
    let ours = |name| Some((name, env::var_os(name)?));
    let named = ["HOME", "LANG"].into_iter().filter_map(ours);
    named.chain([("PATH", path())])
}

/// Our PATH without its relative folders: `ls` must not mean a file that somebody has put into the folder we serve.
/// An empty PATH would mean just that folder, so if nothing is left, the usual one takes its place.
fn path() -> OsString {
    let folders = env::var_os("PATH").unwrap_or_default();
    let absolute = env::split_paths(&folders).filter(|folder| folder.is_absolute());
    match env::join_paths(absolute) {
        Ok(path) if !path.is_empty() => path,
        _ => OsString::from("/usr/bin:/bin"),
    }
}

fn did_not_run(program: &str, error: &io::Error) -> Answer {
    let why = match error.kind() {
        io::ErrorKind::NotFound => return Answer::line(NOT_FOUND, "not found", program),
        // EAGAIN: of a socket it means a timeout, of fork(2) this.
        io::ErrorKind::WouldBlock => "no more processes can be started".to_owned(),
        _ if error.raw_os_error().is_some() => error.to_string().to_lowercase(),
        _ => error.to_string(),
    };
    // The system's own sentences end with a number, `(os error 13)`, that says nothing to a reader.
    let why = why.split(" (os error").next().unwrap_or_default();
    Answer::line(NOT_ALLOWED, "cannot run", format!("{program}: {why}"))
}

/// Runs any command within `limits` and returns when all of its process group has ended; the answer's status is the
/// program's own or one of those in `answer.rs`. `disconnected` as for [`Runner::run`]; its stdin is the caller's affair.
///
/// # Errors
/// It cannot be started, or its pipes or its status cannot be read. Not on Unix: always.
pub fn run_in_group(
    command: &mut Command,
    limits: Limits,
    disconnected: &dyn Fn() -> bool,
) -> io::Result<Answer> {
    #[cfg(unix)]
    return crate::group::run(command, limits, disconnected);
    // Without process groups we could start a command and not end what it started: better not to start it.
    #[cfg(not(unix))]
    {
        let _ = (command, limits, disconnected);
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "commands need process groups, which only Unix systems have",
        ))
    }
}

#[cfg(all(test, unix))]
mod tests;
