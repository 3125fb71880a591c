//! What UDP does not do, each point a run of its own on this machine: two sockets, a few calls, what came out.

use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::time::Duration;

use cli::{FailedAt, Flags, Output, Result, Trace, why};
use timeline::{Call, DatagramTap, Recorder};

use crate::datagram::{CAPACITY, LARGEST};
use crate::loss::measure;

type Tap = DatagramTap<UdpSocket>;

/// Not `Call::Connect`: on a datagram socket nothing leaves.
const CONNECT: Call = Call::Other("connect");

/// How long to wait for something that does not come.
const NOTHING_COMES: Duration = Duration::from_millis(200);

/// What came out, line by line; or what went wrong that is not the point.
type Report = io::Result<Vec<String>>;

/// Runs every experiment and prints what came out. The thousand datagrams of the last one are not recorded.
///
/// # Errors
/// A socket failed in a way that is not the point.
pub fn limits(flags: &Flags) -> Result {
    let ip = flags.addr_or("127.0.0.1:0")?.to_bind()?.ip();
    Trace::new(flags, None).show("lesson02", |recorder| {
        let (here, mut out) = (Here { ip, recorder }, Output);
        let mut blank_line = "";
        for experiment in [one_byte, largest, empty, nobody_listens, stranger, late] {
            let lines = experiment(&here).failed_at(ip)?.join("\n");
            out.raw(format!("{blank_line}{lines}\n").as_bytes())?;
            blank_line = "\n";
        }
        Ok(())
    })
}

fn one_byte(here: &Here) -> Report {
    let (receiver, sender, addr) = here.pair()?;
    sender.send_to(b"hello", addr)?;
    sender.send_to(b"world", addr)?;
    let take = |capacity| {
        let mut buffer = vec![0; capacity];
        let size = receiver.recv_from(&mut buffer).map(|(size, _)| size);
        let line = row(&format!("recv_from, room for {capacity:>4}: "), size);
        let text = String::from_utf8_lossy(&buffer);
        format!("{line} {:?}", text.trim_end_matches('\0'))
    };
    Ok(vec![
        "1. Room for one byte".into(),
        "   send_to \"hello\", send_to \"world\"".into(),
        take(1),
        take(1024),
        "   The rest of the first datagram is gone, and no error says so.".into(),
    ])
}

fn largest(here: &Here) -> Report {
    let (receiver, sender, addr) = here.pair()?;
    // IPv6 does not count its own header.
    let largest = LARGEST + if here.ip.is_ipv6() { 20 } else { 0 };
    let send = |size| {
        let call = format!("send_to {size} bytes: ");
        row(&call, sender.send_to(&vec![b'x'; size], addr))
    };
    Ok(vec![
        "2. The largest datagram".into(),
        send(largest),
        send(largest + 1),
        row("recv_from:           ", heard(&receiver)),
        "   A packet's length is a 16-bit number: 65535, less the headers inside it.".into(),
    ])
}

fn empty(here: &Here) -> Report {
    let (receiver, sender, addr) = here.pair()?;
    Ok(vec![
        "3. An empty datagram".into(),
        row("send_to \"\":  ", sender.send_to(b"", addr)),
        row("recv_from:   ", heard(&receiver)),
        row("send_to \"x\": ", sender.send_to(b"x", addr)),
        row("recv_from:   ", heard(&receiver)),
        "   Ok(0) is a message here. On a TCP stream it is the end.".into(),
    ])
}

fn nobody_listens(here: &Here) -> Report {
    let (closed, sender, addr) = here.pair()?;
    drop(closed);
    sender.get_ref().set_read_timeout(Some(NOTHING_COMES))?;
    let sent = row("send_to:              ", sender.send_to(b"anybody?", addr));
    let silence = row("recv_from:            ", heard(&sender));
    here.recorder.call("sender", CONNECT);
    sender.get_ref().connect(addr)?;
    Ok(vec![
        "4. A port where nobody listens".into(),
        sent,
        format!("{silence} (after {} ms)", NOTHING_COMES.as_millis()),
        row("connect, then send:   ", sender.send(b"anybody?")),
        row("recv:                 ", sender.recv(&mut [0; 8])),
        row("send:                 ", sender.send(b"anybody?")),
        row("send again:           ", sender.send(b"anybody?")),
        "   A refusal came each time; a connected socket hears it, at its next call.".into(),
    ])
}

fn stranger(here: &Here) -> Report {
    let (ours, friend, addr) = here.pair()?;
    let stranger = here.socket("stranger")?.facing("receiver");
    ours.get_ref().set_read_timeout(Some(NOTHING_COMES))?;
    here.recorder.call("receiver", CONNECT);
    ours.get_ref().connect(friend.get_ref().local_addr()?)?;
    Ok(vec![
        "5. A stranger writes to a connected socket".into(),
        row("the stranger's send_to: ", stranger.send_to(b"boo", addr)),
        row("our recv:               ", ours.recv(&mut [0; 8])),
        row("the friend's send_to:   ", friend.send_to(b"hello", addr)),
        row("our recv:               ", ours.recv(&mut [0; 8])),
        "   connect on a UDP socket sends nothing: it tells our kernel whom to let in.".into(),
    ])
}

fn late(here: &Here) -> Report {
    let (receiver, sender, _) = here.pair()?;
    let sent = 1000;
    let loss = measure(receiver.get_ref(), sender.get_ref(), sent, 100)?;
    let counted = match loss.counted_by_the_kernel {
        Some(counted) => format!("{counted} (last column of /proc/net/udp)"),
        None => "not readable here (Linux: last column of /proc/net/udp)".into(),
    };
    Ok(vec![
        "6. A receiver that is late".into(),
        format!("   receive buffer:    {} bytes", loss.buffer),
        format!("   sent:              {sent} datagrams of 100 bytes, each Ok(100)"),
        format!("   received:          {}", loss.received),
        format!("   lost:              {}", sent - loss.received),
        format!("   the kernel counts: {counted}"),
        "   No call reported it: not a send, not a receive.".into(),
    ])
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
        let receiver = self.socket("receiver")?;
        let sender = self.socket("sender")?.facing("receiver");
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

/// A call and what it gave: a count, or an error in words with its `ErrorKind`.
fn row(call: &str, result: io::Result<usize>) -> String {
    match result {
        Ok(size) => format!("   {call}Ok({size})"),
        Err(error) => match format!("{:?}", error.kind()).as_str() {
            // std has no kind of its own for "message too long" (EMSGSIZE).
            "Uncategorized" => format!("   {call}Err: {}", why(&error)),
            kind => format!("   {call}Err: {} ({kind})", why(&error)),
        },
    }
}
