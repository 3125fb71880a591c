//! `--trace` and `--trace-svg`: one recorder for each connection, shown when the connection is over.

use std::fmt::Display;

use common::{Fault, Flags, log, plain_line, why};
use timeline::{Outputs, Recorder};

/// What of the socket calls is recorded, and where it goes.
#[derive(Debug, Clone)]
pub(super) struct Trace {
    outputs: Outputs,
}

impl Trace {
    /// As the command line says.
    pub(super) fn new(flags: &Flags) -> Self {
        Self {
            outputs: Outputs::new(flags.trace, flags.trace_svg.clone()),
        }
    }

    /// A recorder for one connection.
    pub(super) fn recorder(&self) -> Recorder {
        self.outputs.recorder()
    }

    /// The same, with each read and each write an event of its own: in lesson 03 the reads are the subject.
    pub(super) fn every_call(&self) -> Recorder {
        if self.recorder().is_on() {
            Recorder::every_call()
        } else {
            Recorder::off()
        }
    }

    /// Shows what was recorded. A file that cannot be written ends a client.
    ///
    /// # Errors
    /// The file's name and why.
    pub(super) fn show(&self, recorder: &Recorder, title: impl Display) -> Result<(), Fault> {
        let written = self
            .outputs
            .write(&recorder.recording(), &title.to_string());
        written.map_err(|error| Fault::failed("trace", why(&error)))
    }

    /// The same for a server, which goes on: the failure is one line in its log.
    pub(super) fn log(&self, recorder: &Recorder, title: impl Display) {
        let written = self
            .outputs
            .write(&recorder.recording(), &title.to_string());
        if let Err(error) = written {
            log(format_args!(
                "trace: {}",
                plain_line(why(&error).as_bytes())
            ));
        }
    }
}
