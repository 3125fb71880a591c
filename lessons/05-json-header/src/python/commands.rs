//! Both ends of the tutorials' remote command with a JSON header.
//!
//! ```text
//! request   ls -l   (unframed: whatever one read gives, up to 1,024 bytes)
//! answer    26 00 00 00 {"data_size": 412, "total_size": 412}   412 bytes
//! ```

use std::io::{self, Read, Write};
use std::time::Duration;

use common::Timeouts;
use lesson04::{FixedHeader, OUTPUT_LIMIT, UNFRAMED_LIMIT};
use runner::Answer;

use crate::commands::{Output, read_output};
use crate::file_server::Told;
use crate::json_stream::{AskError, JsonStream, broken};

/// Serves one connection of commands until its end.
///
/// # Errors
/// As [`crate::serve_commands`].
pub fn serve_python_commands<S: Read + Write + Timeouts>(
    stream: S,
    idle: Duration,
    mut run: impl FnMut(&[u8]) -> Answer,
    told: Told<'_>,
) -> io::Result<()> {
    let mut stream = JsonStream::new(FixedHeader::python(), stream, idle);
    let mut command = [0; UNFRAMED_LIMIT];
    loop {
        let count = stream.raw().read_unframed(&mut command)?;
        if count == 0 {
            return Ok(());
        }
        let command = command.get(..count).unwrap_or_default();
        runner::guard::unframed(command)?;
        let answer = run(command);
        told(
            &format!("run {}", String::from_utf8_lossy(command)),
            &format!("status {}", answer.status),
        );
        // One tutorial reads `data_size`, the other `total_size`: whoever asks finds its own.
        let body = answer.body(OUTPUT_LIMIT);
        let size = body.len();
        stream.send(
            &[("data_size", size.into()), ("total_size", size.into())],
            &body,
        )?;
    }
}

/// One connection to a command server of the tutorials.
pub struct PythonCommandClient<S> {
    stream: JsonStream<S>,
}

impl<S: Read + Write + Timeouts> PythonCommandClient<S> {
    /// Speaks over `stream`; `idle` is how long an answer may take to begin.
    pub fn new(stream: S, idle: Duration) -> Self {
        Self {
            stream: JsonStream::new(FixedHeader::python(), stream, idle),
        }
    }

    /// Runs one command line over there.
    ///
    /// # Errors
    /// As [`crate::CommandClient::run`].
    pub fn run(&mut self, command: &[u8]) -> Result<Output, AskError> {
        // In parts it would be several commands to the other end, and nothing at all would have no answer.
        let length = command.len();
        if !(1..=UNFRAMED_LIMIT).contains(&length) {
            let why =
                format!("command of {length} bytes: an unframed one has 1 to {UNFRAMED_LIMIT}");
            return Err(AskError::Refused(why));
        }
        self.stream.raw().write_raw(command)?;
        let header = self.stream.answer()?;
        let key = ["data_size", "total_size"]
            .into_iter()
            .find(|key| header.has(key));
        let key = key.ok_or_else(|| broken("the header has neither data_size nor total_size"))?;
        let body = read_output(&mut self.stream, &header, key)?;
        Ok(Output { status: None, body })
    }
}
