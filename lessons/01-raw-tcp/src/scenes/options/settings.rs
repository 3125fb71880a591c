//! `setsockopt` and `getsockopt`: a number for the level and one for the option in Python, a method each in Rust.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use socket2::SockRef;

use super::{Table, or_why};
use crate::short_writes::grouped;

const CALLS: &str = r#"
                                            r = SockRef::from(&c)
c.getsockopt(SOL_SOCKET, SO_RCVBUF)         r.recv_buffer_size()
c.getsockopt(SOL_SOCKET, SO_SNDBUF)         r.send_buffer_size()
c.setsockopt(SOL_SOCKET, SO_RCVBUF, 50000)  r.set_recv_buffer_size(50_000)
c.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)   c.set_nodelay(true)
c.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)   r.set_keepalive(true)
c.setsockopt(SOL_SOCKET, SO_LINGER, ...)    r.set_linger(Some(1 s))
c.setsockopt(IPPROTO_IP, IP_TTL, 64)        c.set_ttl(64)
c.getsockopt(SOL_SOCKET, SO_ERROR)          c.take_error()"#;

pub(super) fn fill(table: &mut Table, client: &TcpStream) -> io::Result<()> {
    table.calls = CALLS.lines();
    let c = SockRef::from(client);
    let bytes = |size: usize| format!("{} bytes", grouped(size as u64));
    table.gives("socket2's hands on std's socket");
    table.gives(bytes(c.recv_buffer_size()?));
    table.gives(bytes(c.send_buffer_size()?));
    c.set_recv_buffer_size(50_000)?;
    table.gives(bytes(c.recv_buffer_size()?) + " (Linux doubles it)");
    client.set_nodelay(true)?;
    table.gives(client.nodelay()?);
    c.set_keepalive(true)?;
    table.gives(c.keepalive()?);
    c.set_linger(Some(Duration::from_secs(1)))?;
    table.gives(format!("{:?}", c.linger()?));
    c.set_linger(None)?;
    // IPv6 calls it hop limit and has another option for it.
    table.gives(or_why(client.set_ttl(64).and_then(|()| client.ttl())));
    table.gives(match client.take_error()? {
        Some(error) => format!("{:?}", error.kind()),
        None => "None".to_owned(),
    });
    Ok(())
}
