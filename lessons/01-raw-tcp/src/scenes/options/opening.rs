//! From `socket()` to a connection.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};

use socket2::{Domain, Socket, Type};

use super::kind_and_number;

/// The rows, and the two ends of the connection that they made.
pub(super) fn rows(addr: SocketAddr) -> io::Result<(String, TcpStream, TcpStream)> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    let (descriptor, kind) = (descriptor(&socket), socket.r#type()?);
    let family = socket.local_addr()?.domain();

    // std does the next four in one call, TcpListener::bind; on Unix with SO_REUSEADDR, as the tutorials want it.
    if cfg!(unix) {
        socket.set_reuse_address(true)?; // on Windows this would let two servers share one port
    }
    let reuse = socket.reuse_address()?;
    socket.bind(&addr.into())?;
    let listening = socket.local_addr()?.as_socket();
    let listening = listening.ok_or(io::ErrorKind::AddrNotAvailable)?;
    socket.listen(128)?;

    let client = TcpStream::connect(reachable(listening))?;
    let server = TcpStream::from(socket.accept()?.0);
    // The four numbers that make a connection unique, from either end.
    let (c_own, c_peer) = (client.local_addr()?, client.peer_addr()?);
    let (conn_own, conn_peer) = (server.local_addr()?, server.peer_addr()?);
    drop(socket);
    let refused = TcpStream::connect(reachable(listening));
    let refused = kind_and_number(refused.map(|_| "somebody else has the port now"));

    let rows = format!(
        r#"s = socket.socket()                         Socket::new(IPV4, STREAM, None)       ok
s.fileno()                                  s.as_raw_fd()                         {descriptor}
s.family                                    s.local_addr()?.domain()              {family:?}
s.type                                      s.r#type()                            {kind:?}
s.proto                                     the third argument: None              0, the one that fits the type

s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)   s.set_reuse_address(true)             ok
s.getsockopt(SOL_SOCKET, SO_REUSEADDR)      s.reuse_address()                     {reuse}
s.bind(('127.0.0.1', 0))                    s.bind(&addr.into())                  ok
s.getsockname()                             s.local_addr()                        {listening}
s.listen(128)                               s.listen(128)                         ok

c.connect(address)                          TcpStream::connect(addr)              ok, and nobody has accepted yet
conn, addr = s.accept()                     (conn, addr) = s.accept()?            {conn_peer}
c.getsockname(), c.getpeername()            c.local_addr(), c.peer_addr()         {c_own} -> {c_peer}
conn.getsockname(), conn.getpeername()      conn.local_addr(), conn.peer_addr()   {conn_own} -> {conn_peer}
s.close()                                   drop(s)                               ok, the connection lives on
c.connect_ex(address)  # a closed port      match TcpStream::connect(addr)        {refused}
"#
    );
    Ok((rows, client, server))
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

/// Who listens on every address is reached on loopback.
fn reachable(mut addr: SocketAddr) -> SocketAddr {
    match addr {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => addr.set_ip(Ipv4Addr::LOCALHOST.into()),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => addr.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    addr
}
