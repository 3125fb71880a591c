//! What the command line starts. Each scene gives its text whole, so none knows who reads it.

pub mod capture;
pub mod conversation;
pub mod demo;
pub mod frame;
pub mod mac;
pub mod ports;
pub mod report;
pub mod router;
pub mod same_network;
pub mod switch;
pub mod text;

use clap::Subcommand;
use cli::ExitError;

use self::conversation::conversation;
use crate::address::Address;
use crate::frame::Frame;
use crate::mac::Mac;

pub use demo::demo;

/// Everything but the addresses themselves.
#[derive(Clone, Debug, Subcommand)]
pub enum Scene {
    /// What two bits of a MAC address say: one card or a group, its maker or software.
    Mac {
        /// Six bytes in hex: 02:00:00:00:00:0a
        mac: String,
    },
    /// A captured frame, header by header; without a number the one with `hello!`.
    Frame {
        /// Which frame of the capture.
        #[arg(default_value = "6", allow_negative_numbers = true)]
        number: String,
        /// Another capture: hex digits, an empty line between frames; `-` is stdin.
        #[arg(long)]
        file: Option<String>,
    },
    /// The whole capture as a conversation: ARP, handshake, `hello!`, `hi`, the end.
    Conversation {
        /// Another capture: hex digits, an empty line between frames; `-` is stdin.
        #[arg(long)]
        file: Option<String>,
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
pub fn play(scene: &Scene) -> cli::Result<String> {
    let file = match scene {
        Scene::Frame { file, .. } | Scene::Conversation { file } => file.as_deref(),
        _ => None,
    };
    let name = match file {
        Some("-") => "stdin",
        other => other.unwrap_or("the committed capture"),
    };
    let failed = |why| ExitError::failed(name, why);
    let frames = capture::read(file).map_err(failed)?;
    match scene {
        Scene::Mac { mac } => Ok(mac::about_mac(usage(mac, Mac::parse(mac))?)),
        Scene::Frame { number, .. } => one_frame(&frames, number),
        Scene::Conversation { .. } => conversation(&frames).map_err(failed),
        Scene::Switch => switch::switch(&frames).map_err(failed),
        Scene::Router => router::router(capture::ROUTER).map_err(failed),
        Scene::Ports => ports::ports().map_err(|error| ExitError::io("this scene", &error)),
        Scene::Text { text } => Ok(text::encodings(text)),
    }
}

/// What one address says, and whether a second one is in the same network.
///
/// # Errors
/// What is not an address, by name.
pub fn about_addresses(address: &str, other: Option<&str>) -> cli::Result<String> {
    let a = usage(address, Address::parse(address))?;
    let says = report::report(&a);
    let Some(other) = other else {
        return Ok(says);
    };
    let b = usage(other, Address::parse(other))?;
    let (others, answer) = (report::report(&b), same_network::same_network(&a, &b));
    Ok(format!("{says}\n{others}\n{answer}"))
}

/// What was typed is wrong usage if it cannot be parsed.
fn usage<T>(typed: &str, parsed: Result<T, String>) -> cli::Result<T> {
    parsed.map_err(|why| ExitError::usage(typed, why))
}

/// One frame of a capture as text; they are counted from 1.
fn one_frame(frames: &[Vec<u8>], number: &str) -> cli::Result<String> {
    let (what, last) = (format!("frame {number}"), frames.len());
    let index = number.parse().unwrap_or(0_usize).wrapping_sub(1);
    let exists = format!("the capture has the frames 1 to {last}");
    let bytes = usage(&what, frames.get(index).ok_or(exists))?;
    let frame = Frame::parse(bytes).map_err(|why| ExitError::failed(&what, why))?;
    Ok(frame::anatomy(&frame, bytes))
}
