//! `options`: every socket call of Python's `socket` module that the tutorials name, beside its Rust twin and the value
//! it gives now, on this machine, in this run.
//!
//! | file | rows |
//! |---|---|
//! | `opening.rs` | from `socket()` to a connection: family, type, descriptor, bind, listen, connect, accept, addresses |
//! | `stream.rs` | what a connection does: send, recv, makefile, timeouts, non-blocking, shutdown, close |
//! | `settings.rs` | `setsockopt` and `getsockopt` |
//! | `families.rs` | datagrams, AF_UNIX, and one listener for IPv4 and IPv6 |
//!
//! Where std has no call, socket2 has it; both work on the same descriptor ([`socket2::SockRef`]).

mod families;
mod opening;
mod settings;
mod stream;

use std::fmt::Display;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};

use crate::table::Table;

/// Prints the table. The listener in it binds `addr`.
///
/// # Errors
/// A call failed that works everywhere; and those of writing.
pub fn options(addr: SocketAddr, out: &mut impl Write) -> io::Result<()> {
    let mut rows = Rows {
        table: Table::new(["Python", "Rust", "value now"]),
    };
    let (client, server) = opening::rows(&mut rows, addr)?;
    settings::rows(&mut rows, &client)?;
    stream::rows(&mut rows, client, server)?;
    families::rows(&mut rows)?;
    rows.table.write(out)
}

/// The table, with room for anything that can be shown.
struct Rows {
    table: Table,
}

impl Rows {
    fn row(&mut self, python: &str, rust: &str, value: impl Display) {
        self.table
            .row([python.to_owned(), rust.to_owned(), value.to_string()]);
    }

    /// A group begins.
    fn group(&mut self) {
        self.table.gap();
    }
}

/// A value, or why there is none here.
fn or_why<T: Display>(value: io::Result<T>) -> String {
    match value {
        Ok(value) => value.to_string(),
        Err(error) => format!("not here: {}", common::why(&error)),
    }
}

/// An error by its kind and the system's number for it: `ConnectionRefused (111)`.
fn kind_and_number(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(number) => format!("{:?} ({number})", error.kind()),
        None => format!("{:?}", error.kind()),
    }
}

/// The number that the system knows a socket by.
#[cfg(unix)]
fn descriptor(socket: &impl std::os::fd::AsRawFd) -> String {
    socket.as_raw_fd().to_string()
}

/// The number that the system knows a socket by.
#[cfg(windows)]
fn descriptor(socket: &impl std::os::windows::io::AsRawSocket) -> String {
    socket.as_raw_socket().to_string()
}

/// Both addresses of an end: with the peer's two they are the four numbers that make a connection unique.
fn addresses(stream: &TcpStream) -> io::Result<String> {
    Ok(format!(
        "{} -> {}",
        stream.local_addr()?,
        stream.peer_addr()?
    ))
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
        let mut out = Vec::new();
        options("127.0.0.1:0".parse().unwrap(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        for name in NAMED {
            let rows = text.lines().filter(|line| line.contains(name)).count();
            assert!(rows > 0, "{name} has no row:\n{text}");
        }
    }

    #[test]
    fn the_values_are_those_of_this_run() {
        let mut out = Vec::new();
        options("127.0.0.1:0".parse().unwrap(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
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
}
