//! The hard promise: what a stranger's command may do, and for how long.
//!
//! * only programs and options on the list, no shell (unless `Rules::Shell` was asked for, loudly);
//! * ended after 10 s, or at 1 MiB of output, or when the client has gone, or on Ctrl-C; and with it everything it
//!   started that stayed in its process group;
//! * 16 at once, the next waits, and its 10 s begin when it begins;
//! * an environment of three names, an empty stdin, and no zombie afterwards.
//!
//! What leaves the group on purpose (`setsid`, only through a shell) is out of reach: it lives on, but it cannot make us
//! wait.
//!
//! How a group is run and ended is `group.rs`; this file knows what is run.

use std::env;
use std::ffi::OsString;
use std::io;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use common::why;

use crate::answer::{Answer, NOT_ALLOWED, NOT_FOUND};
use crate::slots::Slots;
use crate::{allowed, words};

/// Commands at once, over all clones of one [`Runner`]. At 1 MiB of output each, that bounds the memory as well.
const AT_ONCE: usize = 16;

/// Which command lines are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// Programs on the list, with the options the list says; no shell, no expansion.
    Listed,
    /// Any line, through `/bin/sh -c`. Whoever can connect can then do whatever we can do.
    Shell,
}

/// When a command is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From its start. Waiting for a free slot does not count.
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

/// Runs commands for clients. Clones share the 16 slots, so a server clones one for each of its connections.
#[derive(Debug, Clone)]
pub struct Runner {
    rules: Rules,
    limits: Limits,
    slots: Arc<Slots>,
}

impl Runner {
    /// A runner with the default [`Limits`].
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            limits: Limits::default(),
            slots: Arc::new(Slots::new(AT_ONCE)),
        }
    }

    /// The same runner (and the same slots) with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Runs one command line and returns when it, and all of its group, has ended.
    ///
    /// `gone` is asked every few milliseconds, also while the command waits for a slot; `true` means that nobody waits
    /// for the answer any more, and the group is ended. Whatever goes wrong is an answer too, with a status that says so.
    pub fn run(&self, line: &[u8], gone: &dyn Fn() -> bool) -> Answer {
        let (mut command, name) = match self.command(line) {
            Ok(command) => command,
            Err(why) => return Answer::line(NOT_ALLOWED, "not allowed", why),
        };
        let Some(_slot) = self.slots.take(gone) else {
            return Answer::line(
                NOT_ALLOWED,
                "cannot run",
                "nobody waits for the answer any more",
            );
        };
        run_in_a_group(&mut command, self.limits, gone)
            .unwrap_or_else(|error| did_not_run(&name, &error))
    }

    /// The command, ready to be started, and the program's name for an error.
    fn command(&self, line: &[u8]) -> Result<(Command, String), String> {
        let (program, arguments) = match self.rules {
            Rules::Listed => listed(line)?,
            Rules::Shell => shell(line)?,
        };
        let name = program.to_string_lossy().into_owned();
        let mut command = Command::new(program);
        command.args(arguments).env_clear().envs(environment());
        Ok((command, name))
    }
}

fn listed(line: &[u8]) -> Result<(OsString, Vec<OsString>), String> {
    let words = words::split(line).map_err(|why| why.to_string())?;
    allowed::check(&words).map_err(|why| why.to_string())?;
    let mut words = words.into_iter().map(os_string);
    let program = words.next().unwrap_or_default(); // `check` refuses a line without words
    Ok((program, words.collect()))
}

fn shell(line: &[u8]) -> Result<(OsString, Vec<OsString>), String> {
    if line.contains(&0) {
        return Err("a zero byte in the line".to_owned());
    }
    // The blank in front keeps a line that begins with `-` from being an option of the shell.
    let script = [b" ".as_slice(), line].concat();
    Ok((
        OsString::from("/bin/sh"),
        vec![OsString::from("-c"), os_string(script)],
    ))
}

fn did_not_run(name: &str, error: &io::Error) -> Answer {
    match error.kind() {
        io::ErrorKind::NotFound => Answer::line(NOT_FOUND, "not found", name),
        // EAGAIN: of a socket it means a timeout, of fork(2) this.
        io::ErrorKind::WouldBlock => Answer::line(
            NOT_ALLOWED,
            "cannot run",
            format!("{name}: no more processes can be started"),
        ),
        _ => Answer::line(NOT_ALLOWED, "cannot run", format!("{name}: {}", why(error))),
    }
}

/// All that a command sees of our environment.
fn environment() -> Vec<(&'static str, OsString)> {
    let names: &[&str] = if cfg!(windows) {
        &["HOME", "LANG", "SystemRoot"]
    } else {
        &["HOME", "LANG"]
    };
    let mut list: Vec<_> = names
        .iter()
        .filter_map(|&name| Some((name, env::var_os(name)?)))
        .collect();
    list.push(("PATH", path()));
    list
}

/// Our PATH without its relative folders: `ls` must not mean a file that somebody has put into the folder we serve.
/// An empty PATH would mean just that folder, so if nothing is left, the usual one takes its place.
fn path() -> OsString {
    let folders = env::var_os("PATH").unwrap_or_default();
    let absolute: Vec<_> = env::split_paths(&folders)
        .filter(|folder| folder.is_absolute())
        .collect();
    match env::join_paths(absolute) {
        Ok(path) if !path.is_empty() => path,
        _ => OsString::from("/usr/bin:/bin"),
    }
}

/// Bytes as the system wants them. Unix takes any; elsewhere what is not UTF-8 becomes U+FFFD.
pub(crate) fn os_string(bytes: Vec<u8>) -> OsString {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStringExt::from_vec(bytes);
    #[cfg(not(unix))]
    return String::from_utf8_lossy(&bytes).into_owned().into();
}

#[cfg(unix)]
use crate::group::run as run_in_a_group;

/// Without process groups we could start a command and not end what it started: better not to start it.
#[cfg(not(unix))]
fn run_in_a_group(_: &mut Command, _: Limits, _: &dyn Fn() -> bool) -> io::Result<Answer> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "commands need process groups, which only Unix systems have",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_could_not_be_started_is_one_line_with_the_reason() {
        let line =
            |kind| String::from_utf8(did_not_run("date", &io::Error::from(kind)).stderr).unwrap();
        assert_eq!(line(io::ErrorKind::NotFound), "not found: date\n");
        assert_eq!(
            line(io::ErrorKind::WouldBlock),
            "cannot run: date: no more processes can be started\n"
        );
        assert_eq!(
            line(io::ErrorKind::PermissionDenied),
            "cannot run: date: permission denied\n"
        );
    }
}
