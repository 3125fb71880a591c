//! What a connection does, from the first byte to the end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::{Table, kind_and_number};

const CALLS: &str = r#"
c.send(b'hello\nworld\n')                   c.write(b"hello\nworld\n")
c.sendall(b'!\n')                           c.write_all(b"!\n")
conn.makefile('rb').readline()              BufReader::new(&conn).read_line(...)
c.recv(5, MSG_PEEK)                         c.peek(&mut [0; 5])
c.recv(5)                                   c.read(&mut [0; 5])

c.settimeout(2)                             c.set_read_timeout(Some(2 s))
c.gettimeout()                              c.read_timeout()
c.settimeout(None)                          c.set_read_timeout(None)
c.setblocking(False)                        c.set_nonblocking(true)
c.recv(5)  # no data                        c.read(&mut [0; 5])
c.setblocking(True)                         c.set_nonblocking(false)

conn.shutdown(SHUT_WR)                      conn.shutdown(Shutdown::Write)
c.recv(5)  # at the end                     c.read(&mut [0; 5])
c.close()                                   drop(c)"#;

pub(super) fn fill(
    table: &mut Table,
    mut client: TcpStream,
    mut server: TcpStream,
) -> io::Result<()> {
    table.calls = CALLS.lines();
    table.gives(format!("{} bytes taken", client.write(b"hello\nworld\n")?));
    client.write_all(b"!\n")?;
    table.gives("ok, all of it");
    // A file object on Python's side; on ours something that reads ahead and hands out lines.
    let mut line = String::new();
    BufReader::new(&server).read_line(&mut line)?;
    table.gives(format!("{line:?}"));
    server.write_all(b"HELLO")?;
    let mut five = [0; 5];
    table.gives(format!("{} bytes seen", client.peek(&mut five)?));
    let count = client.read(&mut five)?;
    let text = String::from_utf8_lossy(five.get(..count).unwrap_or_default());
    table.gives(format!("{text:?}"));

    client.set_read_timeout(Some(Duration::from_secs(2)))?;
    client.set_write_timeout(Some(Duration::from_secs(2)))?;
    table.gives("ok");
    table.gives(match client.read_timeout()? {
        Some(timeout) => format!("{timeout:?}"),
        None => "None".to_owned(),
    });
    client.set_read_timeout(None)?;
    table.gives(format!("{:?}", client.read_timeout()?));
    client.set_nonblocking(true)?;
    table.gives("ok");
    table.gives(what_came(client.read(&mut five)));
    client.set_nonblocking(false)?;
    table.gives("ok");

    server.shutdown(Shutdown::Write)?;
    table.gives("ok, FIN");
    table.gives(what_came(client.read(&mut five)));
    drop(client);
    table.gives("ok");
    Ok(())
}

fn what_came(result: io::Result<usize>) -> String {
    match result {
        Ok(count) => format!("Ok({count})"),
        Err(error) => kind_and_number(&error),
    }
}
