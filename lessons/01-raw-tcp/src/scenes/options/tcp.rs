//! One TCP connection, from `socket()` to its end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, SockRef, Socket, Type};

use super::{kind_and_number, or_why};
use crate::short_writes::grouped;

/// From `socket()` to a connection: the head of the table, its first rows, and the two ends of the connection that they made.
pub(super) fn opening(addr: SocketAddr) -> io::Result<(String, TcpStream, TcpStream)> {
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
        r#"Python                                      Rust                             value now
s = socket.socket()                         Socket::new(IPV4, STREAM, None)  ok
s.fileno()                                  s.as_raw_fd()                    {descriptor}
s.family                                    s.local_addr()?.domain()         {family:?}
s.type                                      s.r#type()                       {kind:?}
s.proto                                     the third argument: None         0, what fits the type

s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)   s.set_reuse_address(true)        ok
s.getsockopt(SOL_SOCKET, SO_REUSEADDR)      s.reuse_address()                {reuse}
s.bind(('127.0.0.1', 0))                    s.bind(&addr.into())             ok
s.getsockname()                             s.local_addr()                   {listening}
s.listen(128)                               s.listen(128)                    ok

c.connect(address)                          TcpStream::connect(addr)         ok, not accepted yet
conn, addr = s.accept()                     (conn, addr) = s.accept()?       {conn_peer}
c.getsockname()                             c.local_addr()                   {c_own}
c.getpeername()                             c.peer_addr()                    {c_peer}
conn.getsockname()                          conn.local_addr()                {conn_own}
conn.getpeername()                          conn.peer_addr()                 {conn_peer}
s.close()                                   drop(s)                          ok, the others live on
c.connect_ex(address)  # a closed port      match TcpStream::connect(addr)   {refused}
"#
    );
    Ok((rows, client, server))
}

/// `setsockopt` and `getsockopt`: a number for the level and one for the option in Python, a method each in Rust.
pub(super) fn settings(client: &TcpStream) -> io::Result<String> {
    let r = SockRef::from(client);
    let receive = grouped(r.recv_buffer_size()? as u64);
    let send = grouped(r.send_buffer_size()? as u64);
    r.set_recv_buffer_size(50_000)?;
    let doubled = grouped(r.recv_buffer_size()? as u64);
    client.set_nodelay(true)?;
    let nodelay = client.nodelay()?;
    r.set_keepalive(true)?;
    let keepalive = r.keepalive()?;
    r.set_linger(Some(Duration::from_secs(1)))?;
    let linger = r.linger()?;
    r.set_linger(None)?;
    // IPv6 calls it hop limit and has another option for it.
    let ttl = or_why(client.set_ttl(64).and_then(|()| client.ttl()));
    let error = client.take_error()?.map(|error| error.kind());
    Ok(format!(
        r#"                                            r = SockRef::from(&c)            (socket2's view of c)
c.getsockopt(SOL_SOCKET, SO_RCVBUF)         r.recv_buffer_size()             {receive} bytes
c.getsockopt(SOL_SOCKET, SO_SNDBUF)         r.send_buffer_size()             {send} bytes
c.setsockopt(SOL_SOCKET, SO_RCVBUF, 50000)  r.set_recv_buffer_size(50_000)   {doubled} bytes: doubled
c.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)   c.set_nodelay(true)              {nodelay}
c.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)   r.set_keepalive(true)            {keepalive}
c.setsockopt(SOL_SOCKET, SO_LINGER, ...)    r.set_linger(Some(1 s))          {linger:?}
c.setsockopt(IPPROTO_IP, IP_TTL, 64)        c.set_ttl(64)                    {ttl}
c.getsockopt(SOL_SOCKET, SO_ERROR)          c.take_error()                   {error:?}
"#
    ))
}

/// What a connection does, from the first byte to the end.
pub(super) fn conversation(mut client: TcpStream, mut server: TcpStream) -> io::Result<String> {
    let taken = client.write(b"hello\nworld\n")?;
    client.write_all(b"!\n")?;
    // A file object on Python's side; on ours something that reads ahead and hands out lines.
    let mut line = String::new();
    BufReader::new(&server).read_line(&mut line)?;
    server.write_all(b"HELLO")?;
    let mut five = [0; 5];
    let peeked = client.peek(&mut five)?;
    let count = client.read(&mut five)?;
    let hello = String::from_utf8_lossy(five.get(..count).unwrap_or_default()).into_owned();

    client.set_read_timeout(Some(Duration::from_secs(2)))?;
    client.set_write_timeout(Some(Duration::from_secs(2)))?;
    let timeout = client.read_timeout()?.unwrap_or_default();
    client.set_read_timeout(None)?;
    let no_timeout = client.read_timeout()?;
    client.set_nonblocking(true)?;
    let no_data = kind_and_number(client.read(&mut five));
    client.set_nonblocking(false)?;

    server.shutdown(Shutdown::Write)?;
    let at_the_end = kind_and_number(client.read(&mut five));
    drop(client);
    Ok(format!(
        r#"c.send(b'hello\nworld\n')                   c.write(b"hello\nworld\n")       {taken} bytes taken
c.sendall(b'!\n')                           c.write_all(b"!\n")              ok, all of it
conn.makefile('rb').readline()              BufReader::new(c).read_line(..)  {line:?}
c.recv(5, MSG_PEEK)                         c.peek(&mut [0; 5])              {peeked} bytes seen
c.recv(5)                                   c.read(&mut [0; 5])              {hello:?}

c.settimeout(2)                             c.set_read_timeout(Some(2 s))    ok
c.gettimeout()                              c.read_timeout()                 {timeout:?}
c.settimeout(None)                          c.set_read_timeout(None)         {no_timeout:?}
c.setblocking(False)                        c.set_nonblocking(true)          ok
c.recv(5)  # no data                        c.read(&mut [0; 5])              {no_data}
c.setblocking(True)                         c.set_nonblocking(false)         ok

conn.shutdown(SHUT_WR)                      conn.shutdown(Shutdown::Write)   ok, FIN
c.recv(5)  # at the end                     c.read(&mut [0; 5])              {at_the_end}
c.close()                                   drop(c)                          ok
"#
    ))
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
