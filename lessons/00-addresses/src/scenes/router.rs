//! What a router (路由器) changes: the same packet before it and after it, field by field.
//!
//! A router takes the packet out of its frame, looks at the destination's IP address, takes one hop away and puts the
//! packet into a new frame for the next cable. The IP addresses stay: they name the two ends. The MAC addresses are
//! new: they name the two cards on this cable.

use super::frame::{arp_sentence, meaning};
use crate::bases::hex_bytes;
use crate::frame::Frame;

/// Whose MAC address the client asks for, and the fields that differ between a frame before the router and the frame
/// after it. `frames`: the question, the frame before, the frame after.
///
/// # Errors
/// Frames that cannot be read or are not the same packet.
pub fn router(frames: &[Vec<u8>]) -> Result<String, String> {
    let [question, before, after] = frames else {
        return Err("not three frames: a question, one before the router, one after it".to_owned());
    };
    let mut text = String::new();
    if let Some(arp) = Frame::parse(question)?.header("ARP") {
        let who_has = arp_sentence(arp);
        text += &format!("the client asks every card: {who_has} (its gateway)\n\n");
    }
    let mut same = before.len();
    let (old, new) = (Frame::parse(before)?, Frame::parse(after)?);
    let names = |frame: &Frame<'_>| {
        frame
            .headers
            .iter()
            .map(|header| (header.name, header.bytes.len()))
            .collect::<Vec<_>>()
    };
    if before.len() != after.len() || names(&old) != names(&new) {
        return Err("the two frames are not the same packet".to_owned());
    }
    for (one, other) in old.headers.iter().zip(&new.headers) {
        for (field, bytes) in &one.fields {
            if *bytes == other.field(field) {
                continue;
            }
            same -= bytes.len();
            text += &format!("{} {field}\n", one.name);
            for (side, frame, header) in [("before", &old, one), ("after", &new, other)] {
                let hex = hex_bytes(header.field(field));
                let meaning = meaning(frame, header, field);
                // Without the explanation after the first comma or semicolon.
                let meaning = meaning.split([',', ';']).next().unwrap_or_default();
                text += &format!("  {side:6}  {hex:17}  {meaning}\n");
            }
        }
    }
    let all = before.len();
    Ok(text
        + &format!("\nthe same: {same} of {all} bytes, the IP addresses and our own among them\n"))
}
#[cfg(test)]
mod tests {
    use super::super::capture;
    use super::*;

    #[test]
    fn a_router_changes_the_cards_the_hops_and_the_checksum_of_those() {
        let frames = capture::frames(capture::ROUTER).unwrap();
        let told = router(&frames).unwrap();
        let changed: Vec<_> = told
            .lines()
            .skip(2)
            .filter(|line| !line.starts_with(' '))
            .take_while(|line| !line.is_empty())
            .collect();
        assert_eq!(
            changed,
            [
                "Ethernet destination",
                "Ethernet source",
                "IPv4 TTL",
                "IPv4 checksum"
            ],
            "{told}"
        );
        assert!(
            told.starts_with("the client asks every card: who has 192.168.1.1?"),
            "{told}"
        );
        assert!(
            told.contains("  before  40                 64\n  after   3f                 63\n"),
            "{told}"
        );
    }

    #[test]
    fn two_frames_that_have_nothing_to_do_with_each_other_are_refused() {
        let frames = capture::frames(capture::HELLO).unwrap();
        assert!(router(&frames[3..6]).is_err(), "a SYN ACK is not hello!");
        assert!(router(&frames[..2]).is_err(), "two frames");
    }
}
