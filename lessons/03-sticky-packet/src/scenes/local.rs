//! `shell` and `ping`: running programs, before any network comes in.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use common::{Entries, Fault, Output, log, plain_line, why};

use super::commands::{rules, say_what_shell_means};
use crate::Runner;
use crate::local_shell::labelled;
use crate::ping::{self, Ping};

/// A command prompt until `exit` or `bye`.
///
/// # Errors
/// stdin failed.
pub fn shell(any_line: bool) -> Result<(), Fault> {
    say_what_shell_means(any_line);
    let runner = Runner::new(rules(any_line));
    let mut entries = Entries::new("> ");
    let mut out = Output::default();
    while let Some(line) = entries.next_entry().map_err(|error| Fault::io("stdin", &error))? {
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
/// A file cannot be read or written, the program is missing, or a line is no address (the others are pinged).
pub fn ping(args: &PingArgs) -> Result<(), Fault> {
    let named = |path: &Path| plain_line(path.as_os_str().as_encoded_bytes());
    let addresses = fs::read(&args.file).map_err(|error| Fault::io(named(&args.file), &error))?;
    if same_file(&args.file, &args.out) {
        return Err(Fault::Usage(format!("{}: the results would replace the addresses", named(&args.out))));
    }
    let mut out = Output::default();
    let mut results: Option<File> = None;
    let mut result = Ok(());
    for line in addresses.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
    {
        let address = String::from_utf8_lossy(line);
        let came = ping::ping(&args.program, &address).map_err(|error| no_program(&args.program, &error))?;
        if came == Ping::NoAddress {
            let fault = Fault::failed(plain_line(line), "not an address or a host name: not pinged");
            result = Err(fault.report());
        }
        let line = format!("{}\n", came.line(&address));
        let failed = |error| Fault::io(named(&args.out), &error);
        let file = match &mut results {
            Some(file) => file,
            // Made now and not before: a program that is missing leaves the old results alone.
            none => none.insert(File::create(&args.out).map_err(failed)?),
        };
        file.write_all(line.as_bytes()).map_err(failed)?;
        out.raw(line.as_bytes())?;
    }
    if results.is_none() {
        log(format_args!("{}: no address in it, nothing written", named(&args.file)));
    }
    result
}

fn no_program(program: &OsString, error: &std::io::Error) -> Fault {
    let name = plain_line(program.as_encoded_bytes());
    match error.kind() {
        ErrorKind::NotFound => {
            Fault::failed(name, "no such program here: install it, or name another with --program")
        }
        _ => Fault::failed(name, why(error)),
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    matches!((fs::canonicalize(one), fs::canonicalize(other)), (Ok(one), Ok(other)) if one == other)
}
