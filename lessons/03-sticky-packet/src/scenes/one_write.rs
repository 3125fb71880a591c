//! `one-write`: one large write, and what the reads make of it. The reader cannot see segments.
//!
//! The loopback's MTU is 65,536: nothing would ever be cut into 1,500 there. So the reader asks for segments as on
//! Ethernet before it is connected (the socket option TCP_MAXSEG). The kernel then counts such segments. It leaves the
//! cutting itself to the network card, and loopback has none: what travels inside the machine are pieces of up to 64 KiB.
//!
//! ```text
//! 1,500 the MTU of Ethernet - 20 IP header - 20 TCP header = 1,460, - 12 timestamps in the TCP header = 1,448 bytes
//! ```

use std::io::{self, Read, Write};
use std::net::TcpListener;

use cli::why;
use timeline::Recorder;

use super::{recorded_pair, ss, together};
use crate::reader_writer::one_read;

const SIZE: usize = 1_000_000;
const CAPACITY: usize = 65_536;
/// What an end on Ethernet says in its handshake: the most data that one segment may bring it (RFC 9293, section 3.7.1).
const ETHERNET: u32 = 1_460;

/// Writes 1,000,000 bytes at once and lists what the reads gave.
///
/// # Errors
/// A socket failed.
pub fn one_write(listener: &TcpListener, recorder: &Recorder) -> io::Result<String> {
    let mut text = format!("one write of {SIZE} bytes\n");
    // What the listener asks for, its connections ask for; it is said in the handshake, so later is too late.
    #[cfg(unix)]
    let asked = socket2::SockRef::from(listener).set_tcp_mss(ETHERNET);
    #[cfg(not(unix))]
    let asked = Err::<(), _>(io::Error::other(format!("no TCP_MAXSEG of {ETHERNET}")));
    if let Err(refused) = asked {
        let why = why(&refused);
        text += &format!("segments as on Ethernet cannot be asked for here: {why}\n");
    }
    let [mut writer, mut reader] = recorded_pair(listener, recorder, ["writer", "reader"])?;
    // A blocking write gives all of it to the kernel, piece by piece, and comes back when the last piece is taken.
    let write = || writer.write_all(&vec![b'x'; SIZE]);
    let (written, sizes) = together(write, || read_sizes(&mut reader))?;
    let sizes = written.and(sizes)?;

    let kernel = ss::both(&writer, &reader);
    text += &match kernel.and_then(|[writer, _]| writer.segments()) {
        Ok((segments, size)) => format!("counted as {segments} segments of at most {size} bytes\n"),
        Err(missing) => format!("segments: the kernel's side cannot be seen here: {missing}\n"),
    };
    let reads = sizes.len();
    text += &format!("arrived in {reads} reads with room for {CAPACITY} bytes each:\n");
    for ten in sizes.chunks(10) {
        let ten: Vec<String> = ten.iter().map(|size| format!("{size:>6}")).collect();
        text += &format!("  {}\n", ten.join(" "));
    }
    Ok(text)
}

/// What each read gave, until all of it is there.
fn read_sizes(stream: &mut impl Read) -> io::Result<Vec<usize>> {
    let (mut sizes, mut buffer) = (Vec::new(), vec![0; CAPACITY]);
    while sizes.iter().sum::<usize>() < SIZE {
        match one_read(stream, &mut buffer)?.len() {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            size => sizes.push(size),
        }
    }
    Ok(sizes)
}
