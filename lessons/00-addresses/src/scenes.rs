//! The scenes: what can be asked on the command line, and where the frames come from.
//!
//! Each scene is a text. It is written into memory and handed over whole, so no scene knows who reads it.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use common::Fault;

use crate::anatomy::anatomy;
use crate::capture;
use crate::conversation::Conversation;
use crate::demo::demo;
use crate::encodings::encodings;
use crate::frame::Frame;
use crate::layers::tell_layers;
use crate::mac::{Mac, describe_mac};
use crate::neighbours::same_network;
use crate::place::Place;
use crate::ports::try_ports;
use crate::report::report;
use crate::router::watch_router;
use crate::switch::watch_switch;

/// The frame of the committed capture that carries `hello!`.
const HELLO_FRAME: usize = 6;

/// What a scene gives: its text.
pub type Told = Result<Vec<u8>, Fault>;

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
        #[arg(default_value_t = HELLO_FRAME)]
        number: usize,
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
    /// One frame in front of a router and behind it.
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

impl Scene {
    /// Plays the scene.
    ///
    /// # Errors
    /// What was asked for does not exist or cannot be read.
    pub fn tell(&self) -> Told {
        match self {
            Self::Mac { mac } => about_mac(mac),
            Self::Layers => layers(),
            Self::Frame { number, file } => about_frame(*number, file.as_deref()),
            Self::Conversation { file } => about_conversation(file.as_deref()),
            Self::Switch => switch(),
            Self::Router => router(),
            Self::Ports => tell(try_ports),
            Self::Text { text } => tell(|out| encodings(out, text)),
        }
    }
}

/// The worked example.
///
/// # Errors
/// None in practice: it writes into memory.
pub fn worked_example() -> Told {
    tell(demo)
}

/// What one address says, and whether a second one is in the same network.
///
/// # Errors
/// What is no address, by name.
pub fn about_addresses(address: &str, other: Option<&str>) -> Told {
    let read =
        |text: &str| Place::parse(text).map_err(|why| Fault::Usage(format!("{text}: {why}")));
    let place = read(address)?;
    let other = other.map(read).transpose()?;
    tell(|out| {
        report(out, &place)?;
        if let Some(other) = other {
            out.push(b'\n');
            report(out, &other)?;
            out.push(b'\n');
            same_network(out, &place, &other)?;
        }
        Ok(())
    })
}

/// What a MAC address says.
fn about_mac(text: &str) -> Told {
    let mac = Mac::parse(text).map_err(|why| Fault::Usage(format!("{text}: {why}")))?;
    tell(|out| describe_mac(out, mac))
}

/// One frame of a capture, header by header.
fn about_frame(number: usize, file: Option<&Path>) -> Told {
    let frames = frames_of(file)?;
    let Some(bytes) = number.checked_sub(1).and_then(|at| frames.get(at)) else {
        return Err(Fault::Usage(format!(
            "frame {number}: the capture has the frames 1 to {}",
            frames.len()
        )));
    };
    let frame = Frame::parse(bytes)
        .map_err(|fault| Fault::failed(format_args!("frame {number}"), fault))?;
    tell(|out| anatomy(out, &frame, bytes))
}

/// What each layer adds to the frame with `hello!`.
fn layers() -> Told {
    let frames = frames_of(None)?;
    let bytes = frames.get(HELLO_FRAME - 1).map_or(&[][..], Vec::as_slice);
    let frame = Frame::parse(bytes).map_err(|fault| Fault::failed(name_of(None), fault))?;
    tell(|out| tell_layers(out, &frame))
}

/// All frames of a capture as a conversation.
fn about_conversation(file: Option<&Path>) -> Told {
    let conversation =
        Conversation::follow(&frames_of(file)?).map_err(|why| Fault::failed(name_of(file), why))?;
    tell(|out| conversation.draw(out))
}

/// What a switch does with the captured frames.
fn switch() -> Told {
    let frames = frames_of(None)?;
    tell(|out| watch_switch(out, &frames).map(drop))
}

/// One frame in front of a router and behind it.
fn router() -> Told {
    let frames =
        capture::frames(capture::ROUTER).map_err(|why| Fault::failed(name_of(None), why))?;
    tell(|out| watch_router(out, &frames))
}

/// What a function writes that can fail only in what it says.
fn tell(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Told {
    let mut out = Vec::new();
    write(&mut out).map_err(|error| Fault::io("this scene", &error))?;
    Ok(out)
}

/// The frames of a file (`-` is stdin), or those of the committed capture.
fn frames_of(file: Option<&Path>) -> Result<Vec<Vec<u8>>, Fault> {
    let failed = |error: io::Error| match error.kind() {
        ErrorKind::InvalidData if error.get_ref().is_none() => {
            Fault::failed(name_of(file), "is no text")
        }
        _ => Fault::io(name_of(file), &error),
    };
    let text = match file {
        None => capture::HELLO.to_owned(),
        Some(path) if path == Path::new("-") => {
            capture::read_text(io::stdin().lock()).map_err(failed)?
        }
        Some(path) => File::open(path)
            .and_then(capture::read_text)
            .map_err(failed)?,
    };
    capture::frames(&text).map_err(|why| Fault::failed(name_of(file), why))
}

fn name_of(file: Option<&Path>) -> String {
    match file {
        None => "the committed capture".to_owned(),
        Some(path) if path == Path::new("-") => "stdin".to_owned(),
        Some(path) => path.display().to_string(),
    }
}
