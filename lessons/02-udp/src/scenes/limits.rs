//! What UDP does not do, each point a run of its own on this machine: two sockets, a few calls, what came out.

use std::fmt::Display;
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

/// Why an experiment was made, or what went wrong that is not its point.
type Lesson = io::Result<&'static str>;

/// Runs every experiment and prints what came out. The thousand datagrams of the last one are not recorded.
///
/// # Errors
/// A socket failed in a way that is not the point.
pub fn limits(flags: &Flags) -> Result {
    let ip = flags.addr_or("127.0.0.1:0")?.to_bind()?.ip();
    traced(flags, "lesson02", |recorder| {
        let (here, mut report) = (Here { ip, recorder }, Report::default());
        for experiment in [one_byte, largest, empty, nobody_listens, stranger, late] {
            let lesson = experiment(&here, &mut report).failed_at(ip)?;
            report.line(format_args!("   {lesson}"));
            Output::default().raw(report.text.as_bytes())?;
            report.text = "\n".to_owned(); // before the next one
        }
        Ok(())
    })
}

fn one_byte(here: &Here, report: &mut Report) -> Lesson {
    let (receiver, sender, addr) = here.pair()?;
    report.title("1. Room for one byte", 26);
    sender.send_to(b"hello", addr)?;
    sender.send_to(b"world", addr)?;
    report.line("   send_to \"hello\", send_to \"world\"");
    for capacity in [1, 1024] {
        let mut buffer = vec![0; capacity];
        let (size, _) = receiver.recv_from(&mut buffer)?;
        let text = String::from_utf8_lossy(buffer.get(..size).unwrap_or_default());
        let label = format!("recv_from, room for {capacity:>4}:");
        report.row(&label, format_args!("Ok({size}) {text:?}"));
    }
    Ok("The rest of the first datagram is gone, and no error says so.")
}

fn largest(here: &Here, report: &mut Report) -> Lesson {
    let (receiver, sender, addr) = here.pair()?;
    report.title("2. The largest datagram", 21);
    // IPv6 does not count its own header.
    let largest = LARGEST + if here.ip.is_ipv6() { 20 } else { 0 };
    for size in [largest, largest + 1] {
        let sent = sender.send_to(&vec![b'x'; size], addr);
        report.call(&format!("send_to {size} bytes:"), sent);
    }
    report.call("recv_from:", heard(&receiver));
    Ok("A packet's length is a 16-bit number: 65535, less the headers inside it.")
}

fn empty(here: &Here, report: &mut Report) -> Lesson {
    let (receiver, sender, addr) = here.pair()?;
    report.title("3. An empty datagram", 13);
    report.call("send_to \"\":", sender.send_to(b"", addr));
    report.call("recv_from:", heard(&receiver));
    report.call("send_to \"x\":", sender.send_to(b"x", addr));
    report.call("recv_from:", heard(&receiver));
    Ok("Ok(0) is a message here. On a TCP stream it is the end.")
}

fn nobody_listens(here: &Here, report: &mut Report) -> Lesson {
    let (closed, sender, addr) = here.pair()?;
    drop(closed);
    report.title("4. A port where nobody listens", 22);
    sender.get_ref().set_read_timeout(Some(NOTHING_COMES))?;
    report.call("send_to:", sender.send_to(b"anybody?", addr));
    let nothing = outcome(heard(&sender));
    report.row("recv_from:", format_args!("{nothing} (after 200 ms)"));
    here.recorder.call("sender", CONNECT);
    sender.get_ref().connect(addr)?;
    report.call("connect, then send:", sender.send(b"anybody?"));
    report.call("recv:", sender.recv(&mut [0; 8]));
    Ok("The refusal arrived both times; only a connected socket is told.")
}

fn stranger(here: &Here, report: &mut Report) -> Lesson {
    let (ours, friend, addr) = here.pair()?;
    let stranger = here.socket("stranger")?.facing("receiver");
    report.title("5. A stranger writes to a connected socket", 24);
    ours.get_ref().set_read_timeout(Some(NOTHING_COMES))?;
    here.recorder.call("receiver", CONNECT);
    ours.get_ref().connect(friend.get_ref().local_addr()?)?;
    report.call("the stranger's send_to:", stranger.send_to(b"boo", addr));
    report.call("our recv:", ours.recv(&mut [0; 8]));
    report.call("the friend's send_to:", friend.send_to(b"hello", addr));
    report.call("our recv:", ours.recv(&mut [0; 8]));
    Ok("connect on a UDP socket sends nothing: it tells our kernel whom to let in.")
}

fn late(here: &Here, report: &mut Report) -> Lesson {
    let (receiver, sender, _) = here.pair()?;
    let sent = 1000;
    let loss = measure(receiver.get_ref(), sender.get_ref(), sent, 100)?;
    report.title("6. A receiver that is late", 19);
    report.row("receive buffer:", format_args!("{} bytes", loss.buffer));
    let each = "datagrams of 100 bytes, each Ok(100)";
    report.row("sent:", format_args!("{sent} {each}"));
    report.row("received:", loss.received);
    report.row("lost:", sent - loss.received);
    if let Some(counted) = loss.counted_by_the_kernel {
        let place = "(last column of /proc/net/udp)";
        report.row("the kernel counts:", format_args!("{counted} {place}"));
    }
    Ok("Nobody was told: not the sender, not the receiver.")
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

/// What a call gave: a count, or an error in words with its `ErrorKind`.
fn outcome(result: io::Result<usize>) -> String {
    match result {
        Ok(size) => format!("Ok({size})"),
        Err(error) => match format!("{:?}", error.kind()).as_str() {
            // std has no kind of its own for "message too long" (EMSGSIZE).
            "Uncategorized" => format!("Err: {}", why(&error)),
            kind => format!("Err: {} ({kind})", why(&error)),
        },
    }
}

/// What came out, in rows of two columns.
#[derive(Default)]
struct Report {
    text: String,
    /// Of the first column.
    width: usize,
}

impl Report {
    fn title(&mut self, title: &str, width: usize) {
        self.width = width;
        self.line(title);
    }

    fn call(&mut self, call: &str, result: io::Result<usize>) {
        self.row(call, outcome(result));
    }

    fn row(&mut self, label: &str, value: impl Display) {
        let width = self.width;
        self.line(format_args!("   {label:<width$}{value}"));
    }

    fn line(&mut self, line: impl Display) {
        self.text += &format!("{line}\n");
    }
}
