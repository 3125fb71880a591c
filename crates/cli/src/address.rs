//! `HOST:PORT`: parse it, find what it stands for, and say what went wrong with it.
//!
//! A name may stand for several addresses. A server binds the first IPv4 one (else the first IPv6 one); a client tries
//! each in order. `localhost` and `[::1]:8080` work; a bare IPv6 address without brackets is refused, because nobody
//! can tell where its port begins.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::str::FromStr;

use crate::exit::{ExitError, Result, why};

/// A host (name or number) and a port, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    host: String,
    port: u16,
}

impl Address {
    /// All addresses the host stands for, in the resolver's order.
    ///
    /// # Errors
    /// The name does not resolve.
    pub fn resolve(&self) -> Result<Vec<SocketAddr>> {
        let found = (self.host.as_str(), self.port).to_socket_addrs();
        found.map(Vec::from_iter).map_err(|error| {
            let why = format!("no address for this name: {}", why(&error));
            ExitError::failed(self, why)
        })
    }

    /// The same for a client.
    ///
    /// # Errors
    /// Port 0, which only a server can have; the name does not resolve.
    pub fn resolve_to_connect(&self) -> Result<Vec<SocketAddr>> {
        let why = "port 0 is only for binding; name the port the server printed";
        match self.port {
            0 => Err(ExitError::usage(self, why)),
            _ => self.resolve(),
        }
    }

    /// The one address to bind: the first IPv4 address of the name, else its first.
    ///
    /// # Errors
    /// The name does not resolve.
    pub fn to_bind(&self) -> Result<SocketAddr> {
        let found = self.resolve()?;
        let first = found.iter().find(|addr| addr.is_ipv4()).or(found.first());
        let none = || ExitError::failed(self, "no address for this name");
        first.copied().ok_or_else(none)
    }

