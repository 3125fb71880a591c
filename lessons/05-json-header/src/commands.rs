//! Remote commands in a JSON header, both ends.
//!
//! ```text
//! request   00 00 00 1d {"op":"run","command":"ls -l"}
//! answer    00 00 00 23 {"ok":true,"status":0,"size":412}   412 bytes: stdout followed by stderr, at most 1 MiB
//! ```
//!
//! The crate `runner` decides what runs and for how long; here is only what travels. The tutorials' bytes are in
//! `python/commands.rs`.

use std::io;
use std::time::Duration;

use lesson04::OUTPUT_LIMIT;
use runner::{Answer, guard};

use crate::json_header::Header;
use crate::json_stream::{JsonStream, NotDone, Stream, Told, broken};
use crate::request::Op;

/// Serves one connection of commands until its end; `run` runs one command line, `told` hears of each request.
///
/// # Errors
/// The stream failed, the peer broke the protocol, or it speaks HTTP: a page in somebody's browser can reach loopback, and what it
/// posts must never become a command.
pub fn serve_commands<S: Stream>(
    stream: S,
    idle: Duration,
    mut run: impl FnMut(&[u8]) -> Answer,
    told: Told<'_>,
) -> io::Result<()> {
    JsonStream::course(stream, idle).serve(told, |stream, request| {
        let Op::Run(command) = &request.op else {
            let why = "unknown op: this server runs commands, files are next door";
            return Err(request.refusal(why).into());
        };
        stream.skip(request.size)?;
        guard::framed(command.as_bytes())?;
        let answer = run(command.as_bytes());
        let body = answer.body(OUTPUT_LIMIT);
        let (status, size) = (answer.status.into(), body.len().into());
        stream.send_ok(&[("status", status), ("size", size)], &body)?;
        Ok(format!("status {}", answer.status))
    })
}

/// One connection to a command server, a [`JsonStream::course`].
pub struct CommandClient<S>(pub JsonStream<S>);

impl<S: Stream> CommandClient<S> {
    /// Runs one command line over there: its exit status, and stdout followed by stderr.
    ///
    /// # Errors
    /// See [`NotDone`].
    pub fn run(&mut self, command: &[u8]) -> Result<(i64, Vec<u8>), NotDone> {
        let Ok(command) = std::str::from_utf8(command) else {
            return Err(NotDone::refused("a command in JSON has to be UTF-8"));
        };
        let header = self.0.ask("run", &[("command", command.into())])?;
        let status = header.integer("status");
        let status = status.ok_or_else(|| broken("the answer has no status"))?;
        Ok((status, read_output(&mut self.0, &header, "size")?))
    }
}

/// Judges the announced size first, then lets the memory grow with what arrives.
pub(crate) fn read_output<S: Stream>(
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
