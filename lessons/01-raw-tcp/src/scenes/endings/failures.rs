//! Connections that never begin, and waiting that ends.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};
use std::time::Duration;

use super::seen::Seen;
use crate::backlog::measure;

/// Long for loopback, where a connect takes microseconds; short for a person who waits for the table.
const A_MOMENT: Duration = Duration::from_millis(300);

/// Addresses that belong to nobody: RFC 5737 and RFC 3849 keep them for documentation.
const NOBODYS_V4: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const NOBODYS_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);

pub(super) fn all(ip: IpAddr, seen: &mut Seen) -> io::Result<()> {
    let listener = TcpListener::bind((ip, 0))?;
    let addr = listener.local_addr()?;

    let taken = TcpListener::bind(addr);
    seen.saw("somebody listens there", &taken);
    let not_ours = match ip {
        IpAddr::V4(_) => TcpListener::bind((NOBODYS_V4, 0)),
        IpAddr::V6(_) => TcpListener::bind((NOBODYS_V6, 0)),
    };
    seen.saw("not an address of ours", &not_ours);

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
    // Linux lets the first client wait for whom the queue has no place: a connect times out without the internet.
    let timed_out = measure((ip, 0).into(), 0)?.next;
    seen.saw("nobody answers", &timed_out);
    Ok(())
}
