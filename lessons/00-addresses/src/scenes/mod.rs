//! What the command line starts. Each scene gives its text whole, so none knows who reads it.

pub mod capture;
pub mod conversation;
pub mod demo;
pub mod frame;
pub mod layers;
pub mod mac;
pub mod ports;
pub mod report;
pub mod router;
pub mod same_network;
pub mod switch;
pub mod text;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use common::Fault;

use self::conversation::Conversation;
use crate::address::Address;
use crate::frame::Frame;
use crate::mac::Mac;

pub use demo::demo;

/// The frame of the committed capture that carries `hello!`.
const HELLO_FRAME: &str = "6";

/// Everything but the addresses themselves.
#[derive(Clone, Debug, Subcommand)]
pub enum Scene {
    /// What two bits of a MAC address say: one card or a group, its maker or software.
    Mac {
        /// Six bytes in hex: 02:00:00:00:00:0a
        mac: String,
    },
    /// The five layers, and what each adds to the `hello!` of lesson 01.
    Layers,
    /// A captured frame, header by header; without a number the one with `hello!`.
    Frame {
        /// Which frame of the capture.
        #[arg(default_value = HELLO_FRAME)]
        number: String,
        /// Another capture: hex digits, an empty line between frames; `-` is stdin.
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// The whole capture as a conversation: ARP, handshake, `hello!`, `hi`, the end.
    Conversation {
        /// Another capture: hex digits, an empty line between frames; `-` is stdin.
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// A switch of 30 lines, and what it does with the captured frames.
    Switch,
    /// One frame before a router and after it.
    Router,
    /// Port numbers, and three clients at one port, tried on loopback.
    Ports,
    /// The bytes of a text in UTF-8 and GBK, and one taken for the other.
    Text {
        /// Any text.
        #[arg(default_value = "粘包")]
        text: String,
    },
}

/// Plays a scene.
///
/// # Errors
/// What was asked for does not exist or cannot be read.
pub fn play(scene: &Scene) -> Result<String, Fault> {
    let committed = |why| Fault::failed("the committed capture", why);
    let hello = || capture::frames(capture::HELLO).map_err(committed);
    match scene {
        Scene::Mac { mac } => {
            let mac = Mac::parse(mac).map_err(|why| Fault::Usage(format!("{mac}: {why}")))?;
            Ok(mac::about_mac(mac))
        }
        Scene::Layers => one_frame(HELLO_FRAME, None, |frame, _| layers::layers(frame)),
        Scene::Frame { number, file } => one_frame(number, file.as_deref(), frame::anatomy),
        Scene::Conversation { file } => {
            let (frames, name) = capture::read(file.as_deref())?;
            let conversation = Conversation::follow(&frames);
            Ok(conversation.map_err(|why| Fault::failed(name, why))?.draw())
        }
        Scene::Switch => switch::switch(&hello()?).map_err(committed),
        Scene::Router => {
            let frames = capture::frames(capture::ROUTER).map_err(committed)?;
            router::router(&frames).map_err(committed)
        }
        Scene::Ports => ports::ports().map_err(|error| Fault::io("this scene", &error)),
        Scene::Text { text } => Ok(text::encodings(text)),
    }
}

/// What one address says, and whether a second one is in the same network.
///
/// # Errors
/// What is not an address, by name.
pub fn about_addresses(address: &str, other: Option<&str>) -> Result<String, Fault> {
    let parse =
        |text: &str| Address::parse(text).map_err(|why| Fault::Usage(format!("{text}: {why}")));
    let address = parse(address)?;
    let says = report::report(&address);
    let Some(other) = other else {
        return Ok(says);
    };
    let other = parse(other)?;
    let others = report::report(&other);
    let answer = same_network::same_network(&address, &other);
    Ok(format!("{says}\n{others}\n{answer}"))
}

/// One frame of a capture as text.
fn one_frame(
    number: &str,
    file: Option<&Path>,
    show: impl FnOnce(&Frame<'_>, &[u8]) -> String,
) -> Result<String, Fault> {
    let (frames, _) = capture::read(file)?;
    let index = number
        .parse()
        .ok()
        .and_then(|number: usize| number.checked_sub(1));
    let Some(bytes) = index.and_then(|index| frames.get(index)) else {
        let last = frames.len();
        return Err(Fault::Usage(format!(
            "frame {number}: the capture has the frames 1 to {last}"
        )));
    };
    let frame =
        Frame::parse(bytes).map_err(|why| Fault::failed(format_args!("frame {number}"), why))?;
    Ok(show(&frame, bytes))
}
