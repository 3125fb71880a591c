//! What `--trace` and `--trace-svg FILE` ask for: a recorder for each connection, shown when it is over. And demos.

use std::fmt::Display;
use std::{fs, io};

use timeline::{Layout, Recorder, Recording};

use crate::escaped::escaped_line;
use crate::exit::{ExitError, FailedAt, Result};
use crate::flags::Flags;
use crate::log::log;
use crate::output::pause_between_blocks;

/// What of the socket calls is recorded, and where it goes.
#[derive(Debug, Clone)]
pub struct Trace {
    flags: Flags,
    layout: Option<Layout>,
}

impl Trace {
    /// As the command line says; `layout` names the parts of a message.
    pub fn new(flags: &Flags, layout: Option<Layout>) -> Self {
        let flags = flags.clone();
        Self { flags, layout }
    }

    /// A recorder for one connection; it records nothing if nothing was asked for.
    pub fn recorder(&self) -> Recorder {
        let recorder = match &self.flags {
            flags if !flags.trace && flags.trace_svg.is_none() => Recorder::off(),
            flags if flags.every_call => Recorder::every_call(),
            _ => Recorder::folded(),
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
        match self.write(&recorder.recording(), title) {
            Ok(()) => result,
            Err(error) => {
                let _ = result.map_err(ExitError::report); // told first, and not lost
                Err(error)
            }
        }
    }

    /// Draws one connection of a server, which goes on: a drawing that cannot be written is one line in its log.
    pub fn log(&self, recorder: &Recorder, title: impl Display) {
        let written = self.write(&recorder.recording(), &title.to_string());
        if let Err(ExitError::Failed(line)) = written {
            log(escaped_line(line.as_bytes()));
        }
    }

    /// The text to stderr, in one write, so that lines of several threads do not mix; and the drawing.
    fn write(&self, recording: &Recording, title: &str) -> Result {
        if self.flags.trace {
            log(format_args!("{title}\n\n{}", recording.text()));
        }
        draw(&self.flags, recording, title)
    }
}

/// Draws into the file that was asked for; what it held is replaced.
fn draw(flags: &Flags, recording: &Recording, title: &str) -> Result {
    let Some(path) = &flags.trace_svg else {
        return Ok(());
    };
    let description =
        "Which side called which socket function, in order, with the bytes that moved.";
    let drawn = fs::write(path, recording.svg(title, description));
    drawn.failed_at(format_args!("trace: {}", path.display()))
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
    draw(flags, &recording, title)?;
    pause_between_blocks(&text, flags.pause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct OnlyFlags {
        #[command(flatten)]
        flags: Flags,
    }

    fn flags(typed: &[&str]) -> Flags {
        OnlyFlags::parse_from([&["program"], typed].concat()).flags
    }

    #[test]
    fn nothing_is_recorded_when_nothing_was_asked_for() {
        for (typed, on) in [
            (&[][..], false),
            (&["--trace"], true),
            (&["--trace-svg", "x"], true),
        ] {
            assert_eq!(Trace::new(&flags(typed), None).recorder().is_on(), on);
        }
    }

    #[test]
    fn the_file_holds_the_drawing_and_is_replaced() {
        let path = std::env::temp_dir().join(format!("cli-{}.svg", std::process::id()));
        let flags = flags(&["--trace-svg", path.to_str().unwrap()]);
        for text in ["first", "second"] {
            let noted = |recorder: &Recorder| {
                recorder.note("client", text);
                Ok(())
            };
            Trace::new(&flags, None).show("A & B", noted).unwrap();
            let drawn = fs::read_to_string(&path).unwrap();
            assert!(drawn.contains(text) && drawn.contains(">A &amp; B</title>"));
        }
        fs::remove_file(path).unwrap();
    }
}
