//! Ports (端口), tried on this machine's loopback: what a port number is, and how many clients one port serves.
//!
//! The numbers that the system chooses differ from run to run; everything else is the same each time.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use common::{listener_on_a_free_port, why};

/// On loopback nothing takes that long; a run that hangs would teach nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who uses a port number (RFC 6335, section 6).
pub fn port_range(port: u16) -> &'static str {
    match port {
        0 => "not a port to talk to: \"system, choose one for me\"",
        1..=1023 => {
            "system, also \"well-known\": given out by IANA; on Unix a server needs a privilege for it"
        }
        1024..=49_151 => "user, also \"registered\": IANA keeps a list, any program may take it",
        49_152.. => {
            "dynamic, also \"ephemeral\": never registered, for the client's end of a connection"
        }
    }
}

/// Tries four things and writes what came of them.
///
/// # Errors
/// Those of the sockets and of `out`.
pub fn try_ports(out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "== A port is a number of 16 bits: {} to {}, that is {}\n",
        u16::MIN,
        u16::MAX,
        1 + u32::from(u16::MAX)
    )?;
    for port in [0, 22, 80, 443, 1023, 1024, 8080, 49_151, 49_152, u16::MAX] {
        writeln!(out, "{port:>5}  {}", port_range(port))?;
    }

    writeln!(
        out,
        "\n== Port 0 asks the system to choose, and TCP and UDP count apart\n"
    )?;
    let (listener, datagrams) = same_number_twice()?;
    let server = listener.local_addr()?;
    writeln!(out, "TCP listens on  {server}")?;
    writeln!(out, "UDP is bound to {}", datagrams.local_addr()?)?;
    match TcpListener::bind(server) {
        Ok(_) => writeln!(out, "TCP once more   worked, which it should not")?,
        Err(error) => writeln!(out, "TCP once more   {server}: {}", why(&error))?,
    }

    writeln!(
        out,
        "\n== Three clients connect to one port and write, before the server has accepted anybody\n"
    )?;
    let clients = three_clients(server)?;
    for (number, client) in (1..).zip(&clients) {
        writeln!(
            out,
            "client {number}  {} -> {}  connected, 2 bytes written",
            client.local_addr()?,
            client.peer_addr()?
        )?;
    }

    writeln!(out, "\n== Only now the server accepts\n")?;
    // ANCHOR: accept
    let mut accepted = Vec::new();
    for _ in &clients {
        accepted.push(listener.accept()?);
    }
    // All three are open now, all three at the server's one port. The last to come is answered first.
    for (stream, peer) in accepted.iter_mut().rev() {
        let mut question = [0; 2];
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.read_exact(&mut question)?;
        stream.write_all(&question.map(|byte| byte.to_ascii_uppercase()))?;
        writeln!(
            out,
            "{} <- {peer}  {}",
            stream.local_addr()?,
            String::from_utf8_lossy(&question)
        )?;
    }
    // ANCHOR_END: accept
    writeln!(out)?;
    for (number, mut client) in (1..).zip(clients) {
        let mut answer = [0; 2];
        client.read_exact(&mut answer)?;
        writeln!(
            out,
            "client {number} got {}",
            String::from_utf8_lossy(&answer)
        )?;
    }
    writeln!(
        out,
        "\nA connection is named by both ends: address and port here, address and port there."
    )
}

/// A TCP listener and a UDP socket with one number. Somebody else may have the UDP port: then another number.
fn same_number_twice() -> io::Result<(TcpListener, UdpSocket)> {
    let mut last = None;
    for _ in 0..10 {
        let listener = listener_on_a_free_port()?;
        match UdpSocket::bind(listener.local_addr()?) {
            Ok(socket) => return Ok((listener, socket)),
            Err(error) if error.kind() == ErrorKind::AddrInUse => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| ErrorKind::AddrInUse.into()))
}

/// Three connections; client 1 writes `a1`, client 2 `b2`, client 3 `c3`.
fn three_clients(server: SocketAddr) -> io::Result<Vec<TcpStream>> {
    let mut clients = Vec::new();
    for word in [b"a1", b"b2", b"c3"] {
        let mut client = TcpStream::connect_timeout(&server, PATIENCE)?;
        client.set_read_timeout(Some(PATIENCE))?;
        client.write_all(word)?;
        clients.push(client);
    }
    Ok(clients)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_of_the_rfc_meet_without_a_gap() {
        let starts: Vec<u16> = (0..u16::MAX)
            .filter(|&port| port_range(port) != port_range(port + 1))
            .collect();
        assert_eq!(starts, [0, 1023, 49_151]);
    }

    #[test]
    fn one_port_serves_three_clients_at_once_each_with_its_own_answer() {
        let mut out = Vec::new();
        try_ports(&mut out).unwrap();
        let told = String::from_utf8(out).unwrap();
        assert!(
            told.contains("client 1 got A1\nclient 2 got B2\nclient 3 got C3\n"),
            "{told}"
        );
        assert!(told.contains("already in use"), "{told}");
        assert!(told.contains("0 to 65535, that is 65536\n"), "{told}");
    }
}
