//! A capture as a conversation: who said what to whom, and what each frame means.
//!
//! Two ends, left and right; the left one is whoever sent the first frame. A sequence number starts anywhere, so they
//! are counted from each end's first number here, as Wireshark does it: the SYN is number 0.

use std::fmt;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};

use crate::anatomy::shown;
use crate::frame::{Arp, Frame, FrameFault, Packet, Tcp, Transport};

/// One frame of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its number in the capture, from 1.
    pub number: usize,
    /// Whether it goes from the left end to the right one.
    pub to_the_right: bool,
    /// What stands on the arrow: `SYN`, `FIN ACK`, `ARP`.
    pub name: String,
    /// What it says, in words.
    pub meaning: String,
}

/// The two ends and the frames between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Who sent the first frame: address and, if TCP was spoken, port.
    pub left: String,
    /// Whom it was for.
    pub right: String,
    /// The frames, in order.
    pub steps: Vec<Step>,
}

impl Conversation {
    /// Follows the first TCP connection in a capture, and the ARP between its ends. Frames of others are left out.
    ///
    /// # Errors
    /// A frame that cannot be read, by number; a capture without ARP and TCP.
    pub fn follow(frames: &[Vec<u8>]) -> Result<Self, String> {
        let frames = parse_all(frames)?;
        let mut ends = Ends::of(&frames).ok_or("neither ARP nor TCP over IP in it")?;
        let mut steps = Vec::new();
        for (number, frame) in (1..).zip(&frames) {
            let Some(to_the_right) = ends.direction(&frame.packet) else {
                continue;
            };
            let (name, meaning) = match &frame.packet {
                Packet::Arp(arp) => ("ARP".to_owned(), about_arp(arp)),
                Packet::Ip(_, Transport::Tcp(tcp, payload)) => {
                    let (sequence, acknowledgement) = ends.count(tcp, to_the_right);
                    (
                        tcp.flag_names(),
                        about_tcp(tcp, payload, sequence, acknowledgement),
                    )
                }
                _ => continue,
            };
            steps.push(Step {
                number,
                to_the_right,
                name,
                meaning,
            });
        }
        Ok(Self {
            left: ends.left.to_string(),
            right: ends.right.to_string(),
            steps,
        })
    }

    /// Only the steps from the frame `first` to the frame `last`.
    #[must_use]
    pub fn part(mut self, first: usize, last: usize) -> Self {
        self.steps
            .retain(|step| (first..=last).contains(&step.number));
        self
    }

    /// Writes the conversation as a ladder.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn draw(&self, out: &mut impl Write) -> io::Result<()> {
        let names = self
            .steps
            .iter()
            .map(|step| step.name.len())
            .max()
            .unwrap_or(0);
        let wide = (names + 8).max(self.left.len());
        writeln!(out, "    {:<wide$}  {}", self.left, self.right)?;
        for step in &self.steps {
            let dashes = wide - step.name.len() - 3;
            let (before, behind) = ("─".repeat(dashes / 2), "─".repeat(dashes - dashes / 2));
            let (tail, head) = if step.to_the_right {
                ("", "▶")
            } else {
                ("◀", "")
            };
            writeln!(
                out,
                "{:>3} │{tail}{before} {} {behind}{head}│  {}",
                step.number, step.name, step.meaning
            )?;
        }
        Ok(())
    }
}

fn parse_all(frames: &[Vec<u8>]) -> Result<Vec<Frame<'_>>, String> {
    let parse = |(number, bytes)| {
        Frame::parse(bytes).map_err(|fault: FrameFault| format!("frame {number}: {fault}"))
    };
    (1_usize..)
        .zip(frames.iter().map(Vec::as_slice))
        .map(parse)
        .collect()
}

/// One end: an address, and a port as soon as TCP is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    address: IpAddr,
    port: Option<u16>,
}

impl End {
    /// Whether the two can be the same end: ARP knows no ports. On loopback only the port tells the ends apart.
    fn may_be(self, other: Self) -> bool {
        self.address == other.address
            && (self.port.is_none() || other.port.is_none() || self.port == other.port)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            Some(port) => SocketAddr::new(self.address, port).fmt(f),
            None => self.address.fmt(f),
        }
    }
}

/// Who talks, and the number that each one's count began with.
struct Ends {
    left: End,
    right: End,
    /// Left, right.
    first: [Option<u32>; 2],
}

