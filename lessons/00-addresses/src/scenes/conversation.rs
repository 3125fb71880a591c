//! A capture as a conversation: who said what to whom, and what each frame means.
//!
//! Two ends, left and right; the left one is whoever sent the first frame. A sequence number starts anywhere, so they
//! are counted from each end's first number here, as Wireshark does it: the SYN is number 0.

use std::collections::BTreeMap;

use super::frame::{arp_sentence, excerpt, flag_names, ip};
use crate::frame::Frame;

/// The first TCP connection in a capture, and the ARP between its ends, as a ladder. Frames of others are left out.
///
/// # Errors
/// A frame that cannot be read, by number; a capture without ARP and TCP.
pub fn conversation(capture: &[Vec<u8>]) -> Result<String, String> {
    let mut frames = Vec::new();
    for (number, bytes) in (1..).zip(capture) {
        let frame = Frame::parse(bytes).map_err(|why| format!("frame {number}: {why}"))?;
        frames.extend(ends(&frame).map(|(from, to)| (number, from, to, frame)));
    }
    // Only TCP has ports; a capture of ARP alone is a conversation too.
    let tcp = frames.iter().find(|(_, from, ..)| from.contains(':'));
    let first = tcp.or(frames.first());
    let (_, left, right, _) = first.ok_or("neither ARP nor TCP over IPv4 in it")?;

    let wide = left.len().max(15);
    let mut text = format!("    {left:<wide$}  {right}\n");
    let mut starts = BTreeMap::new();
    for (number, from, to, frame) in &frames {
        let to_the_right = is(left, from) && is(right, to);
        let to_the_left = is(right, from) && is(left, to);
        if !to_the_right && !to_the_left {
            continue; // somebody else's
        }
        let arp = |to: &str| ("ARP".to_owned(), to.to_owned() + &arp_sentence(frame));
        let (name, meaning) = match frame.number("ARP", "operation") {
            0 => (flag_names(frame), about_tcp(frame, from, to, &mut starts)),
            1 => arp("to every card: "),
            _ => arp(""),
        };
        let (label, dashes) = (format!(" {name} "), wide - 1);
        let (forth, back) = (format!("{label:─^dashes$}▶"), format!("◀{label:─^dashes$}"));
        let arrow = if to_the_right { forth } else { back };
        text += &format!("{number:>3} │{arrow}│  {meaning}\n");
    }
    Ok(text)
}

/// Who sends this frame to whom, `192.168.1.10:47532`; ARP knows no ports.
fn ends(frame: &Frame<'_>) -> Option<(String, String)> {
    let address = |header, side| ip(frame.field(header, side)).to_string();
    let with_port = |side| {
        let port = frame.number("TCP", &format!("{side} port"));
        address("IPv4", side) + &format!(":{port}")
    };
    match frame.headers.last()?.name {
        "ARP" => Some((address("ARP", "sender IP"), address("ARP", "target IP"))),
        "TCP" => Some((with_port("source"), with_port("destination"))),
        _ => None,
    }
}

/// Whether two ends can be the same: an address without a port is the same as with one.
fn is(one: &str, other: &str) -> bool {
    let address = |end: &str| end.split(':').next().map(str::to_owned);
    one == other || (one.contains(':') != other.contains(':') && address(one) == address(other))
}

