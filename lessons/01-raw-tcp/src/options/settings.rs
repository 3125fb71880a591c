//! `setsockopt` and `getsockopt`: a number for the level and one for the option in Python, a method each in Rust.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use socket2::SockRef;

use super::Rows;
use crate::table::grouped;

pub(super) fn rows(rows: &mut Rows, client: &TcpStream) -> io::Result<()> {
    let c = SockRef::from(client);
    let bytes = |size: usize| format!("{} bytes", grouped(size as u64));
    rows.group();
    rows.row(
        "",
        "r = SockRef::from(&c)",
        "socket2's hands on std's socket",
    );
    rows.row(
        "c.getsockopt(SOL_SOCKET, SO_RCVBUF)",
        "r.recv_buffer_size()",
        bytes(c.recv_buffer_size()?),
    );
    rows.row(
        "c.getsockopt(SOL_SOCKET, SO_SNDBUF)",
        "r.send_buffer_size()",
        bytes(c.send_buffer_size()?),
    );
    c.set_recv_buffer_size(50_000)?;
    let doubled = format!("{} (Linux doubles it)", bytes(c.recv_buffer_size()?));
    rows.row(
        "c.setsockopt(SOL_SOCKET, SO_RCVBUF, 50000)",
        "r.set_recv_buffer_size(50_000)",
        doubled,
    );
    client.set_nodelay(true)?;
    rows.row(
        "c.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)",
        "c.set_nodelay(true)",
        client.nodelay()?,
    );
    c.set_keepalive(true)?;
    rows.row(
        "c.setsockopt(SOL_SOCKET, SO_KEEPALIVE, 1)",
        "r.set_keepalive(true)",
        c.keepalive()?,
    );
    c.set_linger(Some(Duration::from_secs(1)))?;
    let linger = format!("{:?}", c.linger()?);
    rows.row(
        "c.setsockopt(SOL_SOCKET, SO_LINGER, ...)",
        "r.set_linger(Some(1 s))",
        linger,
    );
    c.set_linger(None)?;
    rows.row(
        "c.setsockopt(IPPROTO_IP, IP_TTL, 64)",
        "c.set_ttl(64)",
        ttl(client),
    );
    let error = match client.take_error()? {
        Some(error) => format!("{:?}", error.kind()),
        None => "None".to_owned(),
    };
    rows.row(
        "c.getsockopt(SOL_SOCKET, SO_ERROR)",
        "c.take_error()",
        error,
    );
    Ok(())
}

/// IPv6 calls it hop limit and has another option for it.
fn ttl(client: &TcpStream) -> String {
    super::or_why(client.set_ttl(64).and_then(|()| client.ttl()))
}
