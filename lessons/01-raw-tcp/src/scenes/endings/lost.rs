//! What a reset destroys: bytes that were written, and had not left yet.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::scenes::table::Table;
use crate::short_writes::grouped;

/// A server fills the buffers with its answer and closes, once with everything read and once with 5 bytes unread.
pub(super) fn table(ip: IpAddr) -> io::Result<Table> {
    let mut table = Table::new(["the server closes", "written", "arrived", "and then"]);
    for (name, reads_first) in [("everything was read", true), ("5 bytes are unread", false)] {
        let (written, arrived, then) = answer_and_close(ip, reads_first)?;
        table.row([name.to_owned(), grouped(written), grouped(arrived), then]);
    }
    Ok(table)
}

fn answer_and_close(ip: IpAddr, reads_first: bool) -> io::Result<(u64, u64, String)> {
    let listener = TcpListener::bind((ip, 0))?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let (mut server, _) = listener.accept()?;
    client.write_all(b"hello")?;
    server.peek(&mut [0; 1])?; // they are here
    if reads_first {
        server.read_exact(&mut [0; 5])?;
    }
    let written = fill(&mut server)?;
    drop(server);

    client.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut arrived = 0;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match client.read(&mut buffer) {
            Ok(0) => return Ok((written, arrived, "Ok(0)".to_owned())),
            Ok(count) => arrived += count as u64,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Ok((written, arrived, format!("{:?}", error.kind()))),
        }
    }
}

/// Writes until nothing more fits. How much that was.
fn fill(stream: &mut TcpStream) -> io::Result<u64> {
    stream.set_nonblocking(true)?;
    let piece = [b'x'; 64 * 1024];
    let mut written = 0;
    loop {
        match stream.write(&piece) {
            Ok(count) => written += count as u64,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(written),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
