//! A frame as a table: each field with its place, its bytes and what they say.
//!
//! ```text
//! TCP, 32 bytes: from program to program
//!   34  e3 12        source port      58130
//!   36  1f 90        destination port 8080
//! ```

use std::net::Ipv4Addr;

use cli::escaped_line;

use crate::bases::hex_bytes;
use crate::frame::{Frame, Header, described};
use crate::mac::Mac;

/// Bytes in a line of the table.
const IN_A_LINE: usize = 6;
/// Bytes of a payload that are shown; of a longer one the rest is only counted.
const SHOWN: usize = 48;

/// A frame, header by header. `bytes` are the whole frame, from which `frame` was parsed.
pub fn anatomy(frame: &Frame<'_>, bytes: &[u8]) -> String {
    let (len, payload) = (bytes.len(), frame.payload.len());
    let (ours, name) = match frame.headers.last().map(|header| header.name) {
        Some("TCP" | "UDP") => (payload, "our bytes"),
        _ => (0, "the rest"),
    };
    let mut text = format!("a frame of {len} bytes, {ours} of them ours\n");
    let mut at = 0;
    for header in &frame.headers {
        let (name, len) = (header.name, header.bytes.len());
        let (job, _) = described(name);
        text += &format!("\n{name}, {len} bytes: {job}\n");
        for (field, bytes) in &header.fields {
            text += &rows(at, bytes, field, &meaning(frame, header, field));
            at += bytes.len();
        }
    }
    if payload > 0 {
        let shown = frame.payload.get(..SHOWN).unwrap_or(frame.payload);
        text += &format!("\n{name}, {payload} bytes\n");
        text += &rows(at, shown, "", &excerpt(frame.payload));
    }
    match frame.padding.len() {
        0 => text,
        len => text + &format!("\npadding, {len} bytes: nobody's, they only fill the frame\n"),
    }
}

/// `  36  1f 90        destination port 8080`; a long field goes on in the next line.
fn rows(mut at: usize, bytes: &[u8], mut name: &str, mut meaning: &str) -> String {
    let mut text = String::new();
    for line in bytes.chunks(IN_A_LINE) {
        let hex = hex_bytes(line);
        text += format!("{at:4}  {hex:17}  {name:16} {meaning}").trim_end();
        text += "\n";
        at += line.len();
        (name, meaning) = ("", "");
    }
    text
}

/// A payload as escaped text, cut where the table ends.
pub(crate) fn excerpt(payload: &[u8]) -> String {
    match payload.split_at_checked(SHOWN) {
        None | Some((_, [])) => escaped_line(payload),
        Some((first, more)) => format!("{} ... {} more bytes", escaped_line(first), more.len()),
    }
}

/// What a field says.
pub(crate) fn meaning(frame: &Frame<'_>, header: &Header<'_>, field: &str) -> String {
    let bytes = frame.field(header.name, field);
    let (number, len) = (frame.number(header.name, field), header.bytes.len());
    match (header.name, field) {
        ("Ethernet", "destination") => Mac::of(bytes).and_whom(),
        (_, "type" | "protocol") => {
            let names = frame.headers.iter().map(|header| header.name);
            match names.skip_while(|name| *name != header.name).nth(1) {
                Some(next) => format!("{next} follows"),
                None => format!("{field} {number:#x} follows, not taken apart here"),
            }
        }
        (_, "kind") => "Ethernet cards (6 bytes) that speak IPv4 (4 bytes)".to_owned(),
        (_, "operation") if number == 1 => "question: ".to_owned() + &arp_sentence(frame),
        (_, "operation") => "answer: ".to_owned() + &arp_sentence(frame),
        (_, "target MAC") if number == 0 => "unknown: this is the question".to_owned(),
        (_, "version, length") => format!("version 4, a header of {len} bytes"),
        (_, "total length") => format!("{number} bytes from here on"),
        // 3 flags: the second is "must not be cut", the third "more follow". Then where it begins.
        (_, "fragments") if number & 0x3fff != 0 => "a piece of a packet that was cut".to_owned(),
        (_, "fragments") if number & 0x4000 != 0 => "must not be cut into pieces".to_owned(),
        (_, "fragments") => "may be cut into pieces, is whole".to_owned(),
        (_, "TTL") => format!("{number}; each router takes one away"),
        (_, "sequence") => format!("{number}, the number of our first byte in here"),
        (_, "acknowledgement") if flag_names(frame).contains("ACK") => {
            format!("{number}: every byte before it has arrived")
        }
        (_, "acknowledgement") => format!("{number}: does not count: no ACK flag"),
        ("TCP", "length") => format!("a header of {len} bytes"),
        ("UDP", "length") => format!("{number} bytes, this header included"),
        (_, "flags") => flag_names(frame),
        (_, "window") => format!("{number} x scale: so much more may be sent"),
        (_, "options") => tcp_options(bytes),
        _ => match bytes.len() {
            6 => Mac::of(bytes).to_string(),
            4 => ip(bytes).to_string(),
            _ => number.to_string(),
        },
    }
}

pub(crate) fn ip(bytes: &[u8]) -> Ipv4Addr {
    Ipv4Addr::from(<[u8; 4]>::try_from(bytes).unwrap_or_default())
}

