//! TIME_WAIT: the end that closes first keeps the connection's four numbers, so that a late segment of the old
//! connection is not taken for one of a new connection. If that end is the server, its port looks taken for a minute.
//!
//! SO_REUSEADDR lets a new listener bind all the same. std sets it for every listener on Unix, Python's
//! `http.server` and the tutorials set it by hand, and who forgets it meets `Address already in use` after a restart.

use std::io::{self, Read};
use std::net::{IpAddr, SocketAddr, TcpStream};

use socket2::{Domain, Socket, Type};

use super::kernel;
use crate::scenes::table::Table;

/// Who closes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    Client,
    Server,
}

pub(super) fn table(ip: IpAddr) -> io::Result<Table> {
    let mut table = Table::new([
        "closes first",
        "first listener",
        "left behind",
        "bind again",
        "with SO_REUSEADDR",
    ]);
    for (first, reuse) in [
        (First::Client, false),
        (First::Server, false),
        (First::Server, true),
    ] {
        let (addr, left) = one_connection(ip, first, reuse)?;
        let who = format!("{first:?}").to_lowercase();
        let listener = if reuse { "SO_REUSEADDR" } else { "without" };
        let again = [false, true].map(|reuse| in_words(&listen(addr, reuse)));
        let [without, with] = again;
        table.row([who, listener.to_owned(), left, without, with]);
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
fn one_connection(ip: IpAddr, first: First, reuse: bool) -> io::Result<(SocketAddr, String)> {
    let listener = listen(SocketAddr::new(ip, 0), reuse)?;
    let addr = listener
        .local_addr()?
        .as_socket()
        .ok_or(io::ErrorKind::AddrNotAvailable)?;
    let client = TcpStream::connect(addr)?;
    let server = TcpStream::from(listener.accept()?.0);
    drop(listener);
    let from = client.local_addr()?;
    let (mut second, left, ends) = match first {
        First::Client => (server, (from, addr), drop(client)),
        First::Server => (client, (addr, from), drop(server)),
    };
    let () = ends;
    second.read_exact(&mut [0; 1]).err(); // the end has arrived
    drop(second);
    let waits =
        kernel::soon(|| kernel::state(left.0, left.1).filter(|state| *state == "TIME_WAIT"));
    let whose = if first == First::Client {
        "client's port"
    } else {
        "server's port"
    };
    Ok((
        addr,
        waits.map_or("(cannot be seen here)".to_owned(), |state| {
            format!("{whose} {state}")
        }),
    ))
}

fn in_words(result: &io::Result<Socket>) -> String {
    match result {
        Ok(_) => "ok".to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    }
}
