//! What UDP does not do, each point a run of its own on this machine: two sockets, a few calls, what came out.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use common::why;
use timeline::{Call, DatagramTap, Recorder};

use crate::datagram::{LARGEST, ROOM};
use crate::loss::measure;

/// Not `Call::Connect`: on a datagram socket nothing leaves.
const CONNECT: Call = Call::Other("connect");

/// How long to wait for something that does not come.
const NOTHING_COMES: Duration = Duration::from_millis(200);

/// Runs every experiment on sockets of `ip` and writes what came out. The thousand datagrams of the last one are not
/// recorded.
///
/// # Errors
/// A socket failed in a way that is not the point, or `out` failed.
pub(crate) fn limits(out: &mut impl Write, ip: IpAddr, recorder: &Recorder) -> io::Result<()> {
    let here = Here { ip, recorder };
    one_byte_of_room(out, &here)?;
    largest(out, &here)?;
    empty(out, &here)?;
    nobody_listens(out, &here)?;
    stranger(out, &here)?;
    loss(out, &here)
}

fn one_byte_of_room(out: &mut impl Write, here: &Here) -> io::Result<()> {
    let (receiver, sender, addr) = here.pair()?;
    writeln!(out, "1. Room for one byte")?;
    sender.send_to(b"hello", addr)?;
    sender.send_to(b"world", addr)?;
    writeln!(out, "   send_to \"hello\", send_to \"world\"")?;
    for room in [1, 1024] {
        let mut room = vec![0; room];
        let result = receiver.recv_from(&mut room).map(|(size, _)| size);
        let taken = room
            .get(..*result.as_ref().unwrap_or(&0))
            .unwrap_or_default();
        let (size, text) = (room.len(), String::from_utf8_lossy(taken));
        writeln!(
            out,
            "   recv_from, room for {size:>4}: {} {text:?}",
            said(result)
        )?;
    }
    writeln!(
        out,
        "   The rest of the first datagram is gone, and no error says so.\n"
    )
}

fn largest(out: &mut impl Write, here: &Here) -> io::Result<()> {
    let (receiver, sender, addr) = here.pair()?;
    // IPv6 does not count its own header.
    let largest = LARGEST + if here.ip.is_ipv6() { 20 } else { 0 };
    writeln!(out, "2. The largest datagram")?;
    for size in [largest, largest + 1] {
        let sent = sender.send_to(&vec![b'x'; size], addr);
        writeln!(out, "   send_to {size} bytes: {}", said(sent))?;
    }
    let received = receiver.recv_from(&mut vec![0; ROOM]).map(|(size, _)| size);
    writeln!(out, "   recv_from:           {}", said(received))?;
    writeln!(
        out,
        "   A packet's length is a 16-bit number: 65535, less the headers inside it.\n"
    )
}

fn empty(out: &mut impl Write, here: &Here) -> io::Result<()> {
    let (receiver, sender, addr) = here.pair()?;
    writeln!(out, "3. An empty datagram")?;
    writeln!(out, "   send_to \"\":  {}", said(sender.send_to(b"", addr)))?;
    writeln!(
        out,
        "   recv_from:   {}",
        said(receiver.recv_from(&mut [0; 8]).map(|(size, _)| size))
    )?;
    writeln!(
        out,
        "   send_to \"x\": {}",
        said(sender.send_to(b"x", addr))
    )?;
    writeln!(
        out,
        "   recv_from:   {}",
        said(receiver.recv_from(&mut [0; 8]).map(|(size, _)| size))
    )?;
    writeln!(
        out,
        "   Ok(0) is a message here. On a TCP stream it is the end.\n"
    )
}

