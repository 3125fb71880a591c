//! The list of harmless programs, and what each may be given.
//!
//! A program on the list is not harmless with every option: `date -s` sets the clock, `hostname NAME` names the machine,
//! `hostname -F FILE` too. So the list says for each program which options it takes; everything else is not allowed.
//! Three habits of command lines would slip past a list of *forbidden* options:
//!
//! ```text
//! --se=12:00      GNU programs take any unambiguous beginning of a long option: this is --set
//! -us12:00        short options combine, and the last may carry its value
//! 12:00           `date` sets the clock from a bare word
//! ```
//!
//! A list of *allowed* ones has none of them: a long option must be spelled out, every letter of a combined one must be
//! listed, no listed option takes a value of its own, and bare words are judged too.
//!
//! It knows words, not processes.

use std::fmt;

use common::plain_line;

/// What may stand beside a program's options.
#[derive(Clone, Copy)]
enum Operands {
    /// Only options.
    None,
    /// Any words, after `--` also words that begin with `-`.
    Any,
    /// One `+FORMAT` at most. On BSD a second word would set the clock even behind a format.
    OneFormat,
    /// Up to this many numbers; a negative number is no option.
    Numbers(usize),
    /// Every word is text, options too: `echo` prints what it does not know.
    Text,
}

struct Program {
    name: &'static str,
    /// Letters that may be combined behind one `-`. None of them takes a value.
    short: &'static str,
    long: &'static [&'static str],
    operands: Operands,
}

const fn program(
    name: &'static str,
    short: &'static str,
    long: &'static [&'static str],
    operands: Operands,
) -> Program {
    Program { name, short, long, operands }
}

