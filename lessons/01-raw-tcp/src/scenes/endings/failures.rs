//! Connections that never begin, and waiting that ends.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use super::seen::Seen;

/// Long for loopback, where a connect takes microseconds; short for a person who waits for the table.
const A_MOMENT: Duration = Duration::from_millis(300);

/// An address that belongs to nobody: RFC 5737 and RFC 3849 keep it for documentation.
const NOBODYS: [IpAddr; 2] = [
    IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)),
    IpAddr::V6(std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1)),
];

pub(super) fn all(ip: IpAddr, seen: &mut Seen) -> io::Result<()> {
    let listener = TcpListener::bind((ip, 0))?;
    let addr = listener.local_addr()?;

    let taken = TcpListener::bind(addr);
    seen.saw("somebody listens there already", &taken);
    let foreign = if ip.is_ipv4() { NOBODYS[0] } else { NOBODYS[1] };
    let not_ours = TcpListener::bind((foreign, 0));
    seen.saw("not an address of this machine", &not_ours);

    let mut client = TcpStream::connect(addr)?;
    let (mut server, _) = listener.accept()?;
    client.set_read_timeout(Some(A_MOMENT))?;
    let silent = client.read(&mut [0; 64]);
    seen.saw("silence, with a timeout", &silent);
    client.set_nonblocking(true)?;
    let not_yet = client.read(&mut [0; 64]);
    seen.saw("nothing yet, non-blocking", &not_yet);
    client.set_nonblocking(false)?;
    server.write_all(b"he")?;
    drop(server);
    let early = client.read_exact(&mut [0; 5]);
    seen.saw("the end after 2 of 5 bytes", &early);

    drop(listener);
    let refused = TcpStream::connect(addr);
    seen.saw("nobody listens there", &refused);
    let timed_out = full_queue(ip)?;
    seen.saw("nobody answers", &timed_out);
    Ok(())
}

/// Connects to a listener that never accepts until one connect fails: Linux lets the next one wait without an answer.
/// So a connect can time out on loopback, without the internet.
fn full_queue(ip: IpAddr) -> io::Result<io::Result<TcpStream>> {
    let listener = Socket::new(
        Domain::for_address(SocketAddr::new(ip, 0)),
        Type::STREAM,
        None,
    )?;
    listener.bind(&SocketAddr::new(ip, 0).into())?;
    listener.listen(0)?;
    let addr = listener
        .local_addr()?
        .as_socket()
        .ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut waiting = Vec::new();
    loop {
        match TcpStream::connect_timeout(&addr, A_MOMENT) {
            Ok(stream) if waiting.len() < 256 => waiting.push(stream), // some systems keep more than they were asked to
            result => return Ok(result),
        }
    }
}
