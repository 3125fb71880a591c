//! Other kinds of socket: datagrams, AF_UNIX, and one listener for both versions of IP.

use std::io::{self, Read};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};

use socket2::{Domain, Socket, Type};

use super::or_why;

pub(super) fn rows() -> io::Result<String> {
    // UDP is lesson 02; its calls belong into the list.
    let u = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let v = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let datagrams = u.local_addr()?;
    let sent = u.send_to(b"hello", v.local_addr()?)?;
    let (came, source) = v.recv_from(&mut [0; 1024])?;
    u.set_broadcast(true)?;
    let broadcast = u.broadcast()?;
    let (pair, dual_stack) = (or_why(unix_pair()), or_why(dual_stack()));
    Ok(format!(
        r#"u = socket.socket(type=SOCK_DGRAM)          UdpSocket::bind(addr)            {datagrams}
u.sendto(b'hello', address)                 u.send_to(b"hello", addr)        {sent} bytes
data, addr = v.recvfrom(1024)               v.recv_from(&mut [0; 1024])      {came} from {source}
u.setsockopt(SOL_SOCKET, SO_BROADCAST, 1)   u.set_broadcast(true)            {broadcast}

a, b = socket.socketpair(AF_UNIX)           UnixStream::pair()               {pair}
s.setsockopt(IPPROTO_IPV6, IPV6_V6ONLY, 0)  s.set_only_v6(false)             {dual_stack}
"#
    ))
}

#[cfg(unix)]
fn unix_pair() -> io::Result<String> {
    use std::io::Write;
    use std::os::unix::net::UnixStream;
    let (mut a, mut b) = UnixStream::pair()?;
    a.write_all(b"hi")?;
    let mut two = [0; 2];
    b.read_exact(&mut two)?;
    Ok(format!(
        "{}, without any port",
        String::from_utf8_lossy(&two)
    ))
}

#[cfg(not(unix))]
fn unix_pair() -> io::Result<String> {
    Err(io::ErrorKind::Unsupported.into())
}

/// One listener on `[::]` with IPV6_V6ONLY switched off, a client of each kind: what it sees as their addresses.
// ANCHOR: dual_stack
fn dual_stack() -> io::Result<String> {
    let socket = Socket::new(Domain::IPV6, Type::STREAM, None)?;
    socket.set_only_v6(false)?; // Linux' default, but not everybody's: say it
    socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)).into())?;
    socket.listen(2)?;
    let listener = TcpListener::from(socket);
    let port = listener.local_addr()?.port();
    let mut seen = Vec::new();
    for client in [
        SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        SocketAddr::from((Ipv6Addr::LOCALHOST, port)),
    ] {
        let _client = TcpStream::connect(client)?;
        // An IPv4 client is seen as ::ffff:127.0.0.1.
        seen.push(listener.accept()?.1.ip().to_string());
    }
    Ok(seen.join(", "))
}
// ANCHOR_END: dual_stack
