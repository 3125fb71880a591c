//! From the flags of the command line to the scenes.

use std::ffi::OsString;
use std::net::UdpSocket;
use std::time::Duration;

use clap::Args;
use common::{Fault, Flags, announce, bind_udp, parse_seconds, pause_between_blocks};
use jiff::Zoned;
use timeline::{Outputs, Recorder};

use crate::address_book::{AddressBook, Contact};
use crate::ask::Asker;
use crate::clients::{ask_each_line, ask_once};
use crate::serve::{answer_each, answer_one};
use crate::{broadcast as one_to_many, chat as talk, chat_server as host, clock, listen};

const HERE: &str = "127.0.0.1:8080";
const CHAT: &str = "127.0.0.1:8081";
const TIME: &str = "127.0.0.1:9000";
const EVERYWHERE: &str = "0.0.0.0:8080";
const EVERYBODY: &str = "255.255.255.255:8080";

/// How long a client waits.
#[derive(Debug, Clone, Copy, Args)]
pub struct Patience {
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECS", value_parser = parse_seconds, default_value = "2", allow_negative_numbers = true)]
    timeout: Duration,
}

/// Who can be written to, beside the usual four.
#[derive(Debug, Args)]
pub struct Contacts {
    /// Add somebody to the address book, or move somebody
    #[arg(long = "contact", value_name = "NAME=HOST:PORT")]
    contacts: Vec<Contact>,
}

/// What to ask a time server.
#[derive(Debug, Args)]
pub struct Format {
    /// A strftime format; without it, one format a line from stdin
    format: Option<OsString>,
    #[command(flatten)]
    patience: Patience,
}

/// What to hear.
#[derive(Debug, Args)]
pub struct Join {
    /// Join the multicast group 239.255.2.2 too
    #[arg(long)]
    join: bool,
}

/// What to send to everybody.
#[derive(Debug, Args)]
pub struct Message {
    /// What to send; without it, one message a line from stdin
    message: Option<OsString>,
}

/// Both ends in one process, recorded.
///
/// # Errors
/// A socket failed.
pub fn demo(flags: &Flags) -> Result<(), Fault> {
    let recording = crate::demo::recording().map_err(|error| Fault::io("demo", &error))?;
    outputs(flags)
        .write(&recording, "lesson02")
        .map_err(|error| Fault::io("trace", &error))?;
    pause_between_blocks(&crate::demo::with_heading(&recording), flags.pause)
}

/// Answers every datagram in capital letters.
///
/// # Errors
/// The address cannot be bound.
pub fn server(flags: &Flags) -> Result<(), Fault> {
    let socket = open(flags, HERE)?;
    answer_each(&socket, &outputs(flags), |message| {
        message.to_ascii_uppercase()
    })
}

/// Sends each line of stdin until `q`, prints each answer.
///
/// # Errors
/// An answer was missing, or stdin failed.
pub fn client(flags: &Flags, patience: Patience) -> Result<(), Fault> {
    recorded(flags, |recorder| {
        let address = flags.addr_or(HERE)?;
        let server = "cargo run -p lesson02 -- server";
        ask_each_line(
            &mut Asker::new(&address, patience.timeout, server, recorder)?,
            Some(b"q"),
        )
    })
}

/// Answers one datagram with `hi` and ends.
///
/// # Errors
/// The address cannot be bound, or the answer cannot be sent.
pub fn hello_server(flags: &Flags) -> Result<(), Fault> {
    let socket = open(flags, HERE)?;
    recorded(flags, |recorder| answer_one(&socket, recorder))
}

/// Sends `hello`, prints the answer.
///
/// # Errors
/// No answer.
pub fn hello(flags: &Flags, patience: Patience) -> Result<(), Fault> {
    recorded(flags, |recorder| {
        let address = flags.addr_or(HERE)?;
        let server = "cargo run -p lesson02 -- hello-server";
        ask_once(
            &mut Asker::new(&address, patience.timeout, server, recorder)?,
            b"hello",
        )
    })
}

