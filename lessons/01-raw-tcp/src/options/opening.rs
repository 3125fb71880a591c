//! From `socket()` to a connection.

use std::io;
use std::net::{SocketAddr, TcpStream};

use socket2::{Domain, Socket, Type};

use super::{Rows, addresses, descriptor, kind_and_number};

/// Adds the rows; the two ends of the connection that they made.
pub(super) fn rows(rows: &mut Rows, addr: SocketAddr) -> io::Result<(TcpStream, TcpStream)> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    rows.row(
        "s = socket.socket()",
        "Socket::new(IPV4, STREAM, None)",
        "ok",
    );
    rows.row("s.fileno()", "s.as_raw_fd()", descriptor(&socket));
    let family = socket.local_addr()?.domain();
    rows.row(
        "s.family",
        "s.local_addr()?.domain()",
        format!("{family:?}"),
    );
    rows.row("s.type", "s.r#type()", format!("{:?}", socket.r#type()?));
    rows.row(
        "s.proto",
        "the third argument: None",
        "0, the one that fits the type",
    );

    // std does the next four in one call, TcpListener::bind; on Unix with SO_REUSEADDR, as the tutorials want it.
    rows.group();
    if cfg!(unix) {
        socket.set_reuse_address(true)?; // on Windows this would let two servers share one port
    }
    rows.row(
        "s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)",
        "s.set_reuse_address(true)",
        "ok",
    );
    rows.row(
        "s.getsockopt(SOL_SOCKET, SO_REUSEADDR)",
        "s.reuse_address()",
        socket.reuse_address()?,
    );
    socket.bind(&addr.into())?;
    rows.row("s.bind(('127.0.0.1', 0))", "s.bind(&addr.into())", "ok");
    let listening = socket
        .local_addr()?
        .as_socket()
        .ok_or(io::ErrorKind::AddrNotAvailable)?;
    rows.row("s.getsockname()", "s.local_addr()", listening);
    socket.listen(128)?;
    rows.row("s.listen(128)", "s.listen(128)", "ok");

    rows.group();
    let client = TcpStream::connect(reachable(listening))?;
    rows.row(
        "c.connect(address)",
        "TcpStream::connect(addr)",
        "ok, and nobody has accepted yet",
    );
    let (server, peer) = socket.accept()?;
    let peer = peer.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
    rows.row(
        "conn, addr = s.accept()",
        "(conn, addr) = s.accept()?",
        peer,
    );
    rows.row(
        "c.getsockname(), c.getpeername()",
        "c.local_addr(), c.peer_addr()",
        addresses(&client)?,
    );
    let server = TcpStream::from(server);
    rows.row(
        "conn.getsockname(), conn.getpeername()",
        "conn.local_addr(), conn.peer_addr()",
        addresses(&server)?,
    );
    rows.row("s.close()", "drop(s)", "ok, the connection lives on");
    drop(socket);

    let refused = match TcpStream::connect(reachable(listening)) {
        Ok(_) => "ok".to_owned(), // somebody else has taken the port meanwhile
        Err(error) => kind_and_number(&error),
    };
    rows.row(
        "c.connect_ex(address)  # a closed port",
        "match TcpStream::connect(addr)",
        refused,
    );
    Ok((client, server))
}

/// Who listens on every address is reached on loopback.
fn reachable(mut addr: SocketAddr) -> SocketAddr {
    if addr.ip().is_unspecified() {
        addr.set_ip(if addr.is_ipv6() {
            [0, 0, 0, 0, 0, 0, 0, 1].into()
        } else {
            [127, 0, 0, 1].into()
        });
    }
    addr
}
