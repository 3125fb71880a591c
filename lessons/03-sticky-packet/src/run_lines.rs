//! What the `run` scenes of all lessons share: commands from the words or from stdin, and output in a foreign encoding.

use std::borrow::Cow;
use std::ffi::OsString;

use common::{Entries, Fault, Output, Wire, plain_block, short_line};
use encoding_rs::{Encoding as Coding, GBK, UTF_8};

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
    /// A command line as the other end reads it. What is no UTF-8 goes as it is.
    ///
    /// # Errors
    /// It has a character that the other end does not know. encoding_rs puts `&#128514;` in its place, as browsers do in
    /// forms; to a shell that is another command, with `&` and `;` in it.
    pub fn encode(self, line: &[u8]) -> Result<Cow<'_, [u8]>, String> {
        let Ok(text) = std::str::from_utf8(line) else {
            return Ok(Cow::Borrowed(line));
        };
        let unknown = |c: &char| self.coding().encode(c.encode_utf8(&mut [0; 4])).2;
        match text.chars().find(unknown) {
            None => Ok(self.coding().encode(text).0),
            Some(c) => Err(format!("{} has no character {c}", self.coding().name())),
        }
    }

    /// The output as it came; decoded if it is in another encoding, harmless if a terminal would obey it.
    ///
    /// # Errors
    /// [`Fault::StdoutClosed`] when nobody reads any more.
    pub fn show(self, out: &mut Output, body: &[u8]) -> Result<(), Fault> {
        let text: Cow<'_, [u8]> = match self {
            Self::Utf8 => Cow::Borrowed(body),
            Self::Gbk => Cow::Owned(
                GBK.decode_without_bom_handling(body)
                    .0
                    .into_owned()
                    .into_bytes(),
            ),
        };
        if out.is_terminal() {
            out.raw(plain_block(&text).as_bytes())
        } else {
            out.raw(&text)
        }
    }

    fn coding(self) -> &'static Coding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Gbk => GBK,
        }
    }
}

/// What became of one command.
#[derive(Debug)]
pub enum Ran {
    /// It ran; where its wire tells a status, that was 0.
    Done,
    /// It failed, or on the course wire could not be sent. Only the last command's failure is the program's.
    Failed(Fault),
    /// No answer came or, on a wire where no command has a status, it could not be sent: a failure of the program's,
    /// whatever follows.
    Missing(Fault),
}

impl RunArgs {
    /// Runs the command of the words, or each line of stdin until `quit`. What failed or is missing is said on stderr, and
    /// the next one follows; an error of `one` itself ends the work.
    ///
    /// # Errors
    /// The error of `one`; the last command's; one that is missing.
    pub fn each(&self, mut one: impl FnMut(&[u8]) -> Result<Ran, Fault>) -> Result<(), Fault> {
        let (mut last, mut missing) = (Ok(()), Ok(()));
        let mut run = |line: &[u8]| {
            last = Ok(());
            match one(line)? {
                Ran::Done => {}
                Ran::Failed(fault) => last = Err(fault.report()),
                Ran::Missing(fault) => missing = Err(fault.report()),
            }
            Ok(())
        };
        if self.command.is_empty() {
            let mut entries = Entries::new("command> ");
            while let Some(line) = entries
                .next_entry()
                .map_err(|error| Fault::io("stdin", &error))?
            {
                match line.trim_ascii() {
                    b"quit" => break,
                    b"" => {} // an unframed empty command would be no bytes at all, and no answer
                    _ => run(&line)?,
                }
            }
        } else {
            let words: Vec<&[u8]> = self
                .command
                .iter()
                .map(|word| word.as_encoded_bytes())
                .collect();
            run(&words.join(&b' '))?;
        }
        last.and(missing)
    }
}

/// A command that ran with this status; a wire without one tells nothing.
pub fn outcome(line: &[u8], status: Option<i64>) -> Ran {
    match status {
        None | Some(0) => Ran::Done,
        Some(status) => Ran::Failed(Fault::failed(short_line(line), format!("status {status}"))),
    }
}

/// A command that was refused before it was sent. On the course wire the last command's status is the program's, and this
/// one's is a failure; on the python wire no command has a status, so one that is missing is what failed.
pub fn not_sent(wire: Wire, line: &[u8], why: impl std::fmt::Display) -> Ran {
    let fault = Fault::failed(short_line(line), why);
    match wire {
        Wire::Course => Ran::Failed(fault),
        Wire::Python => Ran::Missing(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_gbk_does_not_have_is_refused_and_never_rewritten() {
        assert_eq!(
            Encoding::Gbk.encode("rm 粘".as_bytes()).unwrap().as_ref(),
            b"rm \xd5\xb3"
        );
        assert_eq!(
            Encoding::Gbk.encode("rm 😂".as_bytes()).unwrap_err(),
            "GBK has no character 😂"
        );
        assert_eq!(
            Encoding::Utf8.encode("rm 😂".as_bytes()).unwrap().as_ref(),
            "rm 😂".as_bytes()
        );
        assert_eq!(
            Encoding::Gbk.encode(b"rm \xff").unwrap().as_ref(),
            b"rm \xff"
        );
    }
}
