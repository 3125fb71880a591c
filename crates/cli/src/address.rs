//! `HOST:PORT`: parse it, find what it stands for, and say what went wrong with it.
//!
//! A name may stand for several addresses. A server binds the first IPv4 one (else the first IPv6 one); a client tries
//! each in order. `localhost` and `[::1]:8080` work; a bare IPv6 address without brackets is refused, because nobody
//! can tell where its port begins.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket};
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
        let reason = match found.map(Vec::from_iter) {
            Ok(found) if !found.is_empty() => return Ok(found),
            Ok(_) => "the resolver knows none".to_owned(),
            Err(error) => why(&error),
        };
        let why = format!("no address for this name: {reason}");
        Err(ExitError::failed(self, why))
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
        first
            .copied()
            .ok_or_else(|| ExitError::failed(self, "no address for this name"))
    }

    /// The one address to bind for a server that other machines must not reach.
    ///
    /// # Errors
    /// It is not loopback: wrong usage, with the way to cross machines. The name does not resolve.
    pub fn to_bind_on_loopback(&self, otherwise: &str) -> Result<SocketAddr> {
        let addr = self.to_bind()?;
        // `::ffff:127.0.0.1` is loopback too: the IPv4 address inside decides.
        if addr.ip().to_canonical().is_loopback() {
            return Ok(addr);
        }
        let why = format!("a command server listens on loopback only; {otherwise}");
        Err(ExitError::usage(self, why))
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wrong =
            |why: &str| format!("{why}; want HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080");
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']').ok_or(wrong("`[` without `]`"))?;
                let (number, _zone) = host.split_once('%').unwrap_or((host, "")); // fe80::1%eth0
                if number.parse::<Ipv6Addr>().is_err() {
                    return Err(wrong("no IPv6 address in brackets"));
                }
                (host, after.strip_prefix(':').ok_or(wrong("no port"))?)
            }
            None => text.rsplit_once(':').ok_or(wrong("no port"))?,
        };
        if host.is_empty() {
            return Err(wrong("no host"));
        }
        if host.contains(':') && !text.starts_with('[') {
            return Err(wrong("an IPv6 address goes in brackets"));
        }
        if host
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '/')
        {
            return Err(wrong("not a host name"));
        }
        // `u16::from_str` would take "+80".
        if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong("the port is not a number"));
        }
        let port = port
            .parse()
            .map_err(|_| format!("port {port} is over 65535"))?;
        Ok(Self {
            host: host.to_owned(),
            port,
        })
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

/// Binds a datagram socket.
///
/// # Errors
/// One line that names the address, and the next step where there is one.
pub fn bind_udp(addr: SocketAddr) -> Result<UdpSocket> {
    UdpSocket::bind(addr).map_err(|error| bind_error(addr, &error))
}

/// The line for a failed bind of `addr`.
pub fn bind_error(addr: SocketAddr, error: &io::Error) -> ExitError {
    let free = if addr.is_ipv6() {
        "[::1]:0"
    } else {
        "127.0.0.1:0"
    };
    let why = match error.kind() {
        _ if lacks_zone(addr) => return zone_missing(addr),
        ErrorKind::AddrInUse => format!(
            "already in use: stop the other server or choose a free port, try --addr {free}"
        ),
        // Where IPv6 is switched off, ::1 is no address of this machine either.
        ErrorKind::AddrNotAvailable => {
            "not an address of this machine: try --addr 127.0.0.1:0".to_owned()
        }
        ErrorKind::PermissionDenied => {
            format!("permission denied: ports under 1024 are kept for root, try --addr {free}")
        }
        _ => why(error),
    };
    ExitError::failed(addr, why)
}

/// The line for a failed connect to `addr`. `server` is the command that starts the other end.
pub fn connect_error(addr: SocketAddr, error: &io::Error, server: &str) -> ExitError {
    let why = match error.kind() {
        _ if lacks_zone(addr) => return zone_missing(addr),
        ErrorKind::ConnectionRefused => &format!("refused: is the server running? try {server}"),
        ErrorKind::AddrNotAvailable => {
            "no address of this machine to call it from: is IPv6 switched off?"
        }
        ErrorKind::PermissionDenied if error.raw_os_error().is_some() => {
            "permission denied: is it a broadcast address? try cargo run -p lesson02 -- broadcast"
        }
        _ => &why(error),
    };
    ExitError::failed(addr, why)
}

/// `fe80::1` and the group `ff02::1` are on every interface: which one has to be said.
fn lacks_zone(addr: SocketAddr) -> bool {
    let is_link_local = |ip: &Ipv6Addr| {
        ip.is_unicast_link_local() || ip.is_multicast() && ip.segments()[0] & 0xf == 2
    };
    matches!(addr, SocketAddr::V6(v6) if is_link_local(v6.ip()) && v6.scope_id() == 0)
}

fn zone_missing(addr: SocketAddr) -> ExitError {
    let (ip, port) = (addr.ip(), addr.port());
    let why = format!("a link-local address needs its interface: [{ip}%eth0]:{port}");
    ExitError::failed(addr, why)
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
            (":80", "no host"),
            ("::1:80", "brackets"),
            ("[::1]", "no port"),
            ("[::1", "without"),
            ("[localhost]:80", "IPv6"),
            ("[%lo]:80", "IPv6"),
            ("a:+80", "not a number"),
            ("a:65536", "over 65535"),
            ("a b:80", "host name"),
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn a_name_binds_its_ipv4_address_first() {
        let address: Address = "localhost:0".parse().unwrap();
        assert!(address.to_bind().unwrap().is_ipv4());
        assert!(address.to_bind_on_loopback("").is_ok());
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
        let bind = |text: &str| {
            text.parse::<Address>()
                .unwrap()
                .to_bind_on_loopback("use a tunnel")
        };
        assert!(bind("[::ffff:127.0.0.1]:0").is_ok());
        let Err(ExitError::Usage(line)) = bind("0.0.0.0:0") else {
            panic!("0.0.0.0 is reached from outside");
        };
        assert!(line.contains("loopback only; use a tunnel"), "{line}");
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
