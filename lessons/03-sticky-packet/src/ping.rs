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

use std::ffi::OsStr;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::process::Command;
#[cfg(not(unix))]
use std::process::Stdio;

/// What became of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ping {
    /// The program ended with status 0.
    Answered,
    /// It did not.
    Silent,
    /// The line is no address, so nothing was run.
    NoAddress,
}

impl Ping {
    /// The line of the result file.
    pub(crate) fn line(self, address: &str) -> String {
        format!(
            "{} : {}",
            common::plain_line(address.as_bytes()),
            u8::from(self != Self::Answered)
        )
    }
}

/// Whether a line may become an argument: an IP address, an IPv6 address with its zone (`fe80::1%eth0`, RFC 4007, section
/// 11), or a host name of letters, digits, dots and hyphens (RFC 1123, section 2.1) and of the underscores that people
/// give their machines all the same. No name begins with a hyphen: that would be an option.
pub(crate) fn is_address(line: &str) -> bool {
    let letters = |text: &str| {
        text.bytes()
            .all(|c| c.is_ascii_alphanumeric() || b".-_".contains(&c))
    };
    let name = (1..=253).contains(&line.len()) && letters(line) && !line.starts_with(['-', '.']);
    let with_zone = line.split_once('%').is_some_and(|(address, zone)| {
        address.parse::<Ipv6Addr>().is_ok() && !zone.is_empty() && letters(zone)
    });
    name || with_zone || line.parse::<IpAddr>().is_ok()
}

/// Pings one address once with `program`.
///
/// # Errors
/// The program cannot be started.
pub(crate) fn ping(program: &OsStr, address: &str) -> io::Result<Ping> {
    if !is_address(address) {
        return Ok(Ping::NoAddress);
    }
    let mut command = Command::new(program);
    // One packet. Without a count the Unix ping never ends; Windows spells it differently.
    command.args([if cfg!(windows) { "-n" } else { "-c" }, "1"]);
    if cfg!(target_os = "linux") {
        command.args(["-W", "2"]); // seconds for the answer; elsewhere -W means other things
    }
    command.arg(address);
    let answered = run(&mut command)?;
    Ok(if answered {
        Ping::Answered
    } else {
        Ping::Silent
    })
}

/// Whether it ended with status 0, within 10 s, whatever it started.
#[cfg(unix)]
fn run(command: &mut Command) -> io::Result<bool> {
    runner::run_in_group(command, runner::Limits::default(), &|| false)
        .map(|answer| answer.status == 0)
}

/// Without process groups there is no limit to keep: ping has its own.
#[cfg(not(unix))]
fn run(command: &mut Command) -> io::Result<bool> {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    quiet.status().map(|status| status.success())
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
    fn the_result_is_zero_or_one() {
        assert_eq!(Ping::Answered.line("127.0.0.1"), "127.0.0.1 : 0");
        assert_eq!(Ping::Silent.line("127.0.0.1"), "127.0.0.1 : 1");
        assert_eq!(Ping::NoAddress.line("-f"), "-f : 1");
    }

    #[test]
    #[cfg(unix)]
    fn the_programs_status_decides_and_a_missing_program_is_an_error() {
        assert_eq!(
            ping(OsStr::new("true"), "127.0.0.1").unwrap(),
            Ping::Answered
        );
        assert_eq!(
            ping(OsStr::new("false"), "127.0.0.1").unwrap(),
            Ping::Silent
        );
        assert_eq!(ping(OsStr::new("true"), "-f").unwrap(), Ping::NoAddress);
        let missing = ping(OsStr::new("no-such-program-here"), "127.0.0.1").unwrap_err();
        assert_eq!(missing.kind(), io::ErrorKind::NotFound);
    }
}
