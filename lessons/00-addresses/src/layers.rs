//! The five layers (五层模型), and what our bytes look like at each: text and picture from one captured frame.
//!
//! ```text
//! application                                            | hello! |
//! transport                                  | TCP 32    |        |
//! network                        | IPv4 20   |                    |
//! link              | Ethernet 14|                                |
//! physical | start 8|                                             | CRC 4 |
//! ```

use std::io::{self, Write};

use common::plain_line;

use crate::anatomy::ours;
use crate::frame::Frame;

/// What a card sends in front of a frame, so that others can find its beginning (IEEE 802.3, section 3.1.1).
const PREAMBLE: usize = 8;
/// What it sends behind: a checksum (CRC-32) over the frame. Neither is in a capture.
const FRAME_CHECK: usize = 4;

/// One layer's share of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The layer: `application` to `physical`.
    pub layer: &'static str,
    /// Who works there.
    pub who: &'static str,
    /// What it puts in front, by name and size.
    pub front: (&'static str, usize),
    /// What it puts behind, likewise.
    pub behind: (&'static str, usize),
    /// How many bytes there are with that.
    pub total: usize,
}

/// The shares of a frame that carries bytes of ours, from the inside to the outside.
pub fn shares(frame: &Frame<'_>) -> Vec<Share> {
    let mut total = ours(frame).len();
    let mut shares = vec![share(
        "application",
        "our program",
        ("", 0),
        ("", 0),
        &mut total,
    )];
    let places = [
        ("transport", "the two systems' kernels"),
        ("network", "kernels and routers"),
        ("link", "cards and switches"),
    ];
    for (header, (layer, who)) in frame.layers().iter().rev().zip(places) {
        let len = header.fields.iter().map(|field| field.len).sum();
        shares.push(share(layer, who, (header.name, len), ("", 0), &mut total));
    }
    let start = ("start", PREAMBLE);
    shares.push(share(
        "physical",
        "cable, radio, hub",
        start,
        ("CRC", FRAME_CHECK),
        &mut total,
    ));
    shares
}

fn share(
    layer: &'static str,
    who: &'static str,
    front: (&'static str, usize),
    behind: (&'static str, usize),
    total: &mut usize,
) -> Share {
    *total += front.1 + behind.1;
    Share {
        layer,
        who,
        front,
        behind,
        total: *total,
    }
}

/// Writes the shares as text.
///
/// # Errors
/// Those of `out`.
pub fn tell_layers(out: &mut impl Write, frame: &Frame<'_>) -> io::Result<()> {
    let said = plain_line(ours(frame));
    writeln!(
        out,
        "{:13} {:26} {:28} {:>5}",
        "layer", "who works there", "adds", "bytes"
    )?;
    for share in shares(frame) {
        let adds = match (share.front, share.behind) {
            (("", _), _) => format!("our bytes: {said}"),
            ((name, len), ("", _)) => format!("{name} header, {len} bytes"),
            ((name, len), (end, more)) => format!("{name} {len} bytes, {end} {more} bytes"),
        };
        writeln!(
            out,
            "{:13} {:26} {adds:28} {:>5}",
            share.layer, share.who, share.total
        )?;
    }
    Ok(())
}
