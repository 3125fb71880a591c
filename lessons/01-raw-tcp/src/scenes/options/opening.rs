//! From `socket()` to a connection.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};

use socket2::{Domain, Socket, Type};

use super::{Table, kind_and_number};

// std does the second group in one call, TcpListener::bind; on Unix with SO_REUSEADDR, as the tutorials want it.
const CALLS: &str = r#"s = socket.socket()                         Socket::new(IPV4, STREAM, None)
s.fileno()                                  s.as_raw_fd()
s.family                                    s.local_addr()?.domain()
s.type                                      s.r#type()
s.proto                                     the third argument: None

s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)   s.set_reuse_address(true)
s.getsockopt(SOL_SOCKET, SO_REUSEADDR)      s.reuse_address()
s.bind(('127.0.0.1', 0))                    s.bind(&addr.into())
s.getsockname()                             s.local_addr()
s.listen(128)                               s.listen(128)

c.connect(address)                          TcpStream::connect(addr)
conn, addr = s.accept()                     (conn, addr) = s.accept()?
c.getsockname(), c.getpeername()            c.local_addr(), c.peer_addr()
conn.getsockname(), conn.getpeername()      conn.local_addr(), conn.peer_addr()
s.close()                                   drop(s)
c.connect_ex(address)  # a closed port      match TcpStream::connect(addr)"#;

/// Fills the rows; the two ends of the connection that they made.
pub(super) fn fill(table: &mut Table, addr: SocketAddr) -> io::Result<(TcpStream, TcpStream)> {
    table.calls = CALLS.lines();
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    table.gives("ok");
    table.gives(descriptor(&socket));
    table.gives(format!("{:?}", socket.local_addr()?.domain()));
    table.gives(format!("{:?}", socket.r#type()?));
    table.gives("0, the one that fits the type");

    if cfg!(unix) {
        socket.set_reuse_address(true)?; // on Windows this would let two servers share one port
    }
    table.gives("ok");
    table.gives(socket.reuse_address()?);
    socket.bind(&addr.into())?;
    table.gives("ok");
    let listening = socket.local_addr()?.as_socket();
    let listening = listening.ok_or(io::ErrorKind::AddrNotAvailable)?;
    table.gives(listening);
    socket.listen(128)?;
    table.gives("ok");

    let client = TcpStream::connect(reachable(listening))?;
    table.gives("ok, and nobody has accepted yet");
    let (server, _) = socket.accept()?;
    let server = TcpStream::from(server);
    table.gives(server.peer_addr()?);
    table.gives(addresses(&client)?);
    table.gives(addresses(&server)?);
    drop(socket);
    table.gives("ok, the connection lives on");
    table.gives(match TcpStream::connect(reachable(listening)) {
        Ok(_) => "ok".to_owned(), // somebody else has taken the port meanwhile
        Err(error) => kind_and_number(&error),
    });
    Ok((client, server))
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
    let (own, peer) = (stream.local_addr()?, stream.peer_addr()?);
    Ok(format!("{own} -> {peer}"))
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
