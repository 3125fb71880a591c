//! The harmless programs, which options each may be given, and how a command line is judged by that list.
//!
//! A program on the list is not harmless with every option: `date -s` sets the clock, `hostname NAME` names the machine.
//! So each says which options it takes; everything else is not allowed. Three habits of command lines would slip past a
//! list of *forbidden* options:
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

use std::ffi::OsString;

use crate::words::split;

/// The words of a command line that may run: its program is on the list and takes each of the others.
///
/// # Errors
/// Why it may not, in one line that is safe for a terminal: it cannot be cut into words, or the first word in the way.
pub fn allowed_words(line: &[u8]) -> Result<Vec<OsString>, String> {
    let words = split(line)?;
    let Some((name, arguments)) = words.split_first() else {
        return Err("no program is named".to_owned());
    };
    if name.iter().any(|byte| b"/\\".contains(byte)) {
        let name = shown(name);
        return Err(format!("{name}: name the program without a path"));
    }
    let known = |program: &&Program| program.name.as_bytes() == name;
    let Some(program) = LIST.iter().find(known) else {
        let names: Vec<_> = LIST.iter().map(|program| program.name).collect();
        let (name, names) = (shown(name), names.join(" "));
        return Err(format!("{name} is not on the list: {names}"));
    };
    if let Some(word) = program.first_refused(arguments) {
        let (name, word) = (program.name, shown(word));
        return Err(format!("{name} is not given `{word}` here"));
    }
    Ok(words.into_iter().map(os_string).collect())
}

/// What may stand beside a program's options.
enum Operands {
    /// Only options.
    None,
    /// Any words, after `--` also words that begin with `-`.
    Any,
    /// One `+FORMAT` at most. On BSD a second word would set the clock even after a format.
    OneFormat,
    /// Up to this many numbers; a negative number is not an option.
    Numbers(usize),
    /// Every word is text, options too: `echo` prints what it does not know.
    Text,
}

struct Program {
    name: &'static str,
    /// Letters that may be combined after one `-`. None of them takes a value.
    short: &'static str,
    /// Spelled out, without values, separated by blanks.
    long: &'static str,
    operands: Operands,
}

/// In alphabetical order, as an error names them. Options: POSIX, GNU coreutils 9 and macOS were compared.
const LIST: &[Program] = &[
    // Left out: -s (sets the clock), -d and -r and -f (take a value, read files). `-I` takes its value only when glued
    // to it, which no letter of this list is.
    program(
        "date",
        "uRI",
        "--utc --universal --rfc-email --iso-8601",
        Operands::OneFormat,
    ),
    program("echo", "", "", Operands::Text),
    program("false", "", "", Operands::None),
    // Left out: -F and -b (set the name), and what asks a name server.
    program("hostname", "s", "--short", Operands::None),
    program(
        "id",
        "Ggnru",
        "--group --groups --name --real --user",
        Operands::None,
    ),
    // Left out: what takes a value (-I, -T, -w, --sort=...).
    program(
        "ls",
        "1aAbBcCdfFghHiklLmnopqQrRsStuUvxX",
        "--all --almost-all --directory --human-readable --inode --recursive --reverse --size",
        Operands::Any,
    ),
    program("pwd", "LP", "--logical --physical", Operands::None),
    // Left out: -f and -s, which take a value.
    program("seq", "w", "--equal-width", Operands::Numbers(3)),
    program("sleep", "", "", Operands::Numbers(1)),
    program("true", "", "", Operands::None),
    program(
        "uname",
        "asnrvmpio",
        "--all --kernel-name --kernel-release --kernel-version --machine --nodename",
        Operands::None,
    ),
    program("whoami", "", "", Operands::None),
];

const fn program(
    name: &'static str,
    short: &'static str,
    long: &'static str,
    operands: Operands,
) -> Program {
    Program {
        name,
        short,
        long,
        operands,
    }
}

impl Program {
    /// The first word that this program is not given.
    fn first_refused<'a>(&self, words: &'a [Vec<u8>]) -> Option<&'a [u8]> {
        let mut only_operands = false; // after `--`
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
        if word.starts_with(b"--") {
            return self.long.split(' ').any(|long| long.as_bytes() == word);
        }
        let mut letters = word.iter().skip(1);
        letters.all(|letter| self.short.as_bytes().contains(letter))
    }

    /// `index` counts the operands before this one; `dashed` says that the program would take it for an option.
    fn takes_operand(&self, word: &[u8], dashed: bool, index: usize) -> bool {
        match self.operands {
            Operands::None => false,
            Operands::Any => !dashed,
            Operands::OneFormat => index == 0 && word.starts_with(b"+"),
            Operands::Numbers(max) => index < max && is_number(word),
            Operands::Text => true,
        }
    }
}

/// `-`, digits, `.`, digits: what every `seq` and `sleep` agrees on.
fn is_number(word: &[u8]) -> bool {
    let number = word.strip_prefix(b"-").unwrap_or(word);
    let (dots, digits): (Vec<u8>, Vec<u8>) = number.iter().partition(|&&byte| byte == b'.');
    dots.len() <= 1 && !digits.is_empty() && digits.iter().all(u8::is_ascii_digit)
}

/// A word as an error shows it: at most 60 characters, and none that a terminal obeys (controls, line ends, those that
/// turn the direction of writing around).
fn shown(word: &[u8]) -> String {
    if word.is_empty() {
        return "''".to_owned();
    }
    let text = String::from_utf8_lossy(word);
    let mut shown = String::new();
    for c in text.chars().take(60) {
        match c {
            '\u{61c}' | '\u{200e}' | '\u{200f}' => shown.extend(c.escape_unicode()),
            '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => shown.extend(c.escape_unicode()),
            c if c.is_control() => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    let cut = text.chars().nth(60).map_or("", |_| "...");
    shown + cut
}

/// Bytes as the system wants them. Unix takes any; elsewhere what is not UTF-8 becomes U+FFFD.
pub(crate) fn os_string(bytes: Vec<u8>) -> OsString {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStringExt::from_vec(bytes);
    #[cfg(not(unix))]
    return String::from_utf8_lossy(&bytes).into_owned().into();
}

#[cfg(test)]
mod tests;