/// In alphabetical order, as an error names them. Options: POSIX, GNU coreutils 9 and macOS were compared.
const LIST: &[Program] = &[
    // Left out: -s (sets the clock), -d and -r and -f (take a value, read files). `-I` takes its value only when glued
    // to it, which no letter of this list is.
    program("date", "uRI", &["--utc", "--universal", "--rfc-email", "--iso-8601"], Operands::OneFormat),
    program("echo", "", &[], Operands::Text),
    program("false", "", &[], Operands::None),
    // Left out: -F and -b (set the name), and what asks a name server.
    program("hostname", "s", &["--short"], Operands::None),
    program("id", "Ggnru", &["--group", "--groups", "--name", "--real", "--user"], Operands::None),
    // Left out: what takes a value (-I, -T, -w, --sort=...).
    program(
        "ls",
        "1aAbBcCdfFghHiklLmnopqQrRsStuUvxX",
        &[
            "--all",
            "--almost-all",
            "--directory",
            "--human-readable",
            "--inode",
            "--recursive",
            "--reverse",
            "--size",
        ],
        Operands::Any,
    ),
    program("pwd", "LP", &["--logical", "--physical"], Operands::None),
    // Left out: -f and -s, which take a value.
    program("seq", "w", &["--equal-width"], Operands::Numbers(3)),
    program("sleep", "", &[], Operands::Numbers(1)),
    program("true", "", &[], Operands::None),
    program(
        "uname",
        "asnrvmpio",
        &["--all", "--kernel-name", "--kernel-release", "--kernel-version", "--machine", "--nodename"],
        Operands::None,
    ),
    program("whoami", "", &[], Operands::None),
];

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
                write!(f, "{name} is not on the list: {}", programs().collect::<Vec<_>>().join(" "))
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
        return Err(NotAllowed::WithPath(shown(name)));
    }
    let Some(program) = LIST.iter().find(|program| program.name.as_bytes() == name.as_slice()) else {
        return Err(NotAllowed::NotListed(shown(name)));
    };
    match program.first_unknown(arguments) {
        None => Ok(()),
        Some(word) => Err(NotAllowed::Word { program: program.name, word: shown(word) }),
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
            None => word.iter().skip(1).all(|letter| self.short.as_bytes().contains(letter)),
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
        && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// A word in an error: one line, harmless, and short however long it was.
fn shown(word: &[u8]) -> String {
    const LONGEST: usize = 60;
    match word.get(..LONGEST) {
        Some(beginning) if word.len() > LONGEST => format!("{}...", plain_line(beginning)),
        _ => plain_line(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(line: &str) -> Result<(), NotAllowed> {
        check(&crate::split(line.as_bytes()).unwrap())
    }

    #[track_caller]
    fn allowed(lines: &[&str]) {
        for line in lines {
            assert_eq!(judge(line), Ok(()), "{line}");
        }
    }

    #[track_caller]
    fn refused(lines: &[&str]) {
        for line in lines {
            assert!(judge(line).is_err(), "{line}");
        }
    }

    #[test]
    fn the_clock_cannot_be_set() {
        allowed(&[
            "date",
            "date -u",
            "date +%F",
            "date '+%F %T' -u",
            "date -uR",
            "date --utc --iso-8601",
            "date -I",
        ]);
        refused(&["date 12:00", "date 010203042026", "date -s 12:00", "date -s12:00", "date -us12:00"]);
        refused(&[
            "date --set 12:00",
            "date --set=12:00",
            "date --se=12:00",
            "date --s 12:00",
            "date -u 12:00",
        ]);
        refused(&["date +%F 12:00", "date +%F +12", "date -- 12:00", "date -", "date ''", "date -us"]);
        refused(&["date -d now", "date -f /etc/passwd", "date -r /etc/passwd", "date --file=/etc/passwd"]);
        refused(&[
            "date --iso-8601=seconds",
            "date -Iseconds",
            "date --ut",
            "date -j 12:00",
            "date '-s 12:00'",
        ]);
    }

    #[test]
    fn the_host_name_cannot_be_set() {
        allowed(&["hostname", "hostname -s", "hostname --short"]);
        refused(&[
            "hostname evil",
            "hostname -F /etc/passwd",
            "hostname --file=x",
            "hostname --fil=x",
            "hostname -b x",
        ]);
        refused(&["hostname -- evil", "hostname -sF x", "hostname -", "hostname ''", "hostname -s evil"]);
    }

    #[test]
    fn ls_takes_names_and_options_without_values() {
        allowed(&[
            "ls",
            "ls -la",
            "ls -l -- -x",
            "ls a b -1",
            "ls --all",
            "ls -",
            "ls ''",
            "ls -- --what -I",
        ]);
        refused(&[
            "ls -I x",
            "ls -lI x",
            "ls --al",
            "ls --sort=size",
            "ls -w1",
            "ls --color=always",
            "ls -lé",
        ]);
    }

    #[test]
    fn a_word_behind_the_double_dash_is_no_option_but_is_still_judged() {
        allowed(&["seq -- -3 3", "seq -- 3", "ls --", "ls -- --"]);
        refused(&["seq -- -w", "pwd --", "uname --", "sleep -- x", "true --"]);
    }

    #[test]
    fn numbers_are_numbers() {
        allowed(&["seq 3", "seq -3 3", "seq -w 1 2 10", "seq 0.5 1", "sleep 1", "sleep .5", "sleep 1000"]);
        refused(&[
            "seq 1 2 3 4",
            "seq -f %g 3",
            "seq -s, 3",
            "seq 1e9",
            "seq inf",
            "seq .",
            "seq - 3",
            "seq ''",
        ]);
        refused(&["sleep 1 1", "sleep 1d", "sleep infinity", "sleep --help", "sleep 1.2.3", "seq 1 --help"]);
    }

    #[test]
    fn echo_is_given_everything() {
        allowed(&["echo", "echo -n a", "echo --anything -e '\\n' > x; rm -rf $HOME"]);
    }

    #[test]
    fn the_small_ones_take_their_options_and_no_words() {
        allowed(&[
            "pwd",
            "pwd -P",
            "uname -a",
            "uname -sr",
            "uname --machine",
            "whoami",
            "true",
            "false",
            "id -un",
        ]);
        refused(&[
            "pwd x",
            "pwd -x",
            "uname -z",
            "uname x",
            "whoami -x",
            "true x",
            "false --help",
            "id root",
        ]);
    }

    #[test]
    fn what_is_not_on_the_list_is_refused_by_name() {
        refused(&[
            "rm -rf x",
            "sh -c ls",
            "env",
            "LS",
            "ls2",
            "l",
            "''",
            "' ls'",
            "'ls\n'",
            "cat /etc/passwd",
        ]);
        assert_eq!(judge(""), Err(NotAllowed::NoProgram));
        assert_eq!(judge("rm x"), Err(NotAllowed::NotListed("rm".to_owned())));
        assert!(judge("rm").unwrap_err().to_string().contains("rm is not on the list: date echo"));
    }

    #[test]
    fn a_program_with_a_path_is_refused() {
        for line in ["/bin/echo", "./ls", "../ls", "bin/ls", "ls/", "'.\\ls'"] {
            assert!(matches!(judge(line), Err(NotAllowed::WithPath(_))), "{line}");
        }
    }

    #[test]
    fn a_refusal_is_one_short_harmless_line() {
        let text = check(&[b"a\nb\x1b[2J".to_vec()]).unwrap_err().to_string();
        assert!(!text.contains(['\n', '\x1b']), "{text:?}");
        let text = check(&[b"ls".to_vec(), [b"-\xff".as_slice(), &[b'x'; 100_000]].concat()])
            .unwrap_err()
            .to_string();
        assert!(text.len() < 200, "{}", text.len());
    }

    #[test]
    fn the_list_is_in_alphabetical_order() {
        assert!(programs().is_sorted());
    }
}
