//! What the `run` scenes share: commands from the words or from stdin, and output in a foreign encoding.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::net::SocketAddr;

use encoding_rs::GBK;

use crate::entries::next_entry;
use crate::escaped::{escaped_block, shortened};
use crate::exit::{ExitError, Result};
use crate::log::log;
use crate::output::Output;

/// What `--shell` of a command server means, said loudly.
pub fn warn_of_shell() {
    log(
        "--shell: whoever connects can run ANY command as you, delete your files included. Never leave it running.",
    );
}

/// A line in a server's log for each command.
pub fn log_command(peer: SocketAddr, command: &[u8], status: i32) {
    let command = shortened(command);
    log(format_args!("{peer}: run {command}: status {status}"));
}

/// The command line of `run`.
#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// How the other end writes its text
    #[arg(long, value_enum, default_value_t = Encoding::Utf8)]
    pub encoding: Encoding,
    /// The command's words; without them, one command a line from stdin, until `quit`
    #[arg(last = true)]
    pub command: Vec<OsString>,
}

/// How the other end writes its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Encoding {
    /// As it is
    #[value(name = "utf-8")]
    Utf8,
    /// As a Chinese Windows does
    Gbk,
}

impl Encoding {
    /// A command line as the other end reads it. What is not UTF-8 goes as it is.
    ///
    /// # Errors
    /// It has a character that the other end does not know. encoding_rs puts `&#128514;` in its place, as browsers do in
    /// forms; to a shell that is another command, with `&` and `;` in it.
    pub fn encode(self, line: &[u8]) -> std::result::Result<Cow<'_, [u8]>, String> {
        let (Self::Gbk, Ok(text)) = (self, std::str::from_utf8(line)) else {
            return Ok(Cow::Borrowed(line));
        };
        let unknown = |c: &char| GBK.encode(c.encode_utf8(&mut [0; 4])).2;
        match text.chars().find(unknown) {
            None => Ok(GBK.encode(text).0),
            Some(c) => Err(format!("GBK has no character {c}")),
        }
    }

    /// Prints output as it came: decoded if it is in another encoding, escaped if a terminal would obey it.
    ///
    /// # Errors
    /// [`ExitError::StdoutClosed`] when nobody reads any more.
    pub fn show(self, out: &mut Output, body: &[u8]) -> Result {
        let gbk = |body| GBK.decode_without_bom_handling(body).0.into_owned();
        let text = match self {
            Self::Utf8 => Cow::Borrowed(body),
            Self::Gbk => Cow::Owned(gbk(body).into_bytes()),
        };
        match out.is_terminal() {
            true => out.raw(escaped_block(&text).as_bytes()),
            false => out.raw(&text),
        }
    }
}

/// What became of one command.
#[derive(Debug)]
pub enum Ran {
    /// It ran, with this status where its wire tells one.
    Status(Option<i64>),
    /// It was refused, here or there. The last command's failure is the program's.
    Refused(String),
    /// No answer came or, on a wire where no command has a status, it could not be sent: a failure of the program's,
    /// whatever follows.
    Missing(ExitError),
}

impl RunArgs {
    /// Runs the command of the words, or each line of stdin until `quit`. What failed or is missing is said on stderr, and
    /// the next one follows; an error of `one` itself ends the work.
    ///
    /// # Errors
    /// The error of `one`; the last command's; one that is missing.
    pub fn each(&self, mut one: impl FnMut(&[u8]) -> Result<Ran>) -> Result {
        let (mut last, mut missing) = (Ok(()), Ok(()));
        let mut run = |line: &[u8]| -> Result {
            let failed = |why: &dyn Display| Err(ExitError::failed(shortened(line), why).report());
            last = match one(line)? {
                Ran::Status(None | Some(0)) => Ok(()),
                Ran::Status(Some(status)) => failed(&format!("status {status}")),
                Ran::Refused(why) => failed(&why),
                Ran::Missing(error) => {
                    missing = Err(error.report());
                    Ok(())
                }
            };
            Ok(())
        };
        if !self.command.is_empty() {
            run(self.command.join(OsStr::new(" ")).as_encoded_bytes())?;
            return last.and(missing);
        }
        while let Some(line) = next_entry("> ")? {
            match line.trim_ascii() {
                b"quit" => break,
                b"" => {} // an unframed empty command would be no bytes at all, and no answer
                _ => run(&line)?,
            }
        }
        last.and(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gbk_goes_both_ways_and_refuses_what_it_does_not_know() {
        assert_eq!(
            *Encoding::Gbk.encode("粘".as_bytes()).unwrap(),
            *b"\xd5\xb3"
        );
        assert_eq!(*Encoding::Gbk.encode(b"\xff").unwrap(), *b"\xff");
        let refused = Encoding::Gbk.encode("echo \u{1f602}".as_bytes());
        assert_eq!(refused.unwrap_err(), "GBK has no character \u{1f602}");
        assert!(Encoding::Utf8.encode("\u{1f602}".as_bytes()).is_ok());
    }
}
