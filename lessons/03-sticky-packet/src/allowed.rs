//! Whether a command may run: its program is on the list (`list.rs`), and so is each of its options.
//!
//! Three habits of command lines would slip past a list of *forbidden* options:
//!
//! ```text
//! date --se=12:00      GNU programs take any unambiguous beginning of a long option: this is --set
//! date -us12:00        short options combine, and the last may carry its value: this is -u -s 12:00
//! date 12:00           a bare word sets the clock too
//! ```
//!
//! A list of *allowed* ones has none of these holes: a long option must be spelled out, every letter of a combined one
//! must be listed, no listed option takes a value of its own, and bare words are judged as well.
//!
//! It knows words, not processes.

use std::fmt;

use common::short_line;

use crate::list::{LIST, Operands, Program};

/// Why a command is not allowed. Its text is one line that names the word and is safe for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAllowed {
    /// The line had no word.
    NoProgram,
    /// The program is not on the list; holds its name as it was asked for.
    NotListed(String),
    /// A program named with a path.
    WithPath(String),
    /// An option or a word that this program is not given here.
    Word {
        /// The program.
        program: &'static str,
        /// The word as it was asked for.
        word: String,
    },
}

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram => write!(f, "no program is named"),
            Self::NotListed(name) => {
                write!(
                    f,
                    "{name} is not on the list: {}",
                    programs().collect::<Vec<_>>().join(" ")
                )
            }
            Self::WithPath(name) => write!(f, "{name}: name the program without a path"),
            Self::Word { program, word } => write!(f, "{program} is not given `{word}` here"),
        }
    }
}

impl std::error::Error for NotAllowed {}

/// The names on the list, in alphabetical order.
pub fn programs() -> impl Iterator<Item = &'static str> {
    LIST.iter().map(|program| program.name)
}

/// Whether these words may run: the program is on the list and takes each of the others.
///
/// # Errors
/// The first word that is in the way.
pub fn check(words: &[Vec<u8>]) -> Result<(), NotAllowed> {
    let Some((name, arguments)) = words.split_first() else {
        return Err(NotAllowed::NoProgram);
    };
    if name.iter().any(|&byte| byte == b'/' || byte == b'\\') {
        return Err(NotAllowed::WithPath(short_line(name)));
    }
    let Some(program) = LIST
        .iter()
        .find(|program| program.name.as_bytes() == name.as_slice())
    else {
        return Err(NotAllowed::NotListed(short_line(name)));
    };
    match program.first_unknown(arguments) {
        None => Ok(()),
        Some(word) => Err(NotAllowed::Word {
            program: program.name,
            word: short_line(word),
        }),
    }
}

impl Program {
    /// The first word that this program is not given.
    fn first_unknown<'a>(&self, words: &'a [Vec<u8>]) -> Option<&'a [u8]> {
        let mut only_operands = false; // behind `--`
        let mut operands = 0;
        for word in words {
            let is_option = word.starts_with(b"-") && word.len() > 1 && !only_operands;
            if word == b"--" && is_option && self.knows_the_double_dash() {
                only_operands = true;
            } else if !(is_option && self.takes_option(word)) {
                if !self.takes_operand(word, is_option, operands) {
                    return Some(word);
                }
                operands += 1;
            }
        }
        None
    }

    fn knows_the_double_dash(&self) -> bool {
        matches!(self.operands, Operands::Any | Operands::Numbers(_))
    }

    fn takes_option(&self, word: &[u8]) -> bool {
        match word.strip_prefix(b"--") {
            Some(_) => self.long.iter().any(|long| long.as_bytes() == word),
            None => word
                .iter()
                .skip(1)
                .all(|letter| self.short.as_bytes().contains(letter)),
        }
    }

    /// `index` counts the operands before this one; `dashed` says that the program would take it for an option.
    fn takes_operand(&self, word: &[u8], dashed: bool, index: usize) -> bool {
        match self.operands {
            Operands::None => false,
            Operands::Any => !dashed,
            Operands::OneFormat => index == 0 && word.starts_with(b"+"),
            Operands::Numbers(most) => index < most && is_number(word),
            Operands::Text => true,
        }
    }
}

/// `-`, digits, `.`, digits: what every `seq` and `sleep` agrees on.
fn is_number(word: &[u8]) -> bool {
    let digits = word.strip_prefix(b"-").unwrap_or(word);
    let dots = digits.iter().filter(|&&byte| byte == b'.').count();
    dots <= 1
        && digits.iter().any(u8::is_ascii_digit)
        && digits
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'.')
}
