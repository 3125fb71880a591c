//! A capture as a conversation: who said what to whom, and what each frame means.
//!
//! Two ends, left and right; the left one is whoever sent the first frame. A sequence number starts anywhere, so they
//! are counted from each end's first number here, as Wireshark does it: the SYN is number 0.

use super::frame::{arp_sentence, excerpt, flag_names, ip};
use crate::frame::Frame;

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
    pub fn follow(capture: &[Vec<u8>]) -> Result<Self, String> {
        let mut frames = Vec::new();
        for (number, bytes) in (1..).zip(capture) {
            let frame = Frame::parse(bytes).map_err(|why| format!("frame {number}: {why}"))?;
            frames.extend(ends(&frame).map(|(from, to)| (number, from, to, frame)));
        }
        // Only TCP has ports; a capture of ARP alone is a conversation too.
        let tcp = frames.iter().find(|(_, from, ..)| from.contains(':'));
        let first = tcp.or(frames.first());
        let (_, left, right, _) = first.ok_or("neither ARP nor TCP over IPv4 in it")?;
        let (left, right) = (left.clone(), right.clone());

        let (mut steps, mut starts) = (Vec::new(), [None, None]);
        for (number, from, to, frame) in frames {
            let to_the_right = is(&left, &from) && is(&right, &to);
            if !to_the_right && !(is(&right, &from) && is(&left, &to)) {
                continue; // somebody else's
            }
            let (name, meaning) = if frame.number("ARP", "operation") == 1 {
                (
                    "ARP".to_owned(),
                    format!("to every card: {}", arp_sentence(&frame)),
                )
            } else if from.contains(':') {
                let counts = count(&mut starts, &frame, to_the_right);
                (flag_names(&frame), about_tcp(&frame, counts))
            } else {
                ("ARP".to_owned(), arp_sentence(&frame))
            };
            steps.push(Step {
                number,
                to_the_right,
                name,
                meaning,
            });
        }
        Ok(Self { left, right, steps })
    }

    /// Only the steps from the frame `first` to the frame `last`.
    #[must_use]
    pub fn part(mut self, first: usize, last: usize) -> Self {
        self.steps
            .retain(|step| (first..=last).contains(&step.number));
        self
    }

    /// The conversation as a ladder.
    pub fn draw(&self) -> String {
        let names = self.steps.iter().map(|step| step.name.len());
        let wide = (names.max().unwrap_or(0) + 8).max(self.left.len());
        let mut text = format!("    {:<wide$}  {}\n", self.left, self.right);
        for step in &self.steps {
            let dashes = wide - step.name.len() - 3;
            let (before, after) = ("─".repeat(dashes / 2), "─".repeat(dashes - dashes / 2));
            let (tail, head) = if step.to_the_right {
                ("", "▶")
            } else {
                ("◀", "")
            };
            let (number, name, meaning) = (step.number, &step.name, &step.meaning);
            text += &format!("{number:>3} │{tail}{before} {name} {after}{head}│  {meaning}\n");
        }
        text
    }
}

/// Who sends this frame to whom, `192.168.1.10:47532`; ARP knows no ports.
fn ends(frame: &Frame<'_>) -> Option<(String, String)> {
    let end = |header, field| ip(frame.field(header, field)).to_string();
    let port = |field| frame.number("TCP", field);
    match frame.headers.last()?.name {
        "ARP" => Some((end("ARP", "sender IP"), end("ARP", "target IP"))),
        "TCP" => Some((
            format!("{}:{}", end("IPv4", "source"), port("source port")),
            format!(
                "{}:{}",
                end("IPv4", "destination"),
                port("destination port")
            ),
        )),
        _ => None,
    }
}

/// Whether two ends can be the same: an address without a port is the same as with one.
fn is(one: &str, other: &str) -> bool {
    let address = |end: &str| end.split(':').next().map(str::to_owned);
    one == other || (one.contains(':') != other.contains(':') && address(one) == address(other))
}

/// The numbers of a segment, counted from where each end (left, right) started. They wrap around at 2^32.
fn count(starts: &mut [Option<u32>; 2], frame: &Frame<'_>, to_the_right: bool) -> (u32, u32) {
    let number = |field| u32::try_from(frame.number("TCP", field)).unwrap_or(0);
    let (sequence, expected) = (number("sequence"), number("acknowledgement"));
    let [left, right] = starts;
    let (own, other) = if to_the_right {
        (left, right)
    } else {
        (right, left)
    };
    let own = *own.get_or_insert(sequence);
    (
        sequence.wrapping_sub(own),
        expected.wrapping_sub(other.unwrap_or(expected)),
    )
}

/// What a segment says.
fn about_tcp(frame: &Frame<'_>, (sequence, expected): (u32, u32)) -> String {
    let (flags, payload) = (flag_names(frame), frame.payload);
    let len = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let last = sequence.wrapping_add(len).wrapping_sub(1);
    let says = [
        (
            flags.contains("RST"),
            "there is no such connection".to_owned(),
        ),
        (
            flags.contains("SYN"),
            format!("I want to talk, my count starts at {sequence}"),
        ),
        (
            len > 0,
            format!("bytes {sequence} to {last}: {}", excerpt(payload)),
        ),
        (
            flags.contains("FIN"),
            format!("{sequence} was my end, I send no more"),
        ),
        (
            flags.contains("ACK"),
            format!("next I expect your {expected}"),
        ),
    ];
    let said = says.into_iter().filter(|(is_said, _)| *is_said);
    said.map(|(_, words)| words).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::super::capture;
    use super::*;

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
        let late_close = include_str!("../../captures/late-close.txt");
        for (text, ends) in [(capture::HELLO, 3), (late_close, 4)] {
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
        let mut frames = capture::frames(capture::HELLO).unwrap();
        frames[2][38..42].fill(0xff); // the SYN has the highest number of all
        frames[5][38..42].fill(0); // and `hello!` follows it
        let talk = Conversation::follow(&frames).unwrap();
        assert!(talk.steps[5].meaning.starts_with("bytes 1 to 6: hello!"));
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
