//! What a connection does, from the first byte to the end.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::{Rows, kind_and_number};

pub(super) fn rows(
    rows: &mut Rows,
    mut client: TcpStream,
    mut server: TcpStream,
) -> io::Result<()> {
    rows.group();
    rows.row(
        "c.send(b'hello\\nworld\\n')",
        "c.write(b\"hello\\nworld\\n\")",
        taken(client.write(b"hello\nworld\n")?),
    );
    client.write_all(b"!\n")?;
    rows.row(
        "c.sendall(b'!\\n')",
        "c.write_all(b\"!\\n\")",
        "ok, all of it",
    );

    // A file object on Python's side; on ours something that reads ahead and hands out lines.
    let mut lines = BufReader::new(&server);
    let mut line = String::new();
    lines.read_line(&mut line)?;
    rows.row(
        "conn.makefile('rb').readline()",
        "BufReader::new(&conn).read_line(...)",
        format!("{line:?}"),
    );
    drop(lines);
    server.write_all(b"HELLO")?;
    let mut five = [0; 5];
    rows.row(
        "c.recv(5, MSG_PEEK)",
        "c.peek(&mut [0; 5])",
        taken(client.peek(&mut five)?).replace("taken", "seen"),
    );
    let count = client.read(&mut five)?;
    let text = String::from_utf8_lossy(five.get(..count).unwrap_or_default()).into_owned();
    rows.row("c.recv(5)", "c.read(&mut [0; 5])", format!("{text:?}"));

    rows.group();
    client.set_read_timeout(Some(Duration::from_secs(2)))?;
    client.set_write_timeout(Some(Duration::from_secs(2)))?;
    rows.row("c.settimeout(2)", "c.set_read_timeout(Some(2 s))", "ok");
    rows.row(
        "c.gettimeout()",
        "c.read_timeout()",
        client
            .read_timeout()?
            .map_or("None".into(), |t| format!("{t:?}")),
    );
    client.set_read_timeout(None)?;
    rows.row(
        "c.settimeout(None)",
        "c.set_read_timeout(None)",
        format!("{:?}", client.read_timeout()?),
    );
    client.set_nonblocking(true)?;
    rows.row("c.setblocking(False)", "c.set_nonblocking(true)", "ok");
    rows.row(
        "c.recv(5)  # no data",
        "c.read(&mut [0; 5])",
        said(client.read(&mut five)),
    );
    client.set_nonblocking(false)?;
    rows.row("c.setblocking(True)", "c.set_nonblocking(false)", "ok");

    rows.group();
    server.shutdown(Shutdown::Write)?;
    rows.row(
        "conn.shutdown(SHUT_WR)",
        "conn.shutdown(Shutdown::Write)",
        "ok, FIN",
    );
    rows.row(
        "c.recv(5)  # at the end",
        "c.read(&mut [0; 5])",
        said(client.read(&mut five)),
    );
    drop(client);
    rows.row("c.close()", "drop(c)", "ok");
    Ok(())
}

fn taken(count: usize) -> String {
    format!("{count} bytes taken")
}

fn said(result: io::Result<usize>) -> String {
    match result {
        Ok(count) => format!("Ok({count})"),
        Err(error) => kind_and_number(&error),
    }
}
