//! What makes a lesson's `main` a well-behaved program: exit status, one `error:` line, quiet pipes.
//!
//! | status | meaning |
//! |---|---|
//! | 0 | done (also: whoever read our output has closed it) |
//! | 1 | the network, the peer or a file failed |
//! | 2 | wrong usage |
//!
//! Nothing here uses `println!` or `eprintln!`: both panic when the other end of the pipe has gone.

use std::error::Error as _;
use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::log::log;
use crate::plain_text::{plain_line, short_line};

/// Why a program ends early.
#[derive(Debug)]
pub enum Fault {
    /// Wrong usage: status 2. `WHAT: WHY`.
    Usage(String),
    /// The network, the peer or a file failed: status 1. `WHAT: WHY`.
    Failed(String),
    /// Status 1; every `error:` line was printed when it happened.
    AlreadyReported,
    /// Nobody reads our stdout any more (`| head -1`): a quiet end, status 0.
    StdoutClosed,
}

impl Fault {
    /// The network, the peer or a file failed.
    pub fn failed(what: impl Display, why: impl Display) -> Self {
        Self::Failed(format!("{what}: {why}"))
    }

    /// An I/O error of `what`.
    pub fn io(what: impl Display, error: &io::Error) -> Self {
        Self::failed(what, why(error))
    }

    /// Prints the `error:` line now, for a program that goes on with its next entry; ends as [`Fault::AlreadyReported`].
    #[must_use]
    pub fn report(self) -> Self {
        match self {
            Self::Usage(line) | Self::Failed(line) => {
                log(format_args!("error: {}", plain_line(line.as_bytes())));
                Self::AlreadyReported
            }
            quiet => quiet,
        }
    }
}

/// Parses the command line into `Cli`, runs `scene` and turns its result into an exit status.
///
/// A lesson's `main` is this one call.
pub fn run_program<Cli: clap::Parser>(scene: impl FnOnce(Cli) -> Result<(), Fault>) -> ExitCode {
    run_program_on(std::env::args_os(), scene)
}

/// The same for a command line that was looked at before.
pub fn run_program_on<Cli: clap::Parser>(
    args: impl IntoIterator<Item = OsString>,
    scene: impl FnOnce(Cli) -> Result<(), Fault>,
) -> ExitCode {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => return explain_usage(&error),
    };
    exit_status(scene(cli))
}

fn exit_status(result: Result<(), Fault>) -> ExitCode {
    match result {
        Ok(()) | Err(Fault::StdoutClosed) => ExitCode::SUCCESS,
        Err(fault @ Fault::Usage(_)) => {
            let _ = fault.report();
            ExitCode::from(2)
        }
        Err(fault) => {
            let _ = fault.report();
            ExitCode::from(1)
        }
    }
}

/// clap's message in our form: the first line is `error: WHAT: WHY`, then how to use the program.
fn explain_usage(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        return exit_status(Output::default().raw(error.render().to_string().as_bytes()));
    }
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(list)) => Some(list.join(", ")),
        _ => None,
    };
    let what = said(ContextKind::InvalidSubcommand)
        .or_else(|| said(ContextKind::InvalidArg))
        .unwrap_or_else(|| "command line".to_owned());
    let value = said(ContextKind::InvalidValue).unwrap_or_default();
    let shown = if value.is_empty() {
        String::new()
    } else {
        short_line(value.as_bytes())
    };
    let why = match error.kind() {
        ErrorKind::InvalidSubcommand => "no such scene".to_owned(),
        ErrorKind::UnknownArgument if what.starts_with('-') => "no such option here".to_owned(),
        ErrorKind::UnknownArgument if takes_words(error) => {
            "a command's words stand behind `--`".to_owned()
        }
        ErrorKind::UnknownArgument => "one word too many".to_owned(),
        ErrorKind::ValueValidation => {
            let why = error.source().map_or_else(String::new, ToString::to_string);
            let why = if value.is_empty() {
                why
            } else {
                why.replace(&value, &shown)
            }; // some repeat it
            format!("`{shown}`: {why}")
        }
        ErrorKind::InvalidValue if value.is_empty() => "a value is missing".to_owned(),
        ErrorKind::InvalidValue => {
            format!(
                "`{shown}` is not one of {}",
                said(ContextKind::ValidValue).unwrap_or_default()
            )
        }
        ErrorKind::MissingRequiredArgument => "missing".to_owned(),
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg).unwrap_or_default() {
            itself if itself == what => "stands twice".to_owned(),
            other => format!("does not go together with {other}"),
        },
        other => other.as_str().unwrap_or("not understood").to_owned(),
    };
    log(format_args!(
        "error: {}: {}",
        short_line(what.as_bytes()),
        plain_line(why.as_bytes())
    ));
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        log(usage);
    }
    log("For the scenes and options, try --help.");
    ExitCode::from(2)
}

