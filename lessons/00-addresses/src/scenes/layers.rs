//! The five layers (五层模型), and what our bytes look like at each, from one captured frame.
//!
//! ```text
//! application                                            | hello! |
//! transport                                  | TCP 32    |        |
//! network                        | IPv4 20   |                    |
//! link              | Ethernet 14|                                |
//! physical | start 8|                                             | CRC 4 |
//! ```

use common::plain_line;

use super::frame::ours;
use crate::frame::Frame;

/// What a card sends before a frame, so that others can find its beginning (IEEE 802.3, section 3.1.1), and after it,
/// a checksum (CRC-32) over the frame. Neither is in a capture.
pub const AROUND: [(&str, usize); 2] = [("start", 8), ("CRC", 4)];

/// The layers from our program to the cable, and who works there.
pub const LAYERS: [(&str, &str); 5] = [
    ("application", "our program"),
    ("transport", "the two systems' kernels"),
    ("network", "kernels and routers"),
    ("link", "cards and switches"),
    ("physical", "cable, radio, hub"),
];

/// What each layer adds to a frame that carries bytes of ours.
pub fn layers(frame: &Frame<'_>) -> String {
    let ours = ours(frame);
    let [(start, before), (crc, after)] = AROUND;
    let mut adds = vec![(format!("our bytes: {}", plain_line(ours)), ours.len())];
    for header in frame.headers.iter().rev() {
        let len = header.bytes.len();
        adds.push((format!("{} header, {len} bytes", header.name), len));
    }
    let around = format!("{start} {before} bytes, {crc} {after} bytes");
    adds.push((around, before + after));

    let mut text = format!(
        "{:13} {:26} {:28} bytes\n",
        "layer", "who works there", "adds"
    );
    let mut total = 0;
    for ((layer, who), (adds, len)) in LAYERS.iter().zip(adds) {
        total += len;
        text += &format!("{layer:13} {who:26} {adds:28} {total:>5}\n");
    }
    text
}
