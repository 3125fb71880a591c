//! Remote commands in a JSON header, both ends.
//!
//! ```text
//! request   00 00 00 1d {"op":"run","command":"ls -l"}
//! answer    00 00 00 23 {"ok":true,"status":0,"size":412}   412 bytes: stdout followed by stderr, at most 1 MiB
//! ```
//!
//! The crate `runner` decides what runs and for how long; here is only what travels. The tutorials' bytes are in
//! `python/commands.rs`.

use std::io::{self, Read, Write};
use std::time::Duration;

use common::Timeouts;
use lesson04::{FixedHeader, OUTPUT_LIMIT};
use runner::Answer;

use crate::file_server::Told;
use crate::json_header::Header;
use crate::json_stream::{AskError, JsonStream, broken};
use crate::request::{Op, Request};

/// Serves one connection of commands until its end; `run` runs one command line, `told` hears of each request.
///
/// # Errors
/// The stream failed, the peer broke the protocol, or it speaks HTTP: a page in somebody's browser can reach loopback, and what it
/// posts must never become a command.
pub fn serve_commands<S: Read + Write + Timeouts>(
    stream: S,
    idle: Duration,
    mut run: impl FnMut(&[u8]) -> Answer,
    told: Told<'_>,
) -> io::Result<()> {
    let mut stream = JsonStream::new(FixedHeader::course(), stream, idle);
    while let Some(header) = stream.request()? {
        let refusal = match Request::parse(header) {
            Ok(Request {
                op: Op::Run { command },
                size,
            }) => {
                stream.skip(size)?;
                runner::guard::framed(command.as_bytes())?;
                let answer = run(command.as_bytes());
                told(
                    &format!("run {command}"),
                    &format!("status {}", answer.status),
                );
                let body = answer.body(OUTPUT_LIMIT);
                let header = [
                    ("ok", true.into()),
                    ("status", answer.status.into()),
                    ("size", body.len().into()),
                ];
                stream.send(&header, &body)?;
                continue;
            }
            Ok(request) => {
                request.refusal("unknown op: this server runs commands, files are next door")
            }
            Err(refusal) => refusal,
        };
        told("a header", &format!("refused: {}", refusal.error));
        stream.refuse(refusal)?;
    }
    Ok(())
}

/// What a command gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its exit status; the python wire has none.
    pub status: Option<i64>,
    /// stdout followed by stderr.
    pub body: Vec<u8>,
}

/// One connection to a command server.
pub struct CommandClient<S> {
    stream: JsonStream<S>,
}

impl<S: Read + Write + Timeouts> CommandClient<S> {
    /// Speaks over `stream`; `idle` is how long an answer may take to begin.
    pub fn new(stream: S, idle: Duration) -> Self {
        Self {
            stream: JsonStream::new(FixedHeader::course(), stream, idle),
        }
    }

    /// Runs one command line over there.
    ///
    /// # Errors
    /// See [`AskError`].
    pub fn run(&mut self, command: &[u8]) -> Result<Output, AskError> {
        let Ok(command) = std::str::from_utf8(command) else {
            let why = "a command in JSON has to be UTF-8";
            return Err(AskError::Refused(why.to_owned()));
        };
        let request = [("op", "run".into()), ("command", command.into())];
        let header = self.stream.ask(&request)?;
        let Some(status) = header.integer("status") else {
            return Err(broken("the answer has no status").into());
        };
        let body = read_output(&mut self.stream, &header, "size")?;
        Ok(Output {
            status: Some(status),
            body,
        })
    }
}

/// Judges the announced size first, then lets the memory grow with what arrives.
pub(crate) fn read_output<S: Read + Write + Timeouts>(
    stream: &mut JsonStream<S>,
    header: &Header,
    key: &str,
) -> io::Result<Vec<u8>> {
    let size = header.size(key).map_err(broken)?;
    match usize::try_from(size) {
        Ok(size) if size <= OUTPUT_LIMIT => stream.raw().read_body(size),
        _ => Err(broken(format!(
            "output of {size} bytes is over the limit of {OUTPUT_LIMIT}"
        ))),
    }
}
