//! `options`: every socket call of Python's `socket` module that the tutorials name, beside its Rust twin and the value
//! it gives now, on this machine, in this run.
//!
//! Each file makes the calls, and then writes down its rows with what they gave.
//!
//! | file | rows |
//! |---|---|
//! | `tcp.rs` | from `socket()` to a connection; `setsockopt` and `getsockopt`; send, recv, makefile, timeouts, shutdown, close |
//! | `families.rs` | datagrams, AF_UNIX, and one listener for IPv4 and IPv6 |
//!
//! Where std has no call, socket2 has it; both work on the same descriptor ([`socket2::SockRef`]).

mod families;
mod tcp;

use std::fmt::Display;
use std::io;
use std::net::SocketAddr;

use cli::why;

/// The table. The listener in it binds `addr`.
///
/// # Errors
/// A call failed that works everywhere.
pub(super) fn options(addr: SocketAddr) -> io::Result<String> {
    let (opening, client, server) = tcp::opening(addr)?;
    let settings = tcp::settings(&client)?;
    let conversation = tcp::conversation(client, server)?;
    let families = families::rows()?;
    Ok(format!("{opening}\n{settings}\n{conversation}\n{families}"))
}

/// A value, or why there is none here.
fn or_why<T: Display>(value: io::Result<T>) -> String {
    match value {
        Ok(value) => value.to_string(),
        Err(error) => format!("not here: {}", why(&error)),
    }
}

/// `Ok(5)`, or an error by its kind and the system's number for it: `ConnectionRefused (111)`.
fn kind_and_number<T: Display>(result: io::Result<T>) -> String {
    match result {
        Ok(value) => format!("Ok({value})"),
        Err(error) => match error.raw_os_error() {
            Some(number) => format!("{:?} ({number})", error.kind()),
            None => format!("{:?}", error.kind()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that the tutorials' lists of socket calls name.
    const NAMED: [&str; 24] = [
        "socket.socket(",
        ".family",
        ".type",
        ".proto",
        ".fileno()",
        ".bind(",
        ".listen(",
        ".accept()",
        ".connect(",
        ".connect_ex(",
        ".recv(",
        ".send(",
        ".sendall(",
        ".recvfrom(",
        ".sendto(",
        ".getpeername()",
        ".getsockname()",
        ".getsockopt(",
        ".setsockopt(",
        ".close()",
        ".setblocking(",
        ".settimeout(",
        ".gettimeout()",
        ".makefile(",
    ];

    #[test]
    fn every_call_of_the_tutorials_has_its_row() {
        let text = options("127.0.0.1:0".parse().unwrap()).unwrap();
        for name in NAMED {
            let rows = text.lines().filter(|line| line.contains(name)).count();
            assert!(rows > 0, "{name} has no row:\n{text}");
        }
    }

    #[test]
    fn the_values_are_those_of_this_run() {
        let text = options("127.0.0.1:0".parse().unwrap()).unwrap();
        let value = |python: &str| -> &str {
            let line = text
                .lines()
                .find(|line| line.starts_with(python))
                .unwrap_or_else(|| panic!("{python}"));
            line.rsplit("  ").next().unwrap()
        };
        assert_eq!(value("s.family"), "AF_INET");
        assert_eq!(value("s.type"), "SOCK_STREAM");
        assert_eq!(value("c.send("), "12 bytes taken");
        assert_eq!(value("c.recv(5)"), "\"HELLO\"");
        assert_eq!(value("c.gettimeout()"), "2s");
        assert_eq!(
            value("c.recv(5)  # no data").split(' ').next(),
            Some("WouldBlock")
        );
        assert_eq!(value("c.recv(5)  # at the end"), "Ok(0)");
        assert_eq!(
            value("c.connect_ex(").split(' ').next(),
            Some("ConnectionRefused")
        );
    }

    #[test]
    fn every_row_has_its_call_and_its_value() {
        let text = options("127.0.0.1:0".parse().unwrap()).unwrap();
        let rows: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(rows.len(), 48, "{text}");
        for row in rows {
            assert!(
                row.is_char_boundary(77) && row[44..77].trim() != "",
                "{row}"
            );
            assert!(
                !row[77..].is_empty() && !row[77..].starts_with(' '),
                "{row}"
            );
        }
    }
}