/// What a segment says. Its numbers are counted from the first number of the end that they belong to, which `starts`
/// remembers; they wrap at 2^32.
fn about_tcp<'a>(
    frame: &Frame<'_>,
    from: &'a str,
    to: &str,
    starts: &mut BTreeMap<&'a str, u32>,
) -> String {
    let number = |field| u32::try_from(frame.number("TCP", field)).unwrap_or(0);
    let (sequence, expected) = (number("sequence"), number("acknowledgement"));
    let first = sequence.wrapping_sub(*starts.entry(from).or_insert(sequence));
    let expected = expected.wrapping_sub(*starts.get(to).unwrap_or(&expected));
    let len = u32::try_from(frame.payload.len()).unwrap_or(0);
    let last = first.wrapping_add(len).wrapping_sub(1);
    let bytes = excerpt(frame.payload);
    let flags = flag_names(frame);
    let is_set = |flag| flags.contains(flag);
    let says = [
        is_set("RST").then(|| "there is no such connection".to_owned()),
        is_set("SYN").then(|| format!("I want to talk, my count starts at {first}")),
        (len > 0).then(|| format!("bytes {first} to {last}: {bytes}")),
        is_set("FIN").then(|| format!("{first} was my end, I send no more")),
        is_set("ACK").then(|| format!("next I expect your {expected}")),
    ];
    says.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::super::capture;
    use super::*;
    use std::ops::RangeInclusive;

    /// Each frame: its number, whether it goes to the right, the name on the arrow, what it says.
    fn steps(text: &str) -> Vec<(usize, bool, String, String)> {
        let step = |line: &str| {
            let (number, rest) = line.split_once(" │").unwrap();
            let (arrow, meaning) = rest.split_once("│  ").unwrap();
            let name = arrow.trim_matches(['◀', '─', '▶', ' ']).to_owned();
            let number = number.trim().parse().unwrap();
            (number, arrow.ends_with('▶'), name, meaning.to_owned())
        };
        text.lines().skip(1).map(step).collect()
    }

    fn hello(part: RangeInclusive<usize>) -> Vec<(usize, bool, String, String)> {
        let frames = capture::frames(capture::HELLO).unwrap();
        let mut steps = steps(&conversation(&frames).unwrap());
        steps.retain(|step| part.contains(&step.0));
        steps
    }

    fn names(steps: &[(usize, bool, String, String)]) -> Vec<(bool, &str)> {
        let arrow = |step: &'_ (usize, bool, String, String)| step.1;
        steps
            .iter()
            .map(|step| (arrow(step), step.2.as_str()))
            .collect()
    }

    #[test]
    fn a_connection_begins_with_three_frames() {
        let handshake = hello(3..=5);
        assert_eq!(
            names(&handshake),
            [(true, "SYN"), (false, "SYN ACK"), (true, "ACK")]
        );
        let meanings: Vec<_> = handshake.iter().map(|step| step.3.as_str()).collect();
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
        let arp = hello(1..=2);
        assert_eq!(names(&arp), [(true, "ARP"), (false, "ARP")]);
        assert_eq!(arp[0].3, "to every card: who has 192.168.1.20?");
        assert_eq!(arp[1].3, "192.168.1.20 is at 02:00:00:00:00:14");
    }

    #[test]
    fn each_end_says_goodbye_and_each_is_heard() {
        let late_close = include_str!("../../captures/late-close.txt");
        for (text, ends) in [(capture::HELLO, 3), (late_close, 4)] {
            let all = steps(&conversation(&capture::frames(text).unwrap()).unwrap());
            let is_fin = |step: &&(usize, bool, String, String)| step.2.contains("FIN");
            let first_fin = all.iter().position(|step| is_fin(&step)).unwrap();
            let end = &all[first_fin..];
            assert_eq!(end.len(), ends, "{end:?}");
            assert_eq!(end.iter().filter(is_fin).count(), 2);
            assert_eq!(end.last().unwrap().2, "ACK");
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
        let talk = conversation(&frames).unwrap();
        assert!(
            talk.lines().next().unwrap().ends_with("  127.0.0.1:8080"),
            "{talk}"
        );
        let steps = steps(&talk);
        assert_eq!(
            names(&steps)[..3],
            [(true, "SYN"), (false, "SYN ACK"), (true, "ACK")]
        );
        let numbers: Vec<_> = steps.iter().map(|step| step.0).collect();
        assert_eq!(numbers, [2, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    }

    #[test]
    fn counts_wrap_around_at_the_top() {
        let mut frames = capture::frames(capture::HELLO).unwrap();
        frames[2][38..42].fill(0xff); // the SYN has the highest number of all
        frames[5][38..42].fill(0); // and `hello!` follows it
        let talk = steps(&conversation(&frames).unwrap());
        assert!(talk[5].3.starts_with("bytes 1 to 6: hello!"));
    }

    #[test]
    fn a_first_piece_does_not_refuse_the_whole_capture() {
        let mut frames = capture::frames(capture::HELLO).unwrap();
        let mut piece = frames[5].clone();
        piece[20..22].copy_from_slice(&[0x20, 0]); // more follow
        piece[23] = 17; // UDP, of more bytes than are here
        piece[38..40].copy_from_slice(&[0x0b, 0xc0]);
        let before = conversation(&frames).unwrap();
        frames.push(piece);
        assert_eq!(conversation(&frames).unwrap(), before);
    }

    #[test]
    fn a_capture_of_something_else_is_an_error() {
        let why = conversation(&[vec![0; 20]]).unwrap_err();
        assert!(why.contains("neither ARP nor TCP"), "{why}");
        let why = conversation(&[vec![0; 3]]).unwrap_err();
        assert!(why.starts_with("frame 1: Ethernet header ends"), "{why}");
    }
}
