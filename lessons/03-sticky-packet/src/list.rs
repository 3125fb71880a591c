//! The harmless programs, and which options each may be given.
//!
//! A program on the list is not harmless with every option: `date -s` sets the clock, `hostname NAME` names the machine,
//! `hostname -F FILE` too. So each says which options it takes; everything else is not allowed. How the list is applied
//! is `allowed.rs`.

/// What may stand beside a program's options.
#[derive(Clone, Copy)]
pub(crate) enum Operands {
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

pub(crate) struct Program {
    pub(crate) name: &'static str,
    /// Letters that may be combined behind one `-`. None of them takes a value.
    pub(crate) short: &'static str,
    /// Spelled out, without values.
    pub(crate) long: &'static [&'static str],
    pub(crate) operands: Operands,
}

const fn program(
    name: &'static str,
    short: &'static str,
    long: &'static [&'static str],
    operands: Operands,
) -> Program {
    Program {
        name,
        short,
        long,
        operands,
    }
}

/// In alphabetical order, as an error names them. Options: POSIX, GNU coreutils 9 and macOS were compared.
pub(crate) const LIST: &[Program] = &[
    // Left out: -s (sets the clock), -d and -r and -f (take a value, read files). `-I` takes its value only when glued
    // to it, which no letter of this list is.
    program(
        "date",
        "uRI",
        &["--utc", "--universal", "--rfc-email", "--iso-8601"],
        Operands::OneFormat,
    ),
    program("echo", "", &[], Operands::Text),
    program("false", "", &[], Operands::None),
    // Left out: -F and -b (set the name), and what asks a name server.
    program("hostname", "s", &["--short"], Operands::None),
    program(
        "id",
        "Ggnru",
        &["--group", "--groups", "--name", "--real", "--user"],
        Operands::None,
    ),
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
        &[
            "--all",
            "--kernel-name",
            "--kernel-release",
            "--kernel-version",
            "--machine",
            "--nodename",
        ],
        Operands::None,
    ),
    program("whoami", "", &[], Operands::None),
];
