//! What the `run` scenes of all lessons share: commands from the words or from stdin, and output in a foreign encoding.

use std::borrow::Cow;
use std::ffi::OsString;

use common::{Entries, Fault, Output, plain_block};
use encoding_rs::{Encoding as Coding, GBK, UTF_8};

use crate::short::short;

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
        let Ok(text) = std::str::from_utf8(line) else { return Ok(Cow::Borrowed(line)) };
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
            Self::Gbk => Cow::Owned(GBK.decode_without_bom_handling(body).0.into_owned().into_bytes()),
        };
        if out.is_terminal() { out.raw(plain_block(&text).as_bytes()) } else { out.raw(&text) }
    }

    fn coding(self) -> &'static Coding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Gbk => GBK,
        }
    }
}

impl RunArgs {
    /// Runs the command of the words, or each line of stdin until `quit`; the result is that of the last one.
    ///
    /// `one` runs a command line. Its inner error is that command's, and the next one follows; the outer one ends the work.
    ///
    /// # Errors
    /// The outer error; the last command's.
    pub fn each(&self, mut one: impl FnMut(&[u8]) -> Result<Result<(), Fault>, Fault>) -> Result<(), Fault> {
        if !self.command.is_empty() {
            let words: Vec<&[u8]> = self.command.iter().map(|word| word.as_encoded_bytes()).collect();
            return one(&words.join(&b' '))?;
        }
        let mut entries = Entries::new("command> ");
        let mut last = Ok(());
        while let Some(line) = entries.next_entry().map_err(|error| Fault::io("stdin", &error))? {
            match line.trim_ascii() {
                b"quit" => break,
                b"" => {} // an unframed empty command would be no bytes at all, and no answer
                _ => last = one(&line)?,
            }
        }
        last
    }
}

/// What became of one command, said on stderr if it is not status 0; a wire without a status tells nothing.
pub fn outcome(line: &[u8], status: Option<i64>) -> Result<(), Fault> {
    match status {
        None | Some(0) => Ok(()),
        Some(status) => Err(Fault::failed(short(line), format!("status {status}")).report()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_that_gbk_does_not_have_is_refused_and_never_rewritten() {
        assert_eq!(Encoding::Gbk.encode("rm 粘".as_bytes()).unwrap().as_ref(), b"rm \xd5\xb3");
        assert_eq!(Encoding::Gbk.encode("rm 😂".as_bytes()).unwrap_err(), "GBK has no character 😂");
        assert_eq!(Encoding::Utf8.encode("rm 😂".as_bytes()).unwrap().as_ref(), "rm 😂".as_bytes());
        assert_eq!(Encoding::Gbk.encode(b"rm \xff").unwrap().as_ref(), b"rm \xff");
    }
}
