//! What a router (路由器) changes: the same packet before it and after it, field by field.
//!
//! A router takes the packet out of its frame, looks at the destination's IP address, takes one hop away and puts the
//! packet into a new frame for the next cable. The IP addresses stay: they name the two ends. The MAC addresses are
//! new: they name the two cards on this cable.

use super::capture::frames;
use super::frame::{arp_sentence, meaning};
use crate::bases::hex_bytes;
use crate::frame::Frame;

/// Whose MAC address the client asks for, and the fields that differ between a frame before the router and the frame
/// after it. `capture`: the question, the frame before, the frame after.
///
/// # Errors
/// Frames that cannot be read or are not the same packet.
pub fn router(capture: &str) -> Result<String, String> {
    let [question, before, after] = &frames(capture)?[..] else {
        return Err("not three frames: a question, one before the router, one after it".to_owned());
    };
    let who_has = arp_sentence(&Frame::parse(question)?);
    let mut text = format!("the client asks every card: {who_has} (its gateway)\n\n");
    let (old, new) = (fields(before)?, fields(after)?);
    let mut same = before.len();
    if before.len() != after.len() || old.len() != new.len() {
        return Err("the two frames are not the same packet".to_owned());
    }
    for ((name, bytes, old), (_, new_bytes, new)) in old.iter().zip(&new) {
        if bytes != new_bytes {
            same -= bytes.len();
            let (bytes, new_bytes) = (hex_bytes(bytes), hex_bytes(new_bytes));
            text +=
                &format!("{name}\n  before  {bytes:17}  {old}\n  after   {new_bytes:17}  {new}\n");
        }
    }
    let all = before.len();
    text +=
        &format!("\nthe same: {same} of {all} bytes, the IP addresses and our own among them\n");
    Ok(text)
}

type Fields<'a> = Vec<(String, &'a [u8], String)>;

/// The fields of a frame: name, bytes, and what they say, without the explanation after the first comma or semicolon.
fn fields(bytes: &[u8]) -> Result<Fields<'_>, String> {
    let (frame, mut all) = (Frame::parse(bytes)?, Vec::new());
    for header in &frame.headers {
        for (field, bytes) in &header.fields {
            let meaning = meaning(&frame, header, field);
            let short = meaning.split([',', ';']).next().unwrap_or_default();
            all.push((format!("{} {field}", header.name), *bytes, short.to_owned()));
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::super::capture;
    use super::*;

    #[test]
    fn a_router_changes_the_cards_the_hops_and_the_checksum_of_those() {
        let told = router(capture::ROUTER).unwrap();
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
        let frames: Vec<&str> = capture::HELLO.split("\n\n").skip(1).collect();
        assert!(
            router(&frames[3..6].join("\n\n")).is_err(),
            "a SYN ACK is not hello!"
        );
        assert!(router(&frames[..2].join("\n\n")).is_err(), "two frames");
    }
}