/// What an ARP question or answer says.
pub(crate) fn arp_sentence(frame: &Frame<'_>) -> String {
    let [asked, sender] = ["target IP", "sender IP"].map(|name| ip(frame.field("ARP", name)));
    let card = Mac::of(frame.field("ARP", "sender MAC"));
    match frame.number("ARP", "operation") {
        1 => format!("who has {asked}?"),
        _ => format!("{sender} is at {card}"),
    }
}

/// The TCP flags that are set, from the last bit on: `SYN ACK`, `FIN ACK`, `PSH ACK`.
pub(crate) fn flag_names(frame: &Frame<'_>) -> String {
    let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
    let flags = frame.number("TCP", "flags");
    let set = (0..).zip(names).filter(|(bit, _)| flags >> bit & 1 == 1);
    set.map(|(_, name)| name).collect::<Vec<_>>().join(" ")
}

/// The TCP options by name (RFC 9293, section 3.1, and RFC 7323).
fn tcp_options(mut bytes: &[u8]) -> String {
    let mut names = Vec::new();
    // Kind 0 is the end of the list; zeros fill it up.
    while let [kind @ 1..=255, rest @ ..] = bytes {
        // Kind 1 is one byte; every other says its length, which counts kind and length too.
        let len = match kind {
            1 => 1,
            _ => rest.first().map_or(2, |len| usize::from(*len).max(2)),
        };
        names.push(match (kind, bytes.get(2..len).unwrap_or_default()) {
            (1, _) => "filler".to_owned(),
            (2, &[a, b]) => format!("segments up to {} bytes (MSS)", u16::from_be_bytes([a, b])),
            (3, &[shift]) => format!("window scale 2^{shift}"),
            (4, []) => "selective ACK allowed".to_owned(),
            (8, _) => "clock readings".to_owned(),
            (other, _) => format!("option {other}"),
        });
        bytes = bytes.get(len..).unwrap_or_default();
    }
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::capture;
    use super::*;

    fn told(bytes: &[u8]) -> String {
        anatomy(&Frame::parse(bytes).unwrap(), bytes)
    }

    #[test]
    fn every_byte_of_every_captured_frame_is_in_the_table_once() {
        for bytes in capture::frames(capture::HELLO).unwrap() {
            let told = told(&bytes);
            let hex: String = told
                .lines()
                .filter(|line| line.starts_with("  "))
                .map(|line| line[6..line.len().min(23)].replace(' ', ""))
                .collect();
            let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(hex, expected, "{told}");
        }
    }

    #[test]
    fn a_long_payload_is_cut_and_counted() {
        let long = [b'x'; 100];
        assert_eq!(
            excerpt(&long),
            format!("{} ... 52 more bytes", "x".repeat(48))
        );
        assert_eq!(excerpt(b"a\x1b[2J"), r"a\u{1b}[2J");
    }

    #[test]
    fn what_follows_an_unknown_type_is_not_called_ours() {
        let mut bytes = [0_u8; 20];
        bytes[12..14].copy_from_slice(&[0x88, 0xcc]);
        let told = told(&bytes);
        assert!(
            told.starts_with("a frame of 20 bytes, 0 of them ours\n"),
            "{told}"
        );
        assert!(told.contains("\nthe rest, 6 bytes\n"), "{told}");
    }

    #[test]
    fn options_are_named_and_broken_ones_end_the_list() {
        let syn = [
            2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 10,
        ];
        assert_eq!(
            tcp_options(&syn),
            "segments up to 1460 bytes (MSS), selective ACK allowed, clock readings, filler, window scale 2^10"
        );
        assert_eq!(tcp_options(&[2, 4, 5]), "option 2");
        assert_eq!(tcp_options(&[99, 0, 1]), "option 99, filler");
        assert_eq!(tcp_options(&[1, 0, 0, 0]), "filler");
        assert_eq!(tcp_options(&[8]), "clock readings");
    }

    /// Frame 6, `hello!`, with other bytes at some places.
    fn hello(changes: &[(usize, &[u8])]) -> String {
        let mut bytes = capture::frames(capture::HELLO).unwrap().remove(5);
        for (at, with) in changes {
            bytes[*at..at + with.len()].copy_from_slice(with);
        }
        told(&bytes)
    }

    #[test]
    fn a_packet_that_was_not_cut_is_called_whole() {
        assert!(hello(&[]).contains("fragments        must not be cut into pieces\n"));
        let told = hello(&[(20, &[0, 0])]);
        assert!(
            told.contains("may be cut into pieces, is whole\n"),
            "{told}"
        );
    }

    #[test]
    fn a_piece_of_a_packet_is_called_so() {
        for fragments in [[0x00, 0x01], [0x20, 0x00]] {
            let told = hello(&[(20, &fragments)]);
            assert!(
                told.contains("a piece of a packet that was cut\n"),
                "{told}"
            );
            assert!(!told.contains("\nTCP"), "{told}");
        }
    }

    #[test]
    fn what_is_not_taken_apart_is_called_so() {
        assert!(
            hello(&[(12, &[0x86, 0xdd])]).contains("type 0x86dd follows, not taken apart here")
        );
        assert!(
            hello(&[(12, &[0x88, 0xcc])]).contains("type 0x88cc follows, not taken apart here")
        );
        assert!(hello(&[(23, &[1])]).contains("protocol 0x1 follows, not taken apart here"));
    }
}
