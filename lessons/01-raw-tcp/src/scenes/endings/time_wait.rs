//! TIME_WAIT: the end that closes first keeps the connection's four numbers, so that a late segment of the old
//! connection is not taken for one of a new connection. If that end is the server, its port looks taken for a minute.
//!
//! SO_REUSEADDR lets a new listener bind all the same. std sets it for every listener on Unix, Python's
//! `http.server` and the tutorials set it by hand, and who forgets it meets `Address already in use` after a restart.

use std::io::{self, Read};
use std::net::{IpAddr, SocketAddr, TcpStream};

use socket2::{Domain, Socket, Type};

use super::kernel;
/// Which end closes first, whether the listener asked for SO_REUSEADDR, what is left of the connection, and whether its
/// port can be bound again.
pub(super) fn table(ip: IpAddr) -> io::Result<String> {
    let mut table =
        "closes first  first listener  left behind              bind again  with SO_REUSEADDR\n"
            .to_owned();
    for (first, reuse) in [("client", false), ("server", false), ("server", true)] {
        let (addr, left) = one_connection(ip, first, reuse)?;
        let listener = if reuse { "SO_REUSEADDR" } else { "without" };
        let [without, with] = [false, true].map(|reuse| in_words(&listen(addr, reuse)));
        table += &format!("{first:<14}{listener:<16}{left:<25}{without:<12}{with}\n");
    }
    Ok(table)
}

/// A listener, with or without the option.
// ANCHOR: listen
fn listen(addr: SocketAddr, reuse: bool) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    socket.set_reuse_address(reuse)?;
    socket.bind(&addr.into())?;
    socket.listen(1)?;
    Ok(socket)
}
// ANCHOR_END: listen

/// One connection from beginning to end. Where its server listened, and what is left of it.
fn one_connection(ip: IpAddr, first: &str, reuse: bool) -> io::Result<(SocketAddr, String)> {
    let listener = listen(SocketAddr::new(ip, 0), reuse)?;
    let addr = listener.local_addr()?.as_socket();
    let addr = addr.ok_or(io::ErrorKind::AddrNotAvailable)?;
    let client = TcpStream::connect(addr)?;
    let server = TcpStream::from(listener.accept()?.0);
    drop(listener);
    let (closes, mut other) = match first {
        "client" => (client, server),
        _ => (server, client),
    };
    let (local, remote) = (closes.local_addr()?, closes.peer_addr()?);
    drop(closes);
    other.read_exact(&mut [0; 1]).err(); // the end has arrived
    drop(other);
    let waits = || kernel::state(local, remote).filter(|state| state == kernel::TIME_WAIT);
    Ok(match kernel::soon(waits) {
        Some(_) => (addr, format!("{first}'s port TIME_WAIT")),
        None => (addr, "(cannot be seen here)".to_owned()),
    })
}

fn in_words(result: &io::Result<Socket>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    }
}
