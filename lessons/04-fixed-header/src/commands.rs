//! Remote commands, both ends: framed on the course wire, and as the tutorials speak on the python wire.
//!
//! ```text
//! course:         [ls -l]                        [status, 4 bytes] [stdout, then stderr]     [ ] = one message
//! python header:   ls -l  (unframed)             b0 01 00 00  432 bytes
//! python text:     ls -l  (unframed)             432   ...   recv_ready   ...   432 bytes    `recv_ready.rs`
//! ```
//!
//! What runs is the business of the crate `runner`. Here is only what travels.

use std::io::{self, ErrorKind, Read, Write};
use std::time::Duration;

use common::{Framing, Wire};
use lesson03::{ONE_READ, sendable};
use runner::{Answer, guard};

use crate::choice::Choice;
use crate::fixed_header::FixedHeader;
use crate::message_stream::{MessageStream, Times};
use crate::recv_ready;
use common::Timeouts;

/// The most that a command's output may have, cut line included.
pub const OUTPUT_LIMIT: usize = 1_048_576;

/// An unframed request is what one read gave, up to this many bytes.
pub const UNFRAMED_LIMIT: usize = ONE_READ;

/// How commands are framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum CommandFraming {
    /// The length in decimal digits
    Text,
    /// The length in four bytes
    Header,
}

impl CommandFraming {
    /// The same framing among all.
    pub fn choice(self) -> Choice {
        match self {
            Self::Text => Choice::Text,
            Self::Header => Choice::Header,
        }
    }
}

/// Serves one connection until its end; `run` runs one command line.
///
/// # Errors
/// The stream failed, the peer broke the protocol, or it speaks HTTP or TLS: a page in somebody's browser can reach loopback,
/// and what it posts must never become a command.
pub fn serve_commands<S: Read + Write + Timeouts>(
    wire: Wire,
    framing: CommandFraming,
    stream: S,
    idle: Duration,
    mut run: impl FnMut(&[u8]) -> Answer,
) -> io::Result<()> {
    let times = Times::with_idle(idle);
    match wire {
        Wire::Course => {
            let mut stream = MessageStream::new(stream, framing.choice().framing(wire), times);
            while let Some(command) = stream.read_message()? {
                guard::framed(command)?;
                let answer = run(command);
                stream.queue_message(&answer.status.to_be_bytes())?;
                stream.write_message(&answer.body(OUTPUT_LIMIT))?;
            }
        }
        Wire::Python => {
            let mut stream = MessageStream::new(stream, FixedHeader::python(), times);
            let mut command = [0; UNFRAMED_LIMIT];
            loop {
                let count = stream.read_unframed(&mut command)?;
                if count == 0 {
                    break;
                }
                let command = command.get(..count).unwrap_or_default();
                guard::unframed(command)?;
                let body = run(command).body(OUTPUT_LIMIT);
                match framing {
                    CommandFraming::Header => stream.write_message(&body)?,
                    CommandFraming::Text => recv_ready::answer(&mut stream, &body)?,
                }
            }
        }
    }
    Ok(())
}

/// What a command gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandOutput {
    /// Its exit status; the python wire has none.
    pub status: Option<i32>,
    /// stdout followed by stderr.
    pub body: Vec<u8>,
}

/// One connection to a command server.
pub struct CommandClient<S> {
    /// On the python wire the framing is for answers alone: requests are unframed there.
    stream: MessageStream<S, Box<dyn Framing>>,
    wire: Wire,
    framing: CommandFraming,
}

impl<S: Read + Write + Timeouts> CommandClient<S> {
    /// Speaks `wire` over `stream`; `idle` is how long an answer may take to begin.
    pub fn new(wire: Wire, framing: CommandFraming, stream: S, idle: Duration) -> Self {
        let times = Times::with_idle(idle);
        Self {
            stream: MessageStream::new(stream, framing.choice().framing(wire), times),
            wire,
            framing,
        }
    }

    /// Runs one command line over there.
    ///
    /// # Errors
    /// `Ok(Err(why))`: it cannot be sent, and the next one may follow. `Err(..)` ends the connection.
    pub fn run(&mut self, command: &[u8]) -> io::Result<Result<CommandOutput, String>> {
        match self.wire {
            Wire::Course => {
                if let Err(why) = self
                    .framing
                    .choice()
                    .framing(self.wire)
                    .encode(command, &mut Vec::new())
                {
                    return Ok(Err(why.to_string()));
                }
                self.stream.write_message(command)?;
                let status = self.stream.read_answer()?;
                let status = <[u8; 4]>::try_from(status)
                    .map(i32::from_be_bytes)
                    .map_err(|_| {
                        broken(format!(
                            "a status is 4 bytes, this one has {}",
                            status.len()
                        ))
                    })?;
                let body = self.stream.read_answer()?.to_vec();
                Ok(Ok(CommandOutput {
                    status: Some(status),
                    body,
                }))
            }
            Wire::Python => {
                if let Err(why) = sendable(command.into()) {
                    return Ok(Err(why));
                }
                self.stream.write_raw(command)?;
                let body = match self.framing {
                    CommandFraming::Header => self.stream.read_answer()?.to_vec(),
                    CommandFraming::Text => recv_ready::read_body(&mut self.stream)?,
                };
                Ok(Ok(CommandOutput { status: None, body }))
            }
        }
    }
}

/// The peer broke a rule: after that nothing it sends can be trusted.
pub(crate) fn broken(text: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, text)
}
