//! Connections that end. Each story is told by turns: a step begins when the one before it has happened, and where the
//! other end's kernel has to act first, we wait until it has.

use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::time::Duration;

use socket2::SockRef;
use timeline::{Call, Recorder};

use super::kernel;
use super::seen::Seen;
use crate::exchange::one_read;
use crate::scenes::demo::End;

/// Client, server, who records them, and the table of what their calls gave.
type Story = fn(End, End, &Recorder, &mut Seen) -> io::Result<()>;

pub(super) const ALL: [(&str, Story); 5] = [
    ("Clean end: the server has said all and closes", clean_end),
    (
        "Half-close: the client has said all, and still listens",
        half_close,
    ),
    (
        "Reset: the server closes, and bytes that came are unread",
        unread_bytes,
    ),
    (
        "Reset on purpose: SO_LINGER with 0 seconds, then close",
        linger_zero,
    ),
    (
        "Broken pipe: the server has closed, the client still writes",
        broken_pipe,
    ),
];

fn clean_end(client: End, mut server: End, _: &Recorder, seen: &mut Seen) -> io::Result<()> {
    server.write_all(b"bye")?;
    server.close(); // FIN
    one_read(&client, 64)?; // what was sent before the end arrives before the end
    let end = (&client).read(&mut [0; 64]);
    seen.saw("the peer closed", &end);
    client.close();
    Ok(())
}

// ANCHOR: half_close
fn half_close(mut client: End, mut server: End, _: &Recorder, seen: &mut Seen) -> io::Result<()> {
    client.write_all(b"one two three")?;
    client.shutdown(Shutdown::Write)?; // FIN, in this direction only
    let said = one_read(&server, 64)?;
    let end = server.read(&mut [0; 64]); // now "all of it" has an end, and the server can count
    seen.saw("the peer closed its half", &end);
    let answer = format!("{} words", said.split(|byte| *byte == b' ').count());
    let write = server.write(answer.as_bytes());
    seen.saw("... and still listens", &write);
    server.close();
    one_read(&client, 64)?;
    let own = client.write(b"x");
    seen.saw("we closed our half", &own);
    client.close();
    Ok(())
}
// ANCHOR_END: half_close

// ANCHOR: unread_bytes
fn unread_bytes(
    mut client: End,
    server: End,
    recorder: &Recorder,
    seen: &mut Seen,
) -> io::Result<()> {
    client.write_all(b"hello")?;
    server.get_ref().peek(&mut [0; 1])?; // they are in the server's buffer now, and stay there
    recorder.call("server", Call::Reset);
    // close: what is unread cannot be delivered any more, so the kernel says RST
    drop(server.into_inner());
    let end = client.read(&mut [0; 64]);
    seen.saw("the peer closed, bytes unread", &end);
    client.close();
    Ok(())
}
// ANCHOR_END: unread_bytes

fn linger_zero(
    mut client: End,
    server: End,
    recorder: &Recorder,
    seen: &mut Seen,
) -> io::Result<()> {
    SockRef::from(server.get_ref()).set_linger(Some(Duration::ZERO))?;
    recorder.call("server", Call::Reset);
    drop(server.into_inner());
    let end = client.read(&mut [0; 64]);
    seen.saw("the peer closed with linger 0", &end);
    client.close();
    Ok(())
}

fn broken_pipe(
    mut client: End,
    server: End,
    recorder: &Recorder,
    seen: &mut Seen,
) -> io::Result<()> {
    server.close();
    one_read(&client, 64)?; // Ok(0): the client could know
    let first = client.write(b"first");
    seen.saw("the peer is gone, first write", &first);
    recorder.call("server", Call::Reset); // nobody there to take it: the server's kernel answers for it
    kernel::soon(|| client.peer_addr().err()); // until that answer is here: a dead connection has no peer
    let second = client.write(b"second");
    seen.saw("... once its RST has come", &second);
    client.close();
    Ok(())
}
