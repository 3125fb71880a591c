//! What `--trace` and `--trace-svg FILE` ask for: a recorder for each connection, shown when it is over. And demos.

use std::fmt::Display;
use std::io;

use timeline::{Layout, Outputs, Recorder, Recording};

use crate::escaped::escaped_line;
use crate::exit::{ExitError, FailedAt, Result, why};
use crate::flags::Flags;
use crate::log::log;
use crate::output::pause_between_blocks;

/// What of the socket calls is recorded, and where it goes.
#[derive(Debug, Clone)]
pub struct Trace {
    outputs: Outputs,
    layout: Option<Layout>,
    every_call: bool,
}

impl Trace {
    /// As the command line says; `layout` names the parts of a message.
    pub fn new(flags: &Flags, layout: Option<Layout>) -> Self {
        Self {
            outputs: Outputs::new(flags.trace, flags.trace_svg.clone()),
            layout,
            every_call: flags.every_call,
        }
    }

    /// A recorder for one connection; it records nothing if nothing was asked for.
    pub fn recorder(&self) -> Recorder {
        let recorder = match self.outputs.recorder() {
            asked if self.every_call && asked.is_on() => Recorder::every_call(),
            other => other,
        };
        match self.layout {
            Some(layout) => recorder.with_layout(layout),
            None => recorder,
        }
    }

    /// Runs a scene that ends, and draws it however it ended.
    ///
    /// # Errors
    /// Those of the scene, first; the drawing cannot be written.
    pub fn show<T>(&self, title: &str, scene: impl FnOnce(&Recorder) -> Result<T>) -> Result<T> {
        let recorder = self.recorder();
        let result = scene(&recorder);
        match self.outputs.write(&recorder.recording(), title) {
            Ok(()) => result,
            Err(error) => {
                let _ = result.map_err(ExitError::report); // told first, and not lost
                Err(ExitError::io("trace", &error))
            }
        }
    }

    /// Draws one connection of a server, which goes on: a drawing that cannot be written is one line in its log.
    pub fn log(&self, recorder: &Recorder, title: impl Display) {
        if let Err(error) = self
            .outputs
            .write(&recorder.recording(), &title.to_string())
        {
            let why = escaped_line(why(&error).as_bytes());
            log(format_args!("trace: {why}"));
        }
    }
}

/// [`Trace::show`] for a scene without layout.
///
/// # Errors
/// As there.
pub fn traced<T>(
    flags: &Flags,
    title: &str,
    scene: impl FnOnce(&Recorder) -> Result<T>,
) -> Result<T> {
    Trace::new(flags, None).show(title, scene)
}

/// Prints a demo: both ends in one process, recorded. `--trace` adds nothing to it; `--trace-svg` draws it.
///
/// # Errors
/// A socket failed, the drawing cannot be written, or nobody reads stdout any more.
pub fn demo(
    flags: &Flags,
    title: &str,
    run: impl FnOnce() -> io::Result<(String, Recording)>,
) -> Result {
    let (text, recording) = run().failed_at("demo")?;
    Outputs::new(false, flags.trace_svg.clone())
        .write(&recording, title)
        .failed_at("trace")?;
    pause_between_blocks(&text, flags.pause)
}
