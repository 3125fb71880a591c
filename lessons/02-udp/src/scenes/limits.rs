//! What UDP does not do, each point a run of its own on this machine: two sockets, a few calls, what came out.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use cli::{FailedAt, Flags, Output, Result, traced, why};
use timeline::{Call, DatagramTap, Recorder};

use crate::datagram::{CAPACITY, LARGEST};
use crate::loss::measure;

type Tap = DatagramTap<UdpSocket>;

/// Not `Call::Connect`: on a datagram socket nothing leaves.
const CONNECT: Call = Call::Other("connect");

/// How long to wait for something that does not come.
const NOTHING_COMES: Duration = Duration::from_millis(200);

/// Runs every experiment and prints what came out. The thousand datagrams of the last one are not recorded.
///
/// # Errors
/// A socket failed in a way that is not the point.
pub fn limits(flags: &Flags) -> Result {
    let ip = flags.addr_or("127.0.0.1:0")?.to_bind()?.ip();
    traced(flags, "lesson02", |recorder| {
        let (here, mut out) = (Here { ip, recorder }, Output::default());
        for experiment in [one_byte, largest, empty, nobody_listens, stranger, late] {
            out.raw(experiment(&here).failed_at(ip)?.as_bytes())?;
        }
        Ok(())
    })
}

fn one_byte(here: &Here) -> io::Result<String> {
    let (receiver, sender, addr) = here.pair()?;
    sender.send_to(b"hello", addr)?;
    sender.send_to(b"world", addr)?;
    let take = |capacity| {
        let mut buffer = vec![0; capacity];
        let result = receiver.recv_from(&mut buffer).map(|(size, _)| size);
        let taken = buffer.get(..*result.as_ref().unwrap_or(&0));
        let text = String::from_utf8_lossy(taken.unwrap_or_default()).into_owned();
        format!("{} {text:?}", said(result))
    };
    Ok(format!(
        "\
1. Room for one byte
   send_to \"hello\", send_to \"world\"
   recv_from, room for    1: {}
   recv_from, room for 1024: {}
   The rest of the first datagram is gone, and no error says so.

",
        take(1),
        take(1024)
    ))
}

fn largest(here: &Here) -> io::Result<String> {
    let (receiver, sender, addr) = here.pair()?;
    // IPv6 does not count its own header.
    let largest = LARGEST + if here.ip.is_ipv6() { 20 } else { 0 };
    let send = |size| said(sender.send_to(&vec![b'x'; size], addr));
    Ok(format!(
        "\
2. The largest datagram
   send_to {largest} bytes: {}
   send_to {} bytes: {}
   recv_from:           {}
   A packet's length is a 16-bit number: 65535, less the headers inside it.

",
        send(largest),
        largest + 1,
        send(largest + 1),
        said(heard(&receiver))
    ))
}

fn empty(here: &Here) -> io::Result<String> {
    let (receiver, sender, addr) = here.pair()?;
    Ok(format!(
        "\
3. An empty datagram
   send_to \"\":  {}
   recv_from:   {}
   send_to \"x\": {}
   recv_from:   {}
   Ok(0) is a message here. On a TCP stream it is the end.

",
        said(sender.send_to(b"", addr)),
        said(heard(&receiver)),
        said(sender.send_to(b"x", addr)),
        said(heard(&receiver))
    ))
}

fn nobody_listens(here: &Here) -> io::Result<String> {
    let (closed, sender, addr) = here.pair()?;
    drop(closed);
    sender.get_ref().set_read_timeout(Some(NOTHING_COMES))?;
    let (sent, silence) = (sender.send_to(b"anybody?", addr), heard(&sender));
    here.recorder.call("sender", CONNECT);
    sender.get_ref().connect(addr)?;
    Ok(format!(
        "\
4. A port where nobody listens
   send_to:              {}
   recv_from:            {} (after {} ms)
   connect, then send:   {}
   recv:                 {}
   The refusal arrived both times; only a connected socket is told.

",
        said(sent),
        said(silence),
        NOTHING_COMES.as_millis(),
        said(sender.send(b"anybody?")),
        said(sender.recv(&mut [0; 8]))
    ))
}

fn stranger(here: &Here) -> io::Result<String> {
    let (ours, friend, addr) = here.pair()?;
    let stranger = here.socket("stranger")?.facing("receiver");
    ours.get_ref().set_read_timeout(Some(NOTHING_COMES))?;
    here.recorder.call("receiver", CONNECT);
    ours.get_ref().connect(friend.get_ref().local_addr()?)?;
    Ok(format!(
        "\
5. A stranger writes to a connected socket
   the stranger's send_to: {}
   our recv:               {}
   the friend's send_to:   {}
   our recv:               {}
   connect on a UDP socket sends nothing: it tells our kernel whom to let in.

",
        said(stranger.send_to(b"boo", addr)),
        said(ours.recv(&mut [0; 8])),
        said(friend.send_to(b"hello", addr)),
        said(ours.recv(&mut [0; 8]))
    ))
}

fn late(here: &Here) -> io::Result<String> {
    let (receiver, sender, _) = here.pair()?;
    let loss = measure(receiver.get_ref(), sender.get_ref(), 1000, 100)?;
    let counted = match loss.counted_by_the_kernel {
        Some(counted) => format!("{counted} (last column of /proc/net/udp)"),
        None => "not readable here (Linux: last column of /proc/net/udp)".to_owned(),
    };
    Ok(format!(
        "\
6. A receiver that is late
   receive buffer:    {} bytes
   sent:              {} datagrams of 100 bytes, each Ok(100)
   received:          {}
   lost:              {}
   the kernel counts: {counted}
   Nobody was told: not the sender, not the receiver.
",
        loss.buffer,
        loss.sent,
        loss.received,
        loss.sent - loss.received
    ))
}

/// Where the experiments take place.
struct Here<'a> {
    ip: IpAddr,
    recorder: &'a Recorder,
}

impl Here<'_> {
    /// A socket to receive, a socket to send, and where the first one is.
    fn pair(&self) -> io::Result<(Tap, Tap, SocketAddr)> {
        self.recorder.turn();
        let (receiver, sender) = (
            self.socket("receiver")?,
            self.socket("sender")?.facing("receiver"),
        );
        let addr = receiver.get_ref().local_addr()?;
        Ok((receiver, sender, addr))
    }

    fn socket(&self, side: &str) -> io::Result<Tap> {
        let socket = UdpSocket::bind((self.ip, 0))?;
        // What should come on loopback comes at once. If it was lost all the same, an error says so.
        socket.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(self.recorder.datagram(side, socket))
    }
}

/// How much `recv_from` takes.
fn heard(socket: &Tap) -> io::Result<usize> {
    let result = socket.recv_from(&mut vec![0; CAPACITY]);
    result.map(|(size, _)| size)
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
