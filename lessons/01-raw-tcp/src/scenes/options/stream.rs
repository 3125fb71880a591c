//! What a connection does, from the first byte to the end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::kind_and_number;

pub(super) fn rows(mut client: TcpStream, mut server: TcpStream) -> io::Result<String> {
    let taken = client.write(b"hello\nworld\n")?;
    client.write_all(b"!\n")?;
    // A file object on Python's side; on ours something that reads ahead and hands out lines.
    let mut line = String::new();
    BufReader::new(&server).read_line(&mut line)?;
    server.write_all(b"HELLO")?;
    let mut five = [0; 5];
    let peeked = client.peek(&mut five)?;
    let count = client.read(&mut five)?;
    let hello = String::from_utf8_lossy(five.get(..count).unwrap_or_default()).into_owned();

    client.set_read_timeout(Some(Duration::from_secs(2)))?;
    client.set_write_timeout(Some(Duration::from_secs(2)))?;
    let timeout = client.read_timeout()?.unwrap_or_default();
    client.set_read_timeout(None)?;
    let no_timeout = client.read_timeout()?;
    client.set_nonblocking(true)?;
    let no_data = kind_and_number(client.read(&mut five));
    client.set_nonblocking(false)?;

    server.shutdown(Shutdown::Write)?;
    let at_the_end = kind_and_number(client.read(&mut five));
    drop(client);
    Ok(format!(
        r#"c.send(b'hello\nworld\n')                   c.write(b"hello\nworld\n")            {taken} bytes taken
c.sendall(b'!\n')                           c.write_all(b"!\n")                   ok, all of it
conn.makefile('rb').readline()              BufReader::new(&conn).read_line(...)  {line:?}
c.recv(5, MSG_PEEK)                         c.peek(&mut [0; 5])                   {peeked} bytes seen
c.recv(5)                                   c.read(&mut [0; 5])                   {hello:?}

c.settimeout(2)                             c.set_read_timeout(Some(2 s))         ok
c.gettimeout()                              c.read_timeout()                      {timeout:?}
c.settimeout(None)                          c.set_read_timeout(None)              {no_timeout:?}
c.setblocking(False)                        c.set_nonblocking(true)               ok
c.recv(5)  # no data                        c.read(&mut [0; 5])                   {no_data}
c.setblocking(True)                         c.set_nonblocking(false)              ok

conn.shutdown(SHUT_WR)                      conn.shutdown(Shutdown::Write)        ok, FIN
c.recv(5)  # at the end                     c.read(&mut [0; 5])                   {at_the_end}
c.close()                                   drop(c)                               ok
"#
    ))
}
