//! `HOST:PORT`: parse it, bind it, connect to it.
//!
//! A name may stand for several addresses. A server binds the first IPv4 one (else the first IPv6 one); a client tries
//! each in order. `localhost` and `[::1]:8080` work; a bare IPv6 address without brackets is refused, because nobody
//! can tell where its port begins.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::str::FromStr;
use std::time::{Duration, Instant};

use crate::program::{Fault, why};

/// How long a client waits for all addresses of a name together.
const CONNECT: Duration = Duration::from_secs(10);

/// A host (name or number) and a port, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    host: String,
    port: u16,
}

impl Address {
    /// The port as typed; 0 lets the system choose one when binding.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// All addresses the host stands for, in the resolver's order.
    ///
    /// # Errors
    /// The name does not resolve.
    pub fn resolve(&self) -> Result<Vec<SocketAddr>, Fault> {
        let unresolved =
            |reason: String| Fault::failed(self, format!("no address for this name: {reason}"));
        let found: Vec<SocketAddr> = (self.host.as_str(), self.port)
            .to_socket_addrs()
            .map_err(|error| unresolved(why(&error)))?
            .collect();
        if found.is_empty() {
            Err(unresolved("the resolver knows none".into()))
        } else {
            Ok(found)
        }
    }

    /// The one address to bind: the first IPv4 address of the name, else its first.
    ///
    /// # Errors
    /// The name does not resolve.
    pub fn to_bind(&self) -> Result<SocketAddr, Fault> {
        let found = self.resolve()?;
        let first = found.iter().find(|addr| addr.is_ipv4()).or(found.first());
        first
            .copied()
            .ok_or_else(|| Fault::failed(self, "no address for this name"))
    }

    /// Whether every address of the name is this machine's loopback.
    ///
    /// # Errors
    /// The name does not resolve.
    pub fn is_loopback(&self) -> Result<bool, Fault> {
        Ok(self.resolve()?.iter().all(|addr| is_loopback(addr.ip())))
    }
}

/// `::ffff:127.0.0.1` is loopback too: the IPv4 address inside decides.
fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let hint = "want HOST:PORT, for example 127.0.0.1:8080 or [::1]:8080";
        let (host, port) = match text.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest
                    .split_once(']')
                    .ok_or(format!("`[` without `]`; {hint}"))?;
                host.parse::<std::net::Ipv6Addr>()
                    .map_err(|_| format!("no IPv6 address in brackets; {hint}"))?;
                (
                    host,
                    after.strip_prefix(':').ok_or(format!("no port; {hint}"))?,
                )
            }
            None => text.rsplit_once(':').ok_or(format!("no port; {hint}"))?,
        };
        if host.is_empty() {
            return Err(format!("no host; {hint}"));
        }
        if host.contains(':') && !text.starts_with('[') {
            return Err(format!("an IPv6 address goes in brackets; {hint}"));
        }
        if host
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '/')
        {
            return Err(format!("not a host name; {hint}"));
        }
        // `u16::from_str` would take "+80".
        if port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
            return Err(format!("the port is not a number; {hint}"));
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
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Binds a TCP listener.
///
/// # Errors
/// One line that names the address, and the next step where there is one.
pub fn bind(address: &Address) -> Result<TcpListener, Fault> {
    let addr = address.to_bind()?;
    TcpListener::bind(addr).map_err(|error| bind_fault(addr, &error))
}

/// Binds a datagram socket.
///
/// # Errors
/// As [`bind`].
pub fn bind_udp(address: &Address) -> Result<UdpSocket, Fault> {
    let addr = address.to_bind()?;
    UdpSocket::bind(addr).map_err(|error| bind_fault(addr, &error))
}

/// Binds a listener that other machines cannot reach, for servers that run commands.
///
/// # Errors
/// The address is not loopback: wrong usage, with the way to cross machines. Else as [`bind`].
pub fn bind_loopback(address: &Address) -> Result<TcpListener, Fault> {
    let tunnel =
        "to reach it from another machine use a tunnel: ssh -L 8080:127.0.0.1:8080 THIS-MACHINE";
    let addr = only_loopback(address, tunnel)?;
    TcpListener::bind(addr).map_err(|error| bind_fault(addr, &error))
}

/// The same for a datagram socket.
///
/// # Errors
/// As [`bind_loopback`].
pub fn bind_udp_loopback(address: &Address) -> Result<UdpSocket, Fault> {
    let tunnel = "an ssh tunnel carries TCP only, so to reach another machine run both ends over there: ssh THAT-MACHINE";
    let addr = only_loopback(address, tunnel)?;
    UdpSocket::bind(addr).map_err(|error| bind_fault(addr, &error))
}

