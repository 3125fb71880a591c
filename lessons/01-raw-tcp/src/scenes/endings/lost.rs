//! What a reset destroys: bytes that were written, and had not left yet.

use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::short_writes::grouped;

/// A server fills the buffers with its answer and closes, once with everything read and once with 5 bytes unread.
pub(super) fn table(ip: IpAddr) -> io::Result<String> {
    Ok(format!(
        "the server closes    written     arrived     and then\n\
         everything was read  {}\n\
         5 bytes are unread   {}\n",
        answer_and_close(ip, true)?,
        answer_and_close(ip, false)?,
    ))
}

fn answer_and_close(ip: IpAddr, reads_first: bool) -> io::Result<String> {
    let listener = TcpListener::bind((ip, 0))?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let (mut server, _) = listener.accept()?;
    client.write_all(b"hello")?;
    server.peek(&mut [0; 1])?; // they are here
    if reads_first {
        server.read_exact(&mut [0; 5])?;
    }
    let written = grouped(fill(&mut server)?);
    drop(server);

    client.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut answer = Vec::new();
    let end = match client.read_to_end(&mut answer) {
        Ok(_) => "Ok(0)".to_owned(),
        Err(error) => format!("{:?}", error.kind()), // what came before it is in `answer`
    };
    let arrived = grouped(answer.len() as u64);
    Ok(format!("{written:<12}{arrived:<12}{end}"))
}

/// Writes until nothing more fits. How much that was.
fn fill(stream: &mut TcpStream) -> io::Result<u64> {
    stream.set_nonblocking(true)?;
    let mut written = 0;
    while let Ok(count) = stream.write(&[b'x'; 64 * 1024]) {
        written += count as u64;
    }
    Ok(written)
}