    /// The one address to bind for a server that runs commands: other machines cannot reach it, whatever the flags say.
    ///
    /// # Errors
    /// It is not loopback: wrong usage, with the way to cross machines. The name does not resolve.
    pub fn to_bind_on_loopback(&self) -> Result<SocketAddr> {
        let why = "a command server listens on loopback only; from another machine use a tunnel: \
                   ssh -L 8080:127.0.0.1:8080 THIS-MACHINE (it carries TCP; over UDP run both ends here)";
        let addr = self.to_bind()?;
        // `::ffff:127.0.0.1` is loopback too: the IPv4 address inside decides.
        match addr.ip().to_canonical().is_loopback() {
            true => Ok(addr),
            false => Err(ExitError::usage(self, why)),
        }
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wrong = |why| {
            let example = "want HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080";
            Err(format!("{why}; {example}"))
        };
        let parts = text.rsplit_once(':');
        let Some((host, digits)) = parts.filter(|(_, port)| !port.contains(']')) else {
            return wrong("no port");
        };
        let number = |host: &str| host.split('%').next()?.parse::<Ipv6Addr>().ok(); // fe80::1%eth0
        let in_no_name = |c: char| c.is_control() || c.is_whitespace() || "/[]".contains(c);
        let host = match host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
        {
            Some(host) if number(host).is_some() => host,
            None if host.contains(':') => return wrong("an IPv6 address goes in brackets"),
            None if !host.is_empty() && !host.contains(in_no_name) => host,
            _ => return wrong("not a host"),
        };
        // `u16::from_str` would take "+80".
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return wrong("the port is not a number");
        }
        let too_large = |_| format!("port {digits} is over 65535");
        let (host, port) = (host.to_owned(), digits.parse().map_err(too_large)?);
        Ok(Self { host, port })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

/// The line for a failed bind of `addr`.
pub fn bind_error(addr: SocketAddr, error: &io::Error) -> ExitError {
    let why = match error.kind() {
        ErrorKind::AddrInUse => {
            "already in use: stop the other server or choose a free port, try --addr 127.0.0.1:0"
        }
        // Where IPv6 is switched off, ::1 is no address of this machine either.
        ErrorKind::AddrNotAvailable => "not an address of this machine: try --addr 127.0.0.1:0",
        ErrorKind::PermissionDenied => {
            "permission denied: ports under 1024 are kept for root, try --addr 127.0.0.1:0"
        }
        _ => &reason(addr, error),
    };
    ExitError::failed(addr, why)
}

/// The line for a failed connect to `addr`. `server` is the command that starts the other end.
pub fn connect_error(addr: SocketAddr, error: &io::Error, server: &str) -> ExitError {
    let why = match error.kind() {
        ErrorKind::ConnectionRefused => &format!("refused: is the server running? try {server}"),
        ErrorKind::AddrNotAvailable => {
            "no address of this machine to call it from: is IPv6 switched off?"
        }
        ErrorKind::PermissionDenied if error.raw_os_error().is_some() => {
            "permission denied: is it a broadcast address? try cargo run -p lesson02 -- broadcast"
        }
        _ => &reason(addr, error),
    };
    ExitError::failed(addr, why)
}

/// `fe80::1` is on every interface: which one has to be said, or the system finds the address invalid.
fn reason(addr: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::InvalidInput if addr.is_ipv6() => {
            let (ip, port) = (addr.ip(), addr.port());
            format!("a link-local address needs its interface: [{ip}%eth0]:{port}")
        }
        _ => why(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn what_is_typed_is_what_is_shown() {
        for text in [
            "127.0.0.1:8080",
            "localhost:0",
            "[::1]:8080",
            "[fe80::1%eth0]:8080",
            "example.test:65535",
        ] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_wrong_address_is_refused_with_a_reason() {
        for (text, reason) in [
            ("127.0.0.1", "no port"),
            (":80", "not a host"),
            ("::1:80", "brackets"),
            ("[::1]", "no port"),
            ("[::1", "brackets"),
            ("[localhost]:80", "not a host"),
            ("[%lo]:80", "not a host"),
            ("a:+80", "not a number"),
            ("a:65536", "over 65535"),
            ("a b:80", "not a host"),
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn a_name_binds_its_ipv4_address_first() {
        let address: Address = "localhost:0".parse().unwrap();
        assert!(address.to_bind().unwrap().is_ipv4());
        assert!(address.to_bind_on_loopback().is_ok());
    }

    #[test]
    fn a_taken_port_is_told_with_the_next_step() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = taken.local_addr().unwrap();
        let ExitError::Failed(line) = bind_error(addr, &TcpListener::bind(addr).unwrap_err())
        else {
            panic!("a taken port is not wrong usage");
        };
        assert!(
            line.starts_with(&format!("{addr}: already in use: ")),
            "{line}"
        );
        assert!(line.ends_with("try --addr 127.0.0.1:0"), "{line}");
    }

    #[test]
    fn a_mapped_loopback_address_is_loopback_and_any_address_is_not() {
        let bind = |text: &str| text.parse::<Address>().unwrap().to_bind_on_loopback();
        assert!(bind("[::ffff:127.0.0.1]:0").is_ok());
        let Err(ExitError::Usage(line)) = bind("0.0.0.0:0") else {
            panic!("0.0.0.0 is reached from outside");
        };
        assert!(
            line.contains("loopback only; from another machine use a tunnel"),
            "{line}"
        );
    }

    #[test]
    fn a_link_local_address_without_its_interface_is_told_so() {
        for addr in ["[fe80::1]:80", "[ff02::1]:80"] {
            let addr: SocketAddr = addr.parse().unwrap();
            for error in [
                bind_error(addr, &ErrorKind::InvalidInput.into()),
                connect_error(addr, &ErrorKind::InvalidInput.into(), "it"),
            ] {
                assert!(
                    matches!(&error, ExitError::Failed(line) if line.contains("%eth0")),
                    "{error:?}"
                );
            }
        }
    }

    #[test]
    fn an_address_that_no_server_of_ours_has_is_told_with_the_next_step() {
        for (addr, error, why) in [
            (
                "[::1]:80",
                io::Error::from(ErrorKind::AddrNotAvailable),
                "is IPv6 switched off?",
            ),
            (
                "255.255.255.255:80",
                io::Error::from_raw_os_error(13),
                "lesson02 -- broadcast",
            ),
        ] {
            let error = connect_error(addr.parse().unwrap(), &error, "it");
            assert!(
                matches!(&error, ExitError::Failed(line) if line.ends_with(why)),
                "{error:?}"
            );
        }
    }
}
