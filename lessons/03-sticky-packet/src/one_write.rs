//! `one-write`: one large write, and what the reads make of it. The reader cannot see segments.
//!
//! The loopback's MTU is 65,536: nothing would ever be cut into 1,500 there. So both ends ask for segments as on Ethernet
//! before they connect (the socket option TCP_MAXSEG). The kernel then counts such segments. It leaves the cutting itself
//! to the network card, and loopback has none: what travels inside the machine are pieces of up to 64 KiB.
//!
//! ```text
//! 1,500 the MTU of Ethernet - 20 IP header - 20 TCP header = 1,460, - 12 timestamps in the TCP header = 1,448 bytes
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use common::why;
use socket2::{Domain, SockRef, Socket, Type};
use timeline::Recorder;

use crate::ss;

const SIZE: usize = 1_000_000;
const ROOM: usize = 65_536;
/// What an end on Ethernet says in its handshake: the most data that one segment may bring (RFC 9293, section 3.7.1).
const ETHERNET: u32 = 1_460;

/// Writes 1,000,000 bytes at once and lists what the reads gave.
///
/// # Errors
/// A socket failed.
pub(crate) fn one_write(listener: &TcpListener, recorder: &Recorder) -> io::Result<String> {
    let (client, server, asked) = as_on_ethernet(listener)?;
    let (here, there) = (client.local_addr()?, server.local_addr()?);
    let recorder = recorder.clone().with_sides(&["writer", "reader"]);
    let (mut client, mut server) = (
        recorder.tcp("writer", client),
        recorder.tcp("reader", server),
    );
    let sizes = thread::scope(|scope| {
        // A blocking write gives all of it to the kernel, piece by piece, and comes back when the last piece is taken.
        let writer = scope.spawn(|| client.write_all(&vec![b'x'; SIZE]));
        let sizes = read_sizes(&mut server);
        writer
            .join()
            .map_err(|_| io::Error::other("the writer's thread panicked"))??;
        sizes
    })?;

    let mut text = format!("one write of {SIZE} bytes\n");
    if let Err(refused) = asked {
        text += &format!(
            "segments as on Ethernet cannot be asked for here: {}\n",
            why(&refused)
        );
    }
    text += &match ss::ask(here, there) {
        Ok(end) => format!(
            "counted as {} segments of at most {} bytes\n",
            shown(end.data_segments_out()),
            shown(end.segment_size())
        ),
        Err(missing) => format!("segments: the kernel's side cannot be seen here: {missing}\n"),
    };
    text += &format!(
        "arrived in {} reads with room for {ROOM} bytes each:\n",
        sizes.len()
    );
    Ok(text + &listed(&sizes))
}

/// Two connected ends that send segments as on Ethernet, and whether they could be asked to.
fn as_on_ethernet(listener: &TcpListener) -> io::Result<(TcpStream, TcpStream, io::Result<()>)> {
    let addr = listener.local_addr()?;
    let client = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    // What the listener asks for, its connections ask for.
    let asked = ask_for_segments(&SockRef::from(listener)).and_then(|()| ask_for_segments(&client));
    let client = connected(client, addr)?;
    let (server, _) = listener.accept()?;
    Ok((client, server, asked))
}

fn connected(client: Socket, addr: SocketAddr) -> io::Result<TcpStream> {
    client.connect(&addr.into())?;
    Ok(client.into())
}

/// Only before the handshake: there each end tells the other.
#[cfg(unix)]
fn ask_for_segments(socket: &Socket) -> io::Result<()> {
    socket.set_tcp_mss(ETHERNET)
}

#[cfg(not(unix))]
fn ask_for_segments(_: &Socket) -> io::Result<()> {
    Err(io::Error::new(
        ErrorKind::Unsupported,
        format!("no TCP_MAXSEG of {ETHERNET} on this system"),
    ))
}

fn shown(number: Option<u64>) -> String {
    number.map_or_else(|| "?".to_owned(), |number| number.to_string())
}

/// What each read gave, until all of it is there.
fn read_sizes(stream: &mut impl Read) -> io::Result<Vec<usize>> {
    let (mut sizes, mut got) = (Vec::new(), 0);
    let mut buffer = vec![0; ROOM];
    while got < SIZE {
        match stream.read(&mut buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                sizes.push(count);
                got += count;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sizes)
}

/// The sizes in order, ten a line.
fn listed(sizes: &[usize]) -> String {
    let lines = sizes.chunks(10).map(|line| {
        let sizes: Vec<String> = line.iter().map(|size| format!("{size:>6}")).collect();
        format!("  {}\n", sizes.join(" "))
    });
    lines.collect()
}