fn nobody_listens(out: &mut impl Write, here: &Here) -> io::Result<()> {
    let (closed, sender, addr) = here.pair()?;
    drop(closed);
    writeln!(out, "4. A port where nobody listens")?;
    sender.get_ref().set_read_timeout(Some(NOTHING_COMES))?;
    writeln!(
        out,
        "   send_to:              {}",
        said(sender.send_to(b"anybody?", addr))
    )?;
    let heard = sender.recv_from(&mut [0; 8]).map(|(size, _)| size);
    writeln!(
        out,
        "   recv_from:            {} (after {} ms)",
        said(heard),
        NOTHING_COMES.as_millis()
    )?;
    here.recorder.call("sender", CONNECT);
    sender.get_ref().connect(addr)?;
    writeln!(
        out,
        "   connect, then send:   {}",
        said(sender.send(b"anybody?"))
    )?;
    writeln!(
        out,
        "   recv:                 {}",
        said(sender.recv(&mut [0; 8]))
    )?;
    writeln!(
        out,
        "   The refusal arrived both times; only a connected socket is told.\n"
    )
}

fn stranger(out: &mut impl Write, here: &Here) -> io::Result<()> {
    let (ours, friend, _) = here.pair()?;
    let stranger = here.socket("stranger")?.facing("receiver");
    writeln!(out, "5. A stranger writes to a connected socket")?;
    ours.get_ref().set_read_timeout(Some(NOTHING_COMES))?;
    here.recorder.call("receiver", CONNECT);
    ours.get_ref().connect(friend.get_ref().local_addr()?)?;
    let addr = ours.get_ref().local_addr()?;
    writeln!(
        out,
        "   the stranger's send_to: {}",
        said(stranger.send_to(b"boo", addr))
    )?;
    writeln!(
        out,
        "   our recv:               {}",
        said(ours.recv(&mut [0; 8]))
    )?;
    writeln!(
        out,
        "   the friend's send_to:   {}",
        said(friend.send_to(b"hello", addr))
    )?;
    writeln!(
        out,
        "   our recv:               {}",
        said(ours.recv(&mut [0; 8]))
    )?;
    writeln!(
        out,
        "   connect on a UDP socket sends nothing: it tells our kernel whom to let in.\n"
    )
}

fn loss(out: &mut impl Write, here: &Here) -> io::Result<()> {
    let (receiver, sender, _) = here.pair()?;
    writeln!(out, "6. A receiver that is late")?;
    let loss = measure(receiver.get_ref(), sender.get_ref(), 1000, 100)?;
    writeln!(out, "   receive buffer:    {} bytes", loss.buffer)?;
    writeln!(
        out,
        "   sent:              {} datagrams of 100 bytes, each Ok(100)",
        loss.sent
    )?;
    writeln!(out, "   received:          {}", loss.received)?;
    writeln!(out, "   lost:              {}", loss.sent - loss.received)?;
    match loss.counted_by_the_kernel {
        Some(counted) => writeln!(
            out,
            "   the kernel counts: {counted} (last column of /proc/net/udp)"
        )?,
        None => writeln!(
            out,
            "   the kernel counts: not readable here (Linux: last column of /proc/net/udp)"
        )?,
    }
    writeln!(out, "   Nobody was told: not the sender, not the receiver.")
}

/// Where the experiments take place.
struct Here<'a> {
    ip: IpAddr,
    recorder: &'a Recorder,
}

impl Here<'_> {
    /// A socket to receive, a socket to send, and where the first one is.
    fn pair(&self) -> io::Result<(DatagramTap<UdpSocket>, DatagramTap<UdpSocket>, SocketAddr)> {
        self.recorder.turn();
        let (receiver, sender) = (
            self.socket("receiver")?,
            self.socket("sender")?.facing("receiver"),
        );
        let addr = receiver.get_ref().local_addr()?;
        Ok((receiver, sender, addr))
    }

    fn socket(&self, side: &str) -> io::Result<DatagramTap<UdpSocket>> {
        let socket = UdpSocket::bind((self.ip, 0))?;
        // What should come on loopback comes at once. If it was lost all the same, an error says so.
        socket.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(self.recorder.datagram(side, socket))
    }
}

/// What a call gave: a count, or an error in words with its `ErrorKind`.
fn said(result: io::Result<usize>) -> String {
    match result {
        Ok(size) => format!("Ok({size})"),
        Err(error) => match format!("{:?}", error.kind()).as_str() {
            // std has no kind of its own for "message too long" (EMSGSIZE).
            "Uncategorized" => format!("Err: {}", why(&error)),
            kind => format!("Err: {} ({kind})", why(&error)),
        },
    }
}
