//! Ports (端口), tried on this machine's loopback: what a port number is, and how many clients one port serves.
//!
//! The numbers that the system chooses differ from run to run; everything else is the same each time.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use cli::why;

/// On loopback nothing takes that long; a run that hangs would teach nothing.
const DEADLINE: Duration = Duration::from_secs(10);

/// Who uses which port numbers (RFC 6335, section 6).
const RANGES: &str = include_str!("../../tables/ports.txt");

/// Tries four things and says what came of them.
///
/// # Errors
/// Those of the sockets.
pub fn ports() -> io::Result<String> {
    let mut text = RANGES.to_owned();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let datagrams = UdpSocket::bind(listener.local_addr()?)?; // the same number
    let (server, udp) = (listener.local_addr()?, datagrams.local_addr()?);
    let once_more = match TcpListener::bind(server) {
        Ok(_) => "worked, which it should not".to_owned(),
        Err(error) => format!("{server}: {}", why(&error)),
    };
    text += &format!(
        "
== Port 0 asks the system to choose, and TCP and UDP count apart

TCP listens on  {server}
UDP is bound to {udp}
TCP once more   {once_more}

== Three clients connect to one port and write, before the server has accepted anybody

"
    );
    let mut clients = Vec::new();
    for (number, word) in (1..).zip([b"a1", b"b2", b"c3"]) {
        let mut client = TcpStream::connect_timeout(&server, DEADLINE)?;
        client.set_read_timeout(Some(DEADLINE))?;
        client.write_all(word)?;
        let (own, peer) = (client.local_addr()?, client.peer_addr()?);
        text += &format!("client {number}  {own} -> {peer}  connected, 2 bytes written\n");
        clients.push(client);
    }

    text += "\n== Only now the server accepts\n\n";
    // ANCHOR: accept
    let mut accepted = Vec::new();
    for _ in &clients {
        accepted.push(listener.accept()?);
    }
    // All three are open now, all three at the server's one port. The last to come is answered first.
    for (stream, peer) in accepted.iter_mut().rev() {
        let mut question = [0; 2];
        stream.set_read_timeout(Some(DEADLINE))?;
        stream.read_exact(&mut question)?;
        stream.write_all(&question.map(|byte| byte.to_ascii_uppercase()))?;
        let (own, question) = (stream.local_addr()?, String::from_utf8_lossy(&question));
        text += &format!("{own} <- {peer}  {question}\n");
    }
    // ANCHOR_END: accept
    text += "\n";
    for (number, mut client) in (1..).zip(clients) {
        let mut answer = [0; 2];
        client.read_exact(&mut answer)?;
        let answer = String::from_utf8_lossy(&answer);
        text += &format!("client {number} got {answer}\n");
    }
    Ok(
        text + "\nA connection is named by both ends: address and port here, address and port there.\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_the_ranges_of_the_rfc_and_both_ends_of_each() {
        let rows = RANGES.lines().skip(2).map(|row| {
            let (port, range) = row.trim().split_once("  ").unwrap();
            (
                port.parse().unwrap(),
                range.split([',', ':']).next().unwrap(),
            )
        });
        let rows: Vec<(u16, &str)> = rows.collect();
        for (port, range) in &rows {
            let expected = match port {
                0 => "not a port to talk to",
                1..=1023 => "system",
                1024..=49_151 => "user",
                49_152.. => "dynamic",
            };
            assert_eq!(*range, expected, "{port}");
        }
        for port in [0, 1023, 1024, 49_151, 49_152, 65_535] {
            assert!(rows.iter().any(|row| row.0 == port), "{port}");
        }
    }

    #[test]
    fn one_port_serves_three_clients_at_once_each_with_its_own_answer() {
        let told = ports().unwrap();
        assert!(
            told.contains("client 1 got A1\nclient 2 got B2\nclient 3 got C3\n"),
            "{told}"
        );
        assert!(told.contains("already in use"), "{told}");
        assert!(told.contains("0 to 65535, that is 65536\n"), "{told}");
    }
}
