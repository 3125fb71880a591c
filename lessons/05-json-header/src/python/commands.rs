//! Both ends of the tutorials' remote command with a JSON header.
//!
//! ```text
//! request   ls -l   (unframed: whatever one read gives, up to 1,024 bytes)
//! answer    26 00 00 00 {"data_size": 412, "total_size": 412}   412 bytes
//! ```

use std::io;
use std::time::Duration;

use lesson04::OUTPUT_LIMIT;
use runner::{Answer, guard};

use super::{ask_unframed, serve_unframed};
use crate::commands::read_output;
use crate::json_stream::{JsonStream, NotDone, Stream, Told, broken};

/// Serves one connection of commands until its end.
///
/// # Errors
/// As [`crate::serve_commands`].
pub fn serve_python_commands<S: Stream>(
    stream: S,
    idle: Duration,
    mut run: impl FnMut(&[u8]) -> Answer,
    told: Told<'_>,
) -> io::Result<()> {
    serve_unframed(JsonStream::python(stream, idle), |stream, command| {
        guard::unframed(command)?;
        let (answer, what) = (run(command), String::from_utf8_lossy(command));
        told(&format!("run {what}"), &format!("status {}", answer.status));
        // One tutorial reads `data_size`, the other `total_size`: whoever asks finds its own.
        let body = answer.body(OUTPUT_LIMIT);
        let size = || body.len().into();
        stream.send(&[("data_size", size()), ("total_size", size())], &body)
    })
}

/// One connection to a command server of the tutorials, a [`JsonStream::python`].
pub struct PythonCommandClient<S>(pub JsonStream<S>);

impl<S: Stream> PythonCommandClient<S> {
    /// Runs one command line over there: its output. No command has a status on this wire.
    ///
    /// # Errors
    /// As [`crate::CommandClient::run`].
    pub fn run(&mut self, command: &[u8]) -> Result<Vec<u8>, NotDone> {
        let header = ask_unframed(&mut self.0, "command", command)?;
        let key = ["data_size", "total_size"];
        let key = key.into_iter().find(|key| header.has(key));
        let key = key.ok_or_else(|| broken("the header has neither data_size nor total_size"))?;
        Ok(read_output(&mut self.0, &header, key)?)
    }
}
