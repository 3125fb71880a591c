//! `ping FILE`: one program run for each line, and the one thing wanted from it is its exit status.
//!
//! ```text
//! FILE            ping.txt
//! 127.0.0.1       127.0.0.1 : 0       answered
//! 10.255.255.1    10.255.255.1 : 1    did not
//! ```
//!
//! The tutorial builds a shell line, `'ping ' + line`. A line `; rm -rf ~` is then a command, and even without a shell a
//! line `-f` is an option (flood). So a line has to *be* an address or a host name before it becomes an argument, and it
//! becomes exactly one.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::process::Command;

use cli::{ExitError, FailedAt, Flags, Output, Result, escaped_line, log, shortened, why};
use runner::{Limits, run_in_group};

/// Some 60,000 addresses.
const MAX_BYTES: usize = 1 << 20;
const NO_PROGRAM: &str = "no such program here: install it, or name another with --program";

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
pub fn ping(flags: &Flags, args: &PingArgs) -> Result {
    flags.without_socket("ping")?;
    let (file, out) = (named(&args.file), named(&args.out));
    let addresses = addresses(&args.file, &file)?;
    if same_file(&args.file, &args.out) {
        let why = "the results would replace the addresses";
        return Err(ExitError::usage(out, why));
    }
    let (mut results, mut result, mut copied) = (None, Ok(()), Ok(()));
    let lines = addresses.lines().map(str::trim);
    for address in lines.filter(|line| !line.is_empty()) {
        let answered = is_address(address) && answered(&args.program, address)?;
        if !is_address(address) {
            let why = "not an address or a host name: not pinged";
            result = Err(ExitError::failed(shortened(address.as_bytes()), why).report());
        }
        let shown = escaped_line(address.as_bytes());
        let line = format!("{shown} : {}\n", u8::from(!answered));
        // Made for the first result and not before: a program that is missing leaves the old results alone.
        let results = match &mut results {
            Some(results) => results,
            none => none.insert(File::create(&args.out).failed_at(&out)?),
        };
        results.write_all(line.as_bytes()).failed_at(&out)?;
        // stdout is a copy: whoever closes it (`| head -1`) wants no more to see, not no more results.
        copied = copied.and_then(|()| Output.raw(line.as_bytes()));
    }
    if results.is_none() {
        File::create(&args.out).failed_at(&out)?; // yesterday's must not pass for today's
        let told = format!("{file}: no address in it, so no result in {out}");
        log(told);
    }
    result.and(copied)
}

/// What is in the file of addresses, if it is not too much. `/dev/zero` would never end.
fn addresses(path: &Path, name: &str) -> Result<String> {
    let file = File::open(path).failed_at(name)?;
    let mut bytes = Vec::new();
    let read = file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
    let size = read.failed_at(name)?;
    if size > MAX_BYTES {
        let why = format!("{size} bytes and more of addresses are over the limit of {MAX_BYTES}");
        return Err(ExitError::failed(name, why));
    }
    let text = String::from_utf8_lossy(&bytes);
    // Windows' Notepad puts a mark before UTF-8, which belongs to no address.
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

fn named(path: &Path) -> String {
    escaped_line(path.as_os_str().as_encoded_bytes())
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

/// Whether a line may become an argument: an IP address, an IPv6 address with its zone (`fe80::1%eth0`, RFC 4007, section
/// 11), or a host name of letters, digits, dots and hyphens (RFC 1123, section 2.1) and of the underscores that people
/// give their machines all the same. No name begins with a hyphen: that would be an option.
fn is_address(line: &str) -> bool {
    let allowed = |c: u8| c.is_ascii_alphanumeric() || b".-_".contains(&c);
    let letters = |text: &str| text.bytes().all(allowed);
    let name = (1..=253).contains(&line.len()) && letters(line) && !line.starts_with(['-', '.']);
    let with_zone = line.split_once('%').is_some_and(|(address, zone)| {
        address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty() && letters(zone)
    });
    name || with_zone || line.parse::<IpAddr>().is_ok()
}

/// Whether one address answers `program`.
fn answered(program: &OsStr, address: &str) -> Result<bool> {
    let mut command = Command::new(program);
    // One packet. Without a count the Unix ping never ends; Windows spells it differently.
    command.args([if cfg!(windows) { "-n" } else { "-c" }, "1"]);
    if cfg!(target_os = "linux") {
        command.args(["-W", "2"]); // seconds for the answer; elsewhere -W means other things
    }
    command.arg(address);
    succeeds(&mut command).map_err(|error| {
        let why = match error.kind() {
            ErrorKind::NotFound => NO_PROGRAM.to_owned(),
            _ => why(&error),
        };
        ExitError::failed(escaped_line(program.as_encoded_bytes()), why)
    })
}

/// Whether it ends with status 0: within 10 s, whatever it starts.
fn succeeds(command: &mut Command) -> io::Result<bool> {
    if cfg!(unix) {
        let answer = run_in_group(command, Limits::default(), &|| false)?;
        return Ok(answer.status == 0);
    }
    // Without process groups there is no limit to keep: ping has its own.
    Ok(command.output()?.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_may_become_arguments_and_nothing_else() {
        for right in [
            "127.0.0.1",
            "::1",
            "fe80::1",
            "fe80::1%lo",
            "fe80::1%eth0.100",
            "example.test",
            "a-b.test",
            "host_name",
            "localhost",
            "10",
        ] {
            assert!(is_address(right), "{right}");
        }
        let long = "a".repeat(254);
        for wrong in [
            "",
            "-f",
            "--flood",
            "-f%lo",
            "fe80::1%",
            "fe80::1%lo -f",
            "fe80::1%lo;date",
            "127.0.0.1%lo",
            "%lo",
            ".",
            "; rm -rf x",
            "$(date)",
            "a b",
            "a\tb",
            "127.0.0.1 -f",
            "a/b",
            "é",
            &long,
        ] {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_programs_status_decides_and_a_missing_program_is_an_error() {
        assert!(answered(OsStr::new("true"), "127.0.0.1").unwrap());
        assert!(!answered(OsStr::new("false"), "127.0.0.1").unwrap());
        let missing = answered(OsStr::new("no-such-program-here"), "127.0.0.1").unwrap_err();
        assert!(
            matches!(&missing, ExitError::Failed(line) if line.contains("no such program here")),
            "{missing:?}"
        );
    }
}
