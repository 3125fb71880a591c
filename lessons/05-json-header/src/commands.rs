//! Remote commands behind a JSON header, both ends, both wires.
//!
//! ```text
//! course:  00 00 00 1d {"op":"run","command":"ls -l"}      answer: length {"ok":true,"status":0,"size":412} 412 bytes
//! python:  ls -l  (unframed)                               answer: 26 00 00 00 {"data_size": 412, ...} 412 bytes
//! ```
//!
//! What runs is the business of the crate `runner`; here is only what travels. The body is stdout followed by stderr, at most 1 MiB.

use std::io::{self, Read, Write};
use std::time::Duration;

use common::{Wire, plain_line};
use lesson04::{OUTPUT_LIMIT, Timeouts, UNFRAMED_LIMIT};
use runner::{Runner, guard};

use crate::json_header::{HEADER_LIMIT, Header, encode};
use crate::json_stream::{JsonStream, broken, reason};
use crate::request::{Op, Refusal, Request, behind_put};

/// Serves one connection of commands until its end.
///
/// `disconnected` tells whether the client's connection was reset while its command runs; `log` gets a line for each command.
///
/// # Errors
/// The stream failed, the peer broke the protocol, or it speaks HTTP or TLS: a page in somebody's browser can reach loopback,
/// and what it posts must never become a command.
pub fn serve_commands<S: Read + Write + Timeouts>(
    wire: Wire,
    stream: S,
    idle: Duration,
    runner: &Runner,
    disconnected: &dyn Fn() -> bool,
    log: &mut dyn FnMut(String),
) -> io::Result<()> {
    let run = |command: &[u8], log: &mut dyn FnMut(String)| {
        let answer = runner.run(command, disconnected);
        log(plain_line(
            format!(
                "run {}: status {}",
                String::from_utf8_lossy(command),
                answer.status
            )
            .as_bytes(),
        ));
        (answer.status, answer.body(OUTPUT_LIMIT))
    };
    let mut stream = JsonStream::new(wire, stream, idle);
    match wire {
        Wire::Course => {
            while let Some(bytes) = stream.request()? {
                let refusal = match Request::parse(bytes) {
                    Ok(Request {
                        op: Op::Run { command },
                        size,
                    }) => {
                        stream.skip(size)?;
                        guard::framed(command.as_bytes())?;
                        let (status, body) = run(command.as_bytes(), log);
                        let size = body.len().into();
                        stream.send(
                            &[
                                ("ok", true.into()),
                                ("status", status.into()),
                                ("size", size),
                            ],
                            &body,
                        )?;
                        continue;
                    }
                    Ok(Request {
                        op: Op::Put { .. },
                        size,
                    }) => Refusal::in_step(NO_FILES, behind_put(size)),
                    Ok(Request { size, .. }) => Refusal::in_step(NO_FILES, size),
                    Err(refusal) => refusal,
                };
                log(plain_line(format!("refused: {}", refusal.error).as_bytes()));
                stream.refuse(refusal)?;
            }
            Ok(())
        }
        Wire::Python => {
            let mut command = [0; UNFRAMED_LIMIT];
            loop {
                let count = stream.raw().read_unframed(&mut command)?;
                if count == 0 {
                    return Ok(());
                }
                let command = command.get(..count).unwrap_or_default();
                guard::unframed(command)?;
                let (_, body) = run(command, log);
                // One tutorial reads `data_size`, the other `total_size`: whoever asks finds its own.
                let size = body.len();
                stream.send(
                    &[("data_size", size.into()), ("total_size", size.into())],
                    &body,
                )?;
            }
        }
    }
}

/// What a command server says to a file request.
const NO_FILES: &str = "unknown op: this server runs commands, files are next door";

/// What a command gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its exit status; the Python wire has none.
    pub status: Option<i64>,
    /// stdout followed by stderr.
    pub body: Vec<u8>,
}

/// One connection to a command server.
pub struct CommandClient<S> {
    stream: JsonStream<S>,
    wire: Wire,
}

impl<S: Read + Write + Timeouts> CommandClient<S> {
    /// Speaks `wire` over `stream`; `idle` is how long an answer may take to begin.
    pub fn new(wire: Wire, stream: S, idle: Duration) -> Self {
        Self {
            stream: JsonStream::new(wire, stream, idle),
            wire,
        }
    }

    /// Runs one command line over there.
    ///
    /// # Errors
    /// `Ok(Err(why))` is a refusal after which the next command may follow; `Err(..)` ends the connection.
    pub fn run(&mut self, command: &[u8]) -> io::Result<Result<Output, String>> {
        match self.wire {
            Wire::Course => {
                let Ok(command) = std::str::from_utf8(command) else {
                    return Ok(Err("a command in JSON has to be UTF-8".to_owned()));
                };
                let request = [("op", "run".into()), ("command", command.into())];
                let length = encode(&request).len();
                if length > HEADER_LIMIT {
                    return Ok(Err(format!(
                        "header of {length} bytes is over the limit of {HEADER_LIMIT}"
                    )));
                }
                self.stream.send(&request, &[])?;
                let header = self.stream.answer()?;
                if !header.is_true("ok") {
                    return Ok(Err(reason(&header)));
                }
                let status = header
                    .integer("status")
                    .ok_or_else(|| broken("the answer has no status"))?;
                Ok(Ok(Output {
                    status: Some(status),
                    body: self.body(&header, "size")?,
                }))
            }
            Wire::Python => {
                // In parts it would be several commands to the other end, and nothing at all would have no answer.
                if command.is_empty() || command.len() > UNFRAMED_LIMIT {
                    let length = command.len();
                    return Ok(Err(format!(
                        "command of {length} bytes: an unframed one has 1 to {UNFRAMED_LIMIT}"
                    )));
                }
                self.stream.raw().write_raw(command)?;
                let header = self.stream.answer()?;
                let key = ["data_size", "total_size"]
                    .into_iter()
                    .find(|key| header.has(key));
                let key =
                    key.ok_or_else(|| broken("the header has neither data_size nor total_size"))?;
                Ok(Ok(Output {
                    status: None,
                    body: self.body(&header, key)?,
                }))
            }
        }
    }

    /// Judges the announced size first, then lets the memory grow with what arrives.
    fn body(&mut self, header: &Header, key: &str) -> io::Result<Vec<u8>> {
        let size = header.size(key).map_err(broken)?;
        let Some(size) = usize::try_from(size)
            .ok()
            .filter(|&size| size <= OUTPUT_LIMIT)
        else {
            return Err(broken(format!(
                "output of {size} bytes is over the limit of {OUTPUT_LIMIT}"
            )));
        };
        self.stream.raw().read_body(size)
    }
}