/// The usage that clap shows has a place behind `--`.
fn takes_words(error: &clap::Error) -> bool {
    matches!(error.get(ContextKind::Usage), Some(ContextValue::StyledStr(usage)) if usage.to_string().contains("[-- "))
}

/// What went wrong, in a reader's words and without `(os error 111)`.
pub fn why(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    // An error that some layer of ours made carries its own sentence.
    if error.get_ref().is_some() {
        return error.to_string();
    }
    let text = match error.kind() {
        Kind::ConnectionRefused => "refused",
        Kind::ConnectionReset => "the connection was reset by the peer",
        Kind::ConnectionAborted => "the connection was aborted",
        Kind::BrokenPipe => "the peer has closed the connection",
        Kind::TimedOut | Kind::WouldBlock => "timed out",
        Kind::AddrInUse => "already in use",
        Kind::AddrNotAvailable => "not an address of this machine",
        Kind::NotFound => "no such file or folder",
        Kind::PermissionDenied => "permission denied",
        Kind::AlreadyExists => "exists already",
        Kind::IsADirectory => "is a folder",
        Kind::NotADirectory => "not a folder",
        Kind::StorageFull => "the disk is full",
        Kind::UnexpectedEof => "ended too early",
        _ => {
            let text = error.to_string();
            let end = text.find(" (os error").unwrap_or(text.len());
            return text.get(..end).unwrap_or_default().to_lowercase();
        }
    };
    text.to_owned()
}

/// A client's stdout: what was received and nothing else.
#[derive(Debug)]
pub struct Output {
    stdout: io::Stdout,
}

impl Default for Output {
    fn default() -> Self {
        Self {
            stdout: io::stdout(),
        }
    }
}

impl Output {
    /// Whether a person reads this on a terminal.
    pub fn is_terminal(&self) -> bool {
        self.stdout.is_terminal()
    }

    /// One received message: made harmless, followed by one newline, flushed.
    ///
    /// # Errors
    /// [`Fault::StdoutClosed`] when nobody reads any more.
    pub fn message(&mut self, message: &[u8]) -> Result<(), Fault> {
        self.raw(format!("{}\n", plain_line(message)).as_bytes())
    }

    /// These very bytes, flushed.
    ///
    /// # Errors
    /// [`Fault::StdoutClosed`] when nobody reads any more.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let mut stdout = self.stdout.lock();
        let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
        written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Fault::StdoutClosed,
            _ => Fault::io("stdout", &error),
        })
    }
}

/// Prints a demo's text; with `pause` and a terminal it waits for Enter behind each block (blocks: blank lines between).
///
/// # Errors
/// [`Fault::StdoutClosed`] when nobody reads any more.
pub fn pause_between_blocks(text: &str, pause: bool) -> Result<(), Fault> {
    let mut out = Output::default();
    if !pause || !io::stdin().is_terminal() || !io::stderr().is_terminal() || !out.is_terminal() {
        return out.raw(text.as_bytes());
    }
    let mut blocks = text.split_inclusive("\n\n").peekable();
    while let Some(block) = blocks.next() {
        out.raw(block.as_bytes())?;
        if blocks.peek().is_some() {
            let _ = io::stderr().write_all("-- Enter --".as_bytes());
            let mut line = String::new();
            // The end of the input steps through the rest.
            let _ = io::stdin().lock().read_line(&mut line);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_without_its_number() {
        let error = io::Error::from_raw_os_error(71); // EPROTO on Linux, something else elsewhere
        assert!(!why(&error).contains("os error"), "{}", why(&error));
        assert_eq!(
            why(&io::Error::from(io::ErrorKind::ConnectionRefused)),
            "refused"
        );
    }

    #[test]
    fn an_error_with_its_own_sentence_keeps_it() {
        let error = io::Error::new(io::ErrorKind::TimedOut, "no answer in 2 s");
        assert_eq!(why(&error), "no answer in 2 s");
    }
}