impl Ends {
    /// The ends of the first TCP frame; without one, those of the first ARP.
    fn of(frames: &[Frame<'_>]) -> Option<Self> {
        let is_tcp = |frame: &&Frame<'_>| matches!(frame.packet, Packet::Ip(_, Transport::Tcp(..)));
        let (left, right) = match frames.iter().find(is_tcp) {
            Some(frame) => who(&frame.packet)?,
            None => frames.iter().find_map(|frame| who(&frame.packet))?,
        };
        Some(Self {
            left,
            right,
            first: [None, None],
        })
    }

    /// Whether a frame goes from left to right; `None` if it belongs to others.
    fn direction(&self, packet: &Packet<'_>) -> Option<bool> {
        let (from, to) = who(packet)?;
        if self.left.may_be(from) && self.right.may_be(to) {
            Some(true)
        } else {
            (self.left.may_be(to) && self.right.may_be(from)).then_some(false)
        }
    }

    /// The numbers of a segment, counted from each end's first. They wrap around at 2^32.
    fn count(&mut self, tcp: &Tcp<'_>, to_the_right: bool) -> (u32, u32) {
        let [left, right] = &mut self.first;
        let (own, other) = if to_the_right {
            (left, right)
        } else {
            (right, left)
        };
        let own = *own.get_or_insert(tcp.sequence);
        let other = other.unwrap_or(tcp.acknowledgement);
        (
            tcp.sequence.wrapping_sub(own),
            tcp.acknowledgement.wrapping_sub(other),
        )
    }
}

fn who(packet: &Packet<'_>) -> Option<(End, End)> {
    let end = |address: IpAddr, port| End { address, port };
    match packet {
        Packet::Arp(arp) => Some((
            end(arp.sender.1.into(), None),
            end(arp.target.1.into(), None),
        )),
        Packet::Ip(ip, Transport::Tcp(tcp, _)) => Some((
            end(ip.from(), Some(tcp.from_port)),
            end(ip.to(), Some(tcp.to_port)),
        )),
        _ => None,
    }
}

fn about_arp(arp: &Arp) -> String {
    match arp.operation {
        Arp::QUESTION => format!("to every card: who has {}?", arp.target.1),
        _ => format!("{} is at {}", arp.sender.1, arp.sender.0),
    }
}

/// What a segment says.
fn about_tcp(tcp: &Tcp<'_>, payload: &[u8], sequence: u32, acknowledgement: u32) -> String {
    let mut said = Vec::new();
    if tcp.has(Tcp::RST) {
        said.push("there is no such connection".to_owned());
    }
    if tcp.has(Tcp::SYN) {
        said.push(format!("I want to talk, my count starts at {sequence}"));
    }
    if !payload.is_empty() {
        let last = sequence
            .wrapping_add(u32::try_from(payload.len()).unwrap_or(u32::MAX))
            .wrapping_sub(1);
        said.push(format!("bytes {sequence} to {last}: {}", shown(payload)));
    }
    if tcp.has(Tcp::FIN) {
        said.push(format!("{sequence} was my end, I send no more"));
    }
    if tcp.has(Tcp::ACK) {
        said.push(format!("next I expect your {acknowledgement}"));
    }
    said.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture;

    fn hello() -> Conversation {
        Conversation::follow(&capture::frames(capture::HELLO).unwrap()).unwrap()
    }

    fn names(conversation: &Conversation) -> Vec<(bool, &str)> {
        conversation
            .steps
            .iter()
            .map(|step| (step.to_the_right, step.name.as_str()))
            .collect()
    }

    #[test]
    fn a_connection_begins_with_three_frames() {
        let handshake = hello().part(3, 5);
        assert_eq!(
            names(&handshake),
            [(true, "SYN"), (false, "SYN ACK"), (true, "ACK")]
        );
        let meanings: Vec<_> = handshake
            .steps
            .iter()
            .map(|step| step.meaning.as_str())
            .collect();
        assert_eq!(
            meanings,
            [
                "I want to talk, my count starts at 0",
                "I want to talk, my count starts at 0; next I expect your 1",
                "next I expect your 1"
            ]
        );
    }

    #[test]
    fn arp_comes_first_because_nothing_can_be_sent_without_a_mac_address() {
        let arp = hello().part(1, 2);
        assert_eq!(names(&arp), [(true, "ARP"), (false, "ARP")]);
        assert_eq!(arp.steps[0].meaning, "to every card: who has 192.168.1.20?");
    }

    #[test]
    fn each_end_says_goodbye_and_each_is_heard() {
        for (text, ends) in [(capture::HELLO, 3), (capture::LATE_CLOSE, 4)] {
            let all = Conversation::follow(&capture::frames(text).unwrap()).unwrap();
            let first_fin = all
                .steps
                .iter()
                .position(|step| step.name.contains("FIN"))
                .unwrap();
            let end = &all.steps[first_fin..];
            assert_eq!(end.len(), ends, "{end:?}");
            assert_eq!(
                end.iter().filter(|step| step.name.contains("FIN")).count(),
                2
            );
            assert_eq!(end.last().unwrap().name, "ACK");
        }
    }

    #[test]
    fn on_loopback_the_ports_tell_the_ends_apart() {
        let mut frames = capture::frames(capture::HELLO).unwrap();
        frames.drain(..2); // there is no ARP on loopback
        for frame in &mut frames {
            frame[26..34].copy_from_slice(&[127, 0, 0, 1, 127, 0, 0, 1]);
        }
        let mut other = frames[0].clone();
        other[35] ^= 1; // somebody else's connection to the same server
        frames.insert(1, other);
        frames.insert(0, vec![0; 14]); // and something that is neither
        let talk = Conversation::follow(&frames).unwrap();
        assert_eq!(talk.right, "127.0.0.1:8080");
        assert_eq!(
            names(&talk)[..3],
            [(true, "SYN"), (false, "SYN ACK"), (true, "ACK")]
        );
        assert_eq!(
            talk.steps
                .iter()
                .map(|step| step.number)
                .collect::<Vec<_>>(),
            [2, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        );
    }

    #[test]
    fn counts_wrap_around_at_the_top() {
        let end = End {
            address: [1, 1, 1, 1].into(),
            port: None,
        };
        let mut ends = Ends {
            left: end,
            right: end,
            first: [Some(u32::MAX), None],
        };
        let frames = capture::frames(capture::HELLO).unwrap();
        let frame = Frame::parse(&frames[2]).unwrap();
        let Packet::Ip(_, Transport::Tcp(mut tcp, _)) = frame.packet else {
            panic!("frame 3 is a SYN")
        };
        tcp.sequence = 5;
        assert_eq!(ends.count(&tcp, true).0, 6);
    }

    #[test]
    fn a_capture_of_something_else_is_an_error() {
        assert!(
            Conversation::follow(&[vec![0; 20]])
                .unwrap_err()
                .contains("neither ARP nor TCP")
        );
        assert!(
            Conversation::follow(&[vec![0; 3]])
                .unwrap_err()
                .starts_with("frame 1: Ethernet header ends")
        );
    }
}
