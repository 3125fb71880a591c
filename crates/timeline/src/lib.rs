//! Records socket calls and draws them as a ladder, in text and in SVG.
#![forbid(unsafe_code)]

mod bytes;
mod datagram;
mod event;
mod json;
mod ladder;
mod layout;
mod outputs;
mod recorder;
mod recording;
mod rows;
mod svg;
mod tap;

pub use datagram::DatagramTap;
pub use event::Call;
pub use layout::{Layout, Part, Shown};
pub use outputs::Outputs;
pub use recorder::Recorder;
pub use recording::Recording;
pub use tap::Tap;