/// Shows what arrives and answers with lines of stdin.
///
/// # Errors
/// The address cannot be bound.
pub fn chat_server(flags: &Flags) -> Result<(), Fault> {
    let socket = open(flags, CHAT)?;
    host::chat_server(&socket, &outputs(flags))
}

/// Talks to people by name.
///
/// # Errors
/// An answer was missing, or stdin failed.
pub fn chat(flags: &Flags, contacts: &Contacts) -> Result<(), Fault> {
    let home = flags.addr_or(CHAT)?;
    recorded(flags, |recorder| {
        talk::chat(
            &AddressBook::new(&home, &contacts.contacts),
            flags.idle,
            recorder,
        )
    })
}

/// Answers every datagram with the time, in the format that it holds.
///
/// # Errors
/// The address cannot be bound.
pub fn time_server(flags: &Flags) -> Result<(), Fault> {
    let socket = open(flags, TIME)?;
    answer_each(&socket, &outputs(flags), |format| {
        clock::answer(format, &Zoned::now())
    })
}

/// Asks for the time in one format, or in each format of stdin.
///
/// # Errors
/// An answer was missing, or stdin failed.
pub fn time(flags: &Flags, Format { format, patience }: &Format) -> Result<(), Fault> {
    recorded(flags, |recorder| {
        let address = flags.addr_or(TIME)?;
        let server = "cargo run -p lesson02 -- time-server";
        let mut asker = Asker::new(&address, patience.timeout, server, recorder)?;
        match format {
            Some(format) => ask_once(&mut asker, format.as_encoded_bytes()),
            None => ask_each_line(&mut asker, None),
        }
    })
}

/// Hears broadcasts, and multicast if it joins.
///
/// # Errors
/// The address cannot be bound, or the group not joined.
pub fn broadcast_listen(flags: &Flags, Join { join }: &Join) -> Result<(), Fault> {
    let socket = listen::shared_port(flags.addr_or(EVERYWHERE)?.to_bind()?)?;
    if *join {
        listen::join(&socket)?;
    }
    announced(&socket)?;
    listen::listen(&socket, &outputs(flags))
}

/// Sends to everybody.
///
/// # Errors
/// A message could not be sent.
pub fn broadcast(flags: &Flags, Message { message }: Message) -> Result<(), Fault> {
    let target = one_to_many::target(&flags.addr_or(EVERYBODY)?)?;
    let message = message.map(OsString::into_encoded_bytes);
    recorded(flags, |recorder| {
        one_to_many::broadcast(target, message, recorder)
    })
}

/// Measures what UDP does not do.
///
/// # Errors
/// A socket failed in a way that is not the point.
pub fn limits(flags: &Flags) -> Result<(), Fault> {
    let ip = flags.addr_or("127.0.0.1:0")?.to_bind()?.ip();
    let mut text = Vec::new();
    recorded(flags, |recorder| {
        crate::limits::limits(&mut text, ip, recorder).map_err(|error| Fault::io(ip, &error))
    })?;
    pause_between_blocks(&String::from_utf8_lossy(&text), flags.pause)
}

/// A server's socket, announced.
fn open(flags: &Flags, default: &str) -> Result<UdpSocket, Fault> {
    let socket = bind_udp(&flags.addr_or(default)?)?;
    announced(&socket)?;
    Ok(socket)
}

fn announced(socket: &UdpSocket) -> Result<(), Fault> {
    announce(
        socket
            .local_addr()
            .map_err(|error| Fault::io("socket", &error))?,
    );
    Ok(())
}

fn outputs(flags: &Flags) -> Outputs {
    Outputs::new(flags.trace, flags.trace_svg.clone())
}

/// Runs a scene that ends, and draws it however it ended.
fn recorded(
    flags: &Flags,
    scene: impl FnOnce(&Recorder) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let outputs = outputs(flags);
    let recorder = outputs.recorder();
    let result = scene(&recorder);
    let drawn = outputs
        .write(&recorder.recording(), "lesson02")
        .map_err(|error| Fault::io("trace", &error));
    result.and(drawn)
}
