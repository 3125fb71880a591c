//! `server`, `client`, `udp-server`, `udp-client`: a sentence around each message.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use cli::{
    ExitError, FailedAt, Flags, Output, Result, Trace, Wire, bind_error, connect_error, log,
    next_entry, parse_seconds, shortened, why,
};
use common::Timeouts;
use lesson02::Asker;
use lesson04::{FixedHeader, FramingChoice, MessageStream, Times, write_request};
use timeline::Layout;

use super::ADDRESS;
use super::served::{ManyArgs, Model, Notices, ready, serve};
use crate::{DatagramHandler, Notice, UdpServer, reply, serve_replies, serve_unframed_replies};

/// A client of the python wire takes what one read of this size gives.
const ONE_READ: usize = 65_536;

/// Options of `server`.
#[derive(Debug, clap::Args)]
pub struct ServerArgs {
    /// Who serves
    #[arg(long, value_enum, default_value_t = Model::Threads)]
    model: Model,
    #[command(flatten)]
    many: ManyArgs,
}

/// Answers each message with a sentence around it.
///
/// # Errors
/// The address cannot be used, or the options do not fit together.
pub fn server(flags: &Flags, args: &ServerArgs) -> Result {
    if args.model != Model::Threads && args.many.max_clients.is_some() {
        let why = "only --model threads takes a number of clients";
        return Err(ExitError::usage("--max-clients", why));
    }
    let (addr, times) = (
        flags.addr_or(ADDRESS)?.to_bind()?,
        Times::with_idle(flags.idle),
    );
    let layout = layout(flags.wire);
    serve(
        flags,
        addr,
        args.model,
        &args.many,
        layout,
        |stream, _, _| match flags.wire {
            Wire::Course => serve_replies(stream, times),
            Wire::Python => serve_unframed_replies(stream, times),
        },
    )
}

/// Sends each line of stdin, prints each answer.
///
/// # Errors
/// A message could not be sent (the next one is), or the connection failed.
pub fn client(flags: &Flags) -> Result {
    let (layout, start) = (layout(flags.wire), "cargo run -p lesson06 -- server");
    cli::client(flags, ADDRESS, layout, start, |stream, address| {
        stream.set_nodelay(true).failed_at(address)?;
        let mut server = Asking::new(stream, flags);
        let (mut out, mut result) = (Output, Ok(()));
        while let Some(message) = next_entry("> ")? {
            if message.is_empty() && flags.wire == Wire::Python {
                continue; // nothing that could be sent
            }
            match server.ask(&message) {
                Ok(answer) => out.message(&answer)?,
                Err(Unanswered::NotSent(why)) => {
                    result = Err(ExitError::io(shortened(&message), &why).report());
                }
                Err(Unanswered::Lost(error)) => return Err(ExitError::io(address, &error)),
            }
        }
        result
    })
}

/// The client's side of both wires.
pub(super) struct Asking<S> {
    stream: MessageStream<S, FixedHeader>,
    wire: Wire,
}

/// Why a message has no answer.
pub(super) enum Unanswered {
    /// It cannot be sent, and nothing of it was.
    NotSent(io::Error),
    /// The connection is over.
    Lost(io::Error),
}

impl<S: Read + Write + Timeouts> Asking<S> {
    pub(super) fn new(stream: S, flags: &Flags) -> Self {
        let (framing, wire) = (FixedHeader::course(), flags.wire);
        let stream = MessageStream::new(stream, framing, Times::with_idle(flags.idle));
        Self { stream, wire }
    }

    pub(super) fn ask(&mut self, message: &[u8]) -> std::result::Result<Vec<u8>, Unanswered> {
        let sent = match self.wire {
            Wire::Course => self.stream.write_message(message),
            Wire::Python => write_request(&mut self.stream, message),
        };
        sent.map_err(|error| match error.kind() {
            ErrorKind::InvalidData => Unanswered::NotSent(error),
            _ => Unanswered::Lost(error),
        })?;
        self.answer().map_err(Unanswered::Lost)
    }

    fn answer(&mut self) -> io::Result<Vec<u8>> {
        if self.wire == Wire::Course {
            return self.stream.read_answer().map(<[u8]>::to_vec);
        }
        let mut answer = vec![0; ONE_READ];
        let count = self.stream.read_unframed_answer(&mut answer)?;
        answer.truncate(count);
        Ok(answer)
    }
}

/// What a drawing calls the parts of what travels. Without lengths there are none.
pub(super) fn layout(wire: Wire) -> Option<Layout> {
    (wire == Wire::Course).then(|| FramingChoice::Header.layout(wire))
}

/// The same sentence for each datagram.
///
/// # Errors
/// The address cannot be used.
pub fn udp_server(flags: &Flags) -> Result {
    flags.without_timeline("udp-server")?;
    let addr = flags.addr_or(ADDRESS)?.to_bind()?;
    let server = UdpServer::bind(addr).map_err(|error| bind_error(addr, &error))?;
    ready(server.local_addr(), server.stopper())?;
    server.serve_forever(&LoggedReply::default());
    Ok(())
}

#[derive(Default)]
struct LoggedReply(Notices);

impl DatagramHandler for LoggedReply {
    fn handle(&self, message: &[u8], _: SocketAddr) -> Option<Vec<u8>> {
        Some(reply(message).into_bytes())
    }

    fn on_error(&self, source: SocketAddr, error: &io::Error) {
        log(format_args!("{source}: {}", why(error)));
    }

    fn on_notice(&self, notice: &Notice) {
        self.0.log(notice);
    }
}

/// Options of `udp-client`.
#[derive(Debug, clap::Args)]
pub struct UdpClientArgs {
    /// How long to wait for each answer
    #[arg(long, value_name = "SECS", value_parser = parse_seconds, default_value = "2", allow_negative_numbers = true)]
    timeout: Duration,
}

/// Sends each line of stdin as a datagram, prints each answer.
///
/// # Errors
/// An answer was missing (the next message is sent all the same), or stdin failed.
pub fn udp_client(flags: &Flags, args: &UdpClientArgs) -> Result {
    let addresses = flags.addr_or(ADDRESS)?.resolve_to_connect()?;
    Trace::new(flags, None).show("client", |recorder| {
        let wrap = |socket: UdpSocket| recorder.datagram("client", socket);
        let mut asker = Asker::new(addresses, args.timeout, wrap);
        let (mut out, mut result) = (Output, Ok(()));
        while let Some(message) = next_entry("> ")? {
            match asker.ask(&message) {
                Ok(answer) => out.message(&answer)?,
                Err((addr, error)) => {
                    let start = "cargo run -p lesson06 -- udp-server";
                    result = Err(connect_error(addr, &error, start).report());
                }
            }
        }
        result
    })
}
