//! `setsockopt` and `getsockopt`: a number for the level and one for the option in Python, a method each in Rust.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use socket2::SockRef;

use super::or_why;
use crate::short_writes::grouped;

pub(super) fn rows(client: &TcpStream) -> io::Result<String> {
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
        r#"                                            r = SockRef::from(&c)                 socket2's hands on std's socket
c.getsockopt(SOL_SOCKET, SO_RCVBUF)         r.recv_buffer_size()                  {receive} bytes
c.getsockopt(SOL_SOCKET, SO_SNDBUF)         r.send_buffer_size()                  {send} bytes
c.setsockopt(SOL_SOCKET, SO_RCVBUF, 50000)  r.set_recv_buffer_size(50_000)        {doubled} bytes (Linux doubles it)
c.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)   c.set_nodelay(true)                   {nodelay}
c.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)   r.set_keepalive(true)                 {keepalive}
c.setsockopt(SOL_SOCKET, SO_LINGER, ...)    r.set_linger(Some(1 s))               {linger:?}
c.setsockopt(IPPROTO_IP, IP_TTL, 64)        c.set_ttl(64)                         {ttl}
c.getsockopt(SOL_SOCKET, SO_ERROR)          c.take_error()                        {error:?}
"#
    ))
}
