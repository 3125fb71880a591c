//! A capture as a conversation: who said what to whom, and what each frame means.
//!
//! Two ends, left and right; the left one is whoever sent the first frame. A sequence number starts anywhere, so they
//! are counted from each end's first number here, as Wireshark does it: the SYN is number 0.

use std::io::{self, Write};
use std::net::IpAddr;

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
    /// Who sent the first frame.
    pub left: IpAddr,
    /// Whom it was for.
    pub right: IpAddr,
    /// The frames, in order.
    pub steps: Vec<Step>,
}

impl Conversation {
    /// Follows the TCP conversation in a capture, with the ARP before it. Frames of others are left out.
    ///
    /// # Errors
    /// A frame that cannot be read, by number; a capture without ARP and TCP.
    pub fn follow(frames: &[Vec<u8>]) -> Result<Self, String> {
        let mut ends: Option<Ends> = None;
        let mut steps = Vec::new();
        for (number, bytes) in (1..).zip(frames) {
            let frame =
                Frame::parse(bytes).map_err(|fault: FrameFault| format!("frame {number}: {fault}"))?;
            let Some((from, to)) = who(&frame.packet) else { continue };
            let ends = ends.get_or_insert(Ends { left: from, right: to, first: [None, None] });
            let to_the_right = match (from, to) {
                pair if pair == (ends.left, ends.right) => true,
                pair if pair == (ends.right, ends.left) => false,
                _ => continue,
            };
            let (name, meaning) = match &frame.packet {
                Packet::Arp(arp) => ("ARP".to_owned(), about_arp(arp)),
                Packet::Ip(_, Transport::Tcp(tcp, payload)) => {
                    let (sequence, acknowledgement) = ends.count(tcp, to_the_right);
                    (tcp.flag_names(), about_tcp(tcp, payload, sequence, acknowledgement))
                }
                _ => continue,
            };
            steps.push(Step { number, to_the_right, name, meaning });
        }
        let ends = ends.ok_or("neither ARP nor TCP over IP in it")?;
        Ok(Self { left: ends.left, right: ends.right, steps })
    }

    /// Only the steps from the frame `first` to the frame `last`.
    #[must_use]
    pub fn part(&self, first: usize, last: usize) -> Self {
        let inside = |step: &&Step| (first..=last).contains(&step.number);
        Self { steps: self.steps.iter().filter(inside).cloned().collect(), ..*self }
    }

    /// Writes the conversation as a ladder.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn draw(&self, out: &mut impl Write) -> io::Result<()> {
        let wide = self.steps.iter().map(|step| step.name.len()).max().unwrap_or(0) + 8;
        writeln!(out, "    {:<wide$}  {}", self.left, self.right)?;
        for step in &self.steps {
            let line = "─".repeat((wide - step.name.len() - 2) / 2);
            let rest = "─".repeat(wide - step.name.len() - 2 - line.chars().count());
            let (tail, head) = if step.to_the_right { ("", "▶") } else { ("◀", "") };
            let arrow = format!("{tail}{line} {} {rest}{head}", step.name);
            writeln!(out, "{:>3} │{arrow}│  {}", step.number, step.meaning)?;
        }
        Ok(())
    }
}

/// Who talks, and the number that each one's count began with.
struct Ends {
    left: IpAddr,
    right: IpAddr,
    /// Left, right.
    first: [Option<u32>; 2],
}

impl Ends {
    /// The numbers of a segment, counted from each end's first. They wrap around at 2^32.
    fn count(&mut self, tcp: &Tcp<'_>, to_the_right: bool) -> (u32, u32) {
        let [left, right] = &mut self.first;
        let (own, other) = if to_the_right { (left, right) } else { (right, left) };
        let own = *own.get_or_insert(tcp.sequence);
        let other = other.unwrap_or(tcp.acknowledgement);
        (tcp.sequence.wrapping_sub(own), tcp.acknowledgement.wrapping_sub(other))
    }
}

fn who(packet: &Packet<'_>) -> Option<(IpAddr, IpAddr)> {
    match packet {
        Packet::Arp(arp) => Some((arp.sender.1.into(), arp.target.1.into())),
        Packet::Ip(ip, Transport::Tcp(..)) => Some((ip.from(), ip.to())),
        _ => None,
    }
}

fn about_arp(arp: &Arp) -> String {
    match arp.operation {
        Arp::QUESTION => format!("to every card: who has {}?", arp.target.1),
        _ => format!("{} is at {}", arp.sender.1, arp.sender.0),
    }
}

// ANCHOR: about
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
        let last = sequence.wrapping_add(u32::try_from(payload.len()).unwrap_or(u32::MAX)).wrapping_sub(1);
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
// ANCHOR_END: about

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture;

    fn hello() -> Conversation {
        Conversation::follow(&capture::frames(capture::HELLO).unwrap()).unwrap()
    }

    fn names(conversation: &Conversation) -> Vec<(bool, &str)> {
        conversation.steps.iter().map(|step| (step.to_the_right, step.name.as_str())).collect()
    }

    #[test]
    fn a_connection_begins_with_three_frames() {
        let handshake = hello().part(3, 5);
        assert_eq!(names(&handshake), [(true, "SYN"), (false, "SYN ACK"), (true, "ACK")]);
        let meanings: Vec<_> = handshake.steps.iter().map(|step| step.meaning.as_str()).collect();
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
            let first_fin = all.steps.iter().position(|step| step.name.contains("FIN")).unwrap();
            let end = &all.steps[first_fin..];
            assert_eq!(end.len(), ends, "{end:?}");
            assert_eq!(end.iter().filter(|step| step.name.contains("FIN")).count(), 2);
            assert_eq!(end.last().unwrap().name, "ACK");
        }
    }

    #[test]
    fn counts_wrap_around_at_the_top() {
        let mut ends =
            Ends { left: [1, 1, 1, 1].into(), right: [2, 2, 2, 2].into(), first: [Some(u32::MAX), None] };
        let frames = capture::frames(capture::HELLO).unwrap();
        let frame = Frame::parse(&frames[2]).unwrap();
        let Packet::Ip(_, Transport::Tcp(mut tcp, _)) = frame.packet else { panic!("frame 3 is a SYN") };
        tcp.sequence = 5;
        assert_eq!(ends.count(&tcp, true).0, 6);
    }

    #[test]
    fn a_capture_of_something_else_is_an_error() {
        assert!(Conversation::follow(&[vec![0; 20]]).unwrap_err().contains("neither ARP nor TCP"));
        assert!(
            Conversation::follow(&[vec![0; 3]]).unwrap_err().starts_with("frame 1: Ethernet header ends")
        );
    }
}
