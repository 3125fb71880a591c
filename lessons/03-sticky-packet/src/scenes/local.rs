//! `shell` and `ping`: running programs, before any network comes in.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use common::{Entries, Fault, Flags, Output, log, plain_line, short_line, why};
use runner::Runner;

use super::commands::{rules, say_what_shell_means};
use crate::local_shell::labelled;
use crate::ping::{self, Ping};

/// Room for some 60,000 addresses.
const MOST_ADDRESSES: u64 = 1 << 20;

/// A command prompt until `exit` or `bye`.
///
/// # Errors
/// An option for sockets was given; stdin failed.
pub fn shell(flags: &Flags, any_line: bool) -> Result<(), Fault> {
    flags.without_socket("shell")?;
    say_what_shell_means(any_line);
    let runner = Runner::new(rules(any_line));
    let mut entries = Entries::new("> ");
    let mut out = Output::default();
    while let Some(line) = entries
        .next_entry()
        .map_err(|error| Fault::io("stdin", &error))?
    {
        match line.trim_ascii() {
            b"exit" | b"bye" => break,
            b"" => {}
            _ => out.raw(labelled(&runner.run(&line, &|| false)).as_bytes())?,
        }
    }
    Ok(())
}

/// The command line of `ping`.
#[derive(Debug, clap::Args)]
pub struct PingArgs {
    /// One address a line
    file: PathBuf,
    /// Where the results go
    #[arg(long, value_name = "FILE", default_value = "ping.txt")]
    out: PathBuf,
    /// What to run: it gets options for one packet, then the address
    #[arg(long, value_name = "PROGRAM", default_value = "ping")]
    program: OsString,
}

/// Pings each address of a file; each result is a line in another file, as soon as it is there.
///
/// # Errors
/// An option for sockets was given; a file cannot be read or written, the program is missing, or a line is no address (the
/// others are pinged).
pub fn ping(flags: &Flags, args: &PingArgs) -> Result<(), Fault> {
    flags.without_socket("ping")?;
    let addresses = addresses(&args.file)?;
    if same_file(&args.file, &args.out) {
        return Err(Fault::Usage(format!(
            "{}: the results would replace the addresses",
            named(&args.out)
        )));
    }
    let (mut results, mut copy) = (Results::new(&args.out), Ok(()));
    let mut result = Ok(());
    let mut out = Output::default();
    // Windows' Notepad puts a mark in front of UTF-8 (U+FEFF), which belongs to no address.
    let addresses = addresses
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(&addresses);
    for line in addresses
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
    {
        let address = String::from_utf8_lossy(line);
        let came = ping::ping(&args.program, &address)
            .map_err(|error| no_program(&args.program, &error))?;
        if came == Ping::NoAddress {
            let fault = Fault::failed(
                short_line(line),
                "not an address or a host name: not pinged",
            );
            result = Err(fault.report());
        }
        let line = format!("{}\n", came.line(&address));
        results.add(&line)?;
        // stdout is a copy: whoever closes it (`| head -1`) wants no more to see, not no more results.
        copy = copy.and_then(|()| out.raw(line.as_bytes()));
    }
    if results.is_new() {
        results.add("")?; // yesterday's must not pass for today's
        log(format_args!(
            "{}: no address in it, so no result in {}",
            named(&args.file),
            named(&args.out)
        ));
    }
    result.and(copy)
}

/// What is in the file of addresses, if it is not too much. `/dev/zero` would never end.
fn addresses(path: &Path) -> Result<Vec<u8>, Fault> {
    let failed = |error| Fault::io(named(path), &error);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(MOST_ADDRESSES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MOST_ADDRESSES {
        let why = format!(
            "{} bytes and more of addresses are over the limit of {MOST_ADDRESSES}",
            bytes.len()
        );
        return Err(Fault::failed(named(path), why));
    }
    Ok(bytes)
}

/// The result file. It is made for the first result and not before: a program that is missing leaves the old results alone.
struct Results<'a> {
    path: &'a Path,
    file: Option<File>,
}

impl<'a> Results<'a> {
    fn new(path: &'a Path) -> Self {
        Self { path, file: None }
    }

    fn is_new(&self) -> bool {
        self.file.is_none()
    }

    fn add(&mut self, line: &str) -> Result<(), Fault> {
        let failed = |error| Fault::io(named(self.path), &error);
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(File::create(self.path).map_err(failed)?),
        };
        file.write_all(line.as_bytes()).map_err(failed)
    }
}

fn named(path: &Path) -> String {
    plain_line(path.as_os_str().as_encoded_bytes())
}

fn no_program(program: &OsString, error: &std::io::Error) -> Fault {
    let name = plain_line(program.as_encoded_bytes());
    match error.kind() {
        ErrorKind::NotFound => Fault::failed(
            name,
            "no such program here: install it, or name another with --program",
        ),
        _ => Fault::failed(name, why(error)),
    }
}

/// Whether two names are one file. Two hard links have different paths and one inode.
#[cfg(unix)]
fn same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let inode = |path| fs::metadata(path).map(|file| (file.dev(), file.ino()));
    matches!((inode(one), inode(other)), (Ok(one), Ok(other)) if one == other)
}

/// Whether two names are one file; a second hard link is not seen here.
#[cfg(not(unix))]
fn same_file(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