fn only_loopback(address: &Address, otherwise: &str) -> Result<SocketAddr, Fault> {
    let addr = address.to_bind()?;
    if is_loopback(addr.ip()) {
        return Ok(addr);
    }
    Err(Fault::Usage(format!(
        "{address}: a command server listens on loopback only; {otherwise}"
    )))
}

/// The line for a failed bind of `addr`, for sockets that are made by hand too.
pub fn bind_fault(addr: SocketAddr, error: &io::Error) -> Fault {
    let next = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "already in use: stop the other server or choose a free port, try --addr "
        }
        io::ErrorKind::AddrNotAvailable => "not an address of this machine: try --addr ",
        io::ErrorKind::PermissionDenied => {
            "permission denied: ports under 1024 are kept for root, try --addr "
        }
        _ => return Fault::failed(addr, why(error)),
    };
    let free = SocketAddr::new(
        if addr.is_ipv6() {
            [0, 0, 0, 0, 0, 0, 0, 1].into()
        } else {
            [127, 0, 0, 1].into()
        },
        0,
    );
    Fault::failed(addr, format!("{next}{free}"))
}

/// Connects to the first address of the name that answers, within 10 s altogether.
///
/// `server` is the command that starts the other end; a refused client is told to try it.
///
/// # Errors
/// One line with the last address tried and why.
pub fn connect(address: &Address, server: &str) -> Result<TcpStream, Fault> {
    if address.port == 0 {
        return Err(Fault::Usage(format!(
            "{address}: port 0 is only for binding; name the port the server printed"
        )));
    }
    let found = address.resolve()?;
    let deadline = Instant::now() + CONNECT;
    let mut last = None;
    for (tried, addr) in found.iter().enumerate() {
        // An address that swallows our packets must not eat the time of the ones behind it.
        let left = deadline.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(found.len() - tried).unwrap_or(u32::MAX);
        if share.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(addr, share) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = Some((*addr, error)),
        }
    }
    Err(match last {
        Some((addr, error)) if error.kind() == io::ErrorKind::ConnectionRefused => Fault::failed(
            addr,
            format!("refused: is the server running? try {server}"),
        ),
        Some((addr, error)) if error.kind() == io::ErrorKind::TimedOut => Fault::failed(
            addr,
            format!("no answer to connect in {} s", CONNECT.as_secs()),
        ),
        Some((addr, error)) => Fault::failed(addr, why(&error)),
        None => Fault::failed(
            address,
            format!("no answer to connect in {} s", CONNECT.as_secs()),
        ),
    })
}

/// A listener on 127.0.0.1 with a port that the system chose: what demos and tests use, so that they never collide.
///
/// # Errors
/// Those of `bind(2)`.
pub fn listener_on_a_free_port() -> io::Result<TcpListener> {
    TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_what_is_shown() {
        for text in [
            "127.0.0.1:8080",
            "localhost:0",
            "[::1]:8080",
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
        let addr: Address = "localhost:0".parse().unwrap();
        assert!(addr.to_bind().unwrap().is_ipv4());
        assert!(addr.is_loopback().unwrap());
    }

    #[test]
    fn a_taken_port_is_told_with_the_next_step_over_tcp_and_over_udp() {
        let (tcp, udp) = (
            listener_on_a_free_port().unwrap(),
            UdpSocket::bind("127.0.0.1:0").unwrap(),
        );
        let address = |addr: SocketAddr| addr.to_string().parse::<Address>().unwrap();
        let (tcp, udp) = (
            address(tcp.local_addr().unwrap()),
            address(udp.local_addr().unwrap()),
        );
        for (taken, result) in [
            (&tcp, bind(&tcp).map(drop)),
            (&udp, bind_udp(&udp).map(drop)),
        ] {
            let Err(Fault::Failed(line)) = result else {
                panic!("{result:?}")
            };
            assert!(
                line.starts_with(&format!("{taken}: already in use: ")),
                "{line}"
            );
            assert!(line.ends_with("try --addr 127.0.0.1:0"), "{line}");
        }
    }

    #[test]
    fn a_mapped_loopback_address_is_loopback() {
        assert!(
            "[::ffff:127.0.0.1]:1"
                .parse::<Address>()
                .unwrap()
                .is_loopback()
                .unwrap()
        );
        assert!(
            !"0.0.0.0:1"
                .parse::<Address>()
                .unwrap()
                .is_loopback()
                .unwrap()
        );
    }
}
