//! How a program of the course ends: exit status, one `error:` line, quiet pipes.
//!
//! | status | meaning |
//! |---|---|
//! | 0 | done (also: whoever read our output has closed it) |
//! | 1 | the network, the peer or a file failed |
//! | 2 | wrong usage |
//!
//! Nothing here uses `println!` or `eprintln!`: both panic when the other end of the pipe has been closed.

use std::fmt::Display;
use std::io::{self, ErrorKind};
use std::process::ExitCode;

use crate::escaped::escaped_line;
use crate::log::log;
use crate::output::Output;

/// What a scene gives.
pub type Result<T = ()> = std::result::Result<T, ExitError>;

/// Why a program ends early.
#[derive(Debug)]
pub enum ExitError {
    /// Wrong usage: status 2. `WHAT: WHY`.
    Usage(String),
    /// The network, the peer or a file failed: status 1. `WHAT: WHY`; empty if it was printed when it happened.
    Failed(String),
    /// Nobody reads our stdout any more (`| head -1`): a quiet end, status 0.
    StdoutClosed,
}

impl ExitError {
    /// Wrong usage.
    pub fn usage(what: impl Display, why: impl Display) -> Self {
        Self::Usage(format!("{what}: {why}"))
    }

    /// The network, the peer or a file failed.
    pub fn failed(what: impl Display, why: impl Display) -> Self {
        Self::Failed(format!("{what}: {why}"))
    }

    /// An I/O error of `what`.
    pub fn io(what: impl Display, error: &io::Error) -> Self {
        Self::failed(what, why(error))
    }

    /// Prints the `error:` line now, for a program that goes on with its next entry; at its end only the status is left.
    #[must_use]
    pub fn report(self) -> Self {
        let (Self::Usage(line) | Self::Failed(line)) = self else {
            return self;
        };
        if !line.is_empty() {
            log(format_args!("error: {}", escaped_line(line.as_bytes())));
        }
        Self::Failed(String::new())
    }
}

/// `stream.flush().failed_at(peer)?`: an I/O error becomes `PEER: WHY`.
pub trait FailedAt<T> {
    /// Says what failed.
    ///
    /// # Errors
    /// [`ExitError::Failed`].
    fn failed_at(self, what: impl Display) -> Result<T>;
}

impl<T> FailedAt<T> for io::Result<T> {
    fn failed_at(self, what: impl Display) -> Result<T> {
        self.map_err(|error| ExitError::io(what, &error))
    }
}

/// Parses the command line into `Cli`, runs `scene` and turns its result into an exit status.
///
/// A lesson's `main` is this one call.
pub fn run_program<Cli: clap::Parser>(scene: impl FnOnce(Cli) -> Result) -> ExitCode {
    // A full quota (`ulimit -f`) is an error of the write, "file too large", and not the end of the program. The signal
    // is caught and not ignored: what is ignored is handed on to the programs that we start.
    #[cfg(unix)]
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    let result = match Cli::try_parse() {
        Ok(cli) => scene(cli),
        Err(wrong) if wrong.use_stderr() => {
            let _ = wrong.print();
            return ExitCode::from(2);
        }
        Err(help) => Output.raw(help.render().to_string().as_bytes()),
    };
    let status = match &result {
        Ok(()) | Err(ExitError::StdoutClosed) => 0,
        Err(ExitError::Failed(_)) => 1,
        Err(ExitError::Usage(_)) => 2,
    };
    let _ = result.map_err(ExitError::report);
    ExitCode::from(status)
}

/// What went wrong, in a reader's words and without `(os error 111)`.
pub fn why(error: &io::Error) -> String {
    // An error that some layer of ours made carries its own sentence.
    if error.get_ref().is_some() {
        return error.to_string();
    }
    let text = match error.kind() {
        ErrorKind::ConnectionRefused => "refused",
        ErrorKind::ConnectionReset => "the connection was reset by the peer",
        ErrorKind::BrokenPipe => "the peer has closed the connection",
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "timed out",
        ErrorKind::AddrInUse => "already in use",
        ErrorKind::AddrNotAvailable => "not an address of this machine",
        ErrorKind::NotFound => "no such file or folder",
        ErrorKind::PermissionDenied => "permission denied",
        ErrorKind::IsADirectory => "is a folder",
        ErrorKind::NotADirectory => "not a folder",
        ErrorKind::StorageFull => "the disk is full",
        ErrorKind::UnexpectedEof => "ended too early",
        _ => {
            let text = error.to_string();
            let end = text.find(" (os error").unwrap_or(text.len());
            return text.get(..end).unwrap_or_default().to_lowercase();
        }
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_without_its_number() {
        let error = io::Error::from_raw_os_error(71); // EPROTO on Linux, something else elsewhere
        assert!(!why(&error).contains("os error"), "{}", why(&error));
        assert_eq!(why(&ErrorKind::ConnectionRefused.into()), "refused");
    }

    #[test]
    fn an_error_with_its_own_sentence_keeps_it() {
        let error = io::Error::new(ErrorKind::TimedOut, "no answer in 2 s");
        assert_eq!(why(&error), "no answer in 2 s");
    }

    #[test]
    fn an_error_that_was_reported_keeps_its_status_only() {
        let reported = ExitError::usage("--addr", "no port").report();
        assert!(matches!(&reported, ExitError::Failed(line) if line.is_empty()));
        assert!(matches!(
            ExitError::StdoutClosed.report(),
            ExitError::StdoutClosed
        ));
    }
}
