//! What a router (路由器) changes: the same packet in front of it and behind it, field by field.
//!
//! A router takes the packet out of its frame, looks at the destination's IP address, takes one hop away and puts the
//! packet into a new frame for the next cable. The IP addresses stay: they name the two ends. The MAC addresses are
//! new: they name the two cards on this cable.

use std::io::{self, Write};

use crate::bases::hex_bytes;
use crate::frame::{Frame, Packet};

/// Writes whose MAC address the client asks for, and the fields that differ between a frame in front of the router and
/// the frame behind it. `frames`: the question, the frame in front, the frame behind.
///
/// # Errors
/// Frames that cannot be read or are not the same packet; those of `out`.
pub fn watch_router(out: &mut impl Write, frames: &[Vec<u8>]) -> io::Result<()> {
    let [question, before, behind] = frames else {
        return Err(wrong(
            "not three frames: a question, one in front of the router, one behind it".to_owned(),
        ));
    };
    if let Packet::Arp(arp) = Frame::parse(question)
        .map_err(|fault| wrong(fault.to_string()))?
        .packet
    {
        writeln!(
            out,
            "the client asks every card: who has {}? (its gateway)\n",
            arp.target.1
        )?;
    }
    changes(out, before, behind)
}

/// Writes the fields that differ, and counts the bytes that do not.
fn changes(out: &mut impl Write, before: &[u8], behind: &[u8]) -> io::Result<()> {
    let fields = |bytes| -> io::Result<Vec<_>> {
        let frame = Frame::parse(bytes).map_err(|fault| wrong(fault.to_string()))?;
        let of_layers = frame
            .layers()
            .into_iter()
            .map(|layer| (layer.name, layer.fields));
        Ok(of_layers
            .flat_map(|(name, fields)| fields.into_iter().map(move |field| (name, field)))
            .collect())
    };
    let (ours, theirs) = (fields(before)?, fields(behind)?);
    if before.len() != behind.len() || ours.len() != theirs.len() {
        return Err(wrong("the two frames are not the same packet".to_owned()));
    }
    let mut at = 0;
    let mut same = before.len();
    for ((layer, field), (_, new)) in ours.iter().zip(&theirs) {
        let place = at..at + field.len;
        at = place.end;
        let (old_bytes, new_bytes) = (before.get(place.clone()), behind.get(place));
        if old_bytes != new_bytes {
            same -= field.len;
            writeln!(out, "{layer} {}", field.name)?;
            for (side, bytes, meaning) in [
                ("before", old_bytes, &field.meaning),
                ("behind", new_bytes, &new.meaning),
            ] {
                let hex = hex_bytes(bytes.unwrap_or_default());
                writeln!(out, "  {side}  {hex:17}  {}", first_words(meaning))?;
            }
        }
    }
    writeln!(
        out,
        "\nthe same: {same} of {} bytes, the IP addresses and our own among them",
        before.len()
    )
}

fn wrong(why: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Without the explanation behind the first comma or semicolon.
fn first_words(meaning: &str) -> &str {
    meaning.split([',', ';']).next().unwrap_or(meaning)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture;

    #[test]
    fn a_router_changes_the_cards_the_hops_and_the_checksum_of_those() {
        let frames = capture::frames(capture::ROUTER).unwrap();
        let mut out = Vec::new();
        watch_router(&mut out, &frames).unwrap();
        let told = String::from_utf8(out).unwrap();
        let changed: Vec<_> = told
            .lines()
            .skip(2)
            .filter(|line| !line.starts_with(' '))
            .take_while(|line| !line.is_empty())
            .collect();
        assert_eq!(
            changed,
            [
                "Ethernet to",
                "Ethernet from",
                "IPv4 hops left",
                "IPv4 checksum"
            ],
            "{told}"
        );
        assert!(
            told.starts_with("the client asks every card: who has 192.168.1.1?"),
            "{told}"
        );
        assert!(
            told.contains("  before  40                 64\n  behind  3f                 63\n"),
            "{told}"
        );
    }

    #[test]
    fn two_frames_that_have_nothing_to_do_with_each_other_are_refused() {
        let frames = capture::frames(capture::HELLO).unwrap();
        assert!(
            watch_router(&mut io::sink(), &frames[3..6]).is_err(),
            "a SYN ACK is not hello!"
        );
        assert!(
            watch_router(&mut io::sink(), &frames[..2]).is_err(),
            "two frames"
        );
    }
}
