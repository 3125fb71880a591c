//! The command-line flags that all scenes share: one struct, flattened into each lesson's own command line.

use std::num::{IntErrorKind, ParseIntError};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::address::Address;
use crate::exit::{ExitError, Result};

/// Shared flags. They may stand before or after the scene's name.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Shared options")]
pub struct Flags {
    /// Where to listen, or where to connect
    #[arg(long, global = true, value_name = "HOST:PORT")]
    addr: Option<Address>,
    /// Whose bytes to speak: ours, or exactly those of the Python tutorials
    #[arg(long, global = true, value_enum, default_value_t = Wire::Course)]
    pub wire: Wire,
    /// Seconds of silence between two messages before giving up
    #[arg(long, global = true, value_name = "SECS", value_parser = parse_seconds, default_value = "300", allow_negative_numbers = true)]
    pub idle: Duration,
    /// Print the timeline of the socket calls to stderr
    #[arg(long, global = true)]
    pub trace: bool,
    /// Draw the timeline into this file
    #[arg(long, global = true, value_name = "FILE")]
    pub trace_svg: Option<PathBuf>,
    /// Step through a demo with Enter (ignored without a terminal)
    #[arg(long, global = true)]
    pub pause: bool,
    /// Set by a lesson whose subject is how a stream falls into calls: a timeline joins none of them.
    #[arg(skip)]
    pub every_call: bool,
}

impl Flags {
    /// The address typed, or the scene's own default (`default` must be a right `HOST:PORT`).
    ///
    /// # Errors
    /// `default` is wrong: a mistake in the program, reported like any other.
    pub fn addr_or(&self, default: &str) -> Result<Address> {
        match &self.addr {
            Some(addr) => Ok(addr.clone()),
            None => default.parse().map_err(ExitError::Usage),
        }
    }

    /// For a scene without a socket: a flag that does nothing would be a riddle.
    ///
    /// # Errors
    /// An address or a timeline was asked for.
    pub fn without_socket(&self, scene: &str) -> Result {
        let why = format!("{scene} uses no socket");
        refuse(self.addr.is_some(), "--addr", &why)?;
        self.without_timeline(scene)
    }

    /// For a scene without reads and writes to draw.
    ///
    /// # Errors
    /// A timeline was asked for.
    pub fn without_timeline(&self, scene: &str) -> Result {
        let why = format!("{scene} has nothing to draw");
        refuse(self.trace, "--trace", &why)?;
        refuse(self.trace_svg.is_some(), "--trace-svg", &why)
    }
}

fn refuse(typed: bool, flag: &str, why: &str) -> Result {
    match typed {
        true => Err(ExitError::usage(flag, why)),
        false => Ok(()),
    }
}

/// Whose bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Wire {
    /// Big-endian lengths, every message framed: what the course teaches
    Course,
    /// Exactly what the Python tutorials speak, flaws included
    Python,
}

/// Seconds on a command line: a decimal number above zero, at most a year.
///
/// # Errors
/// A sentence for the `error:` line.
pub fn parse_seconds(text: &str) -> std::result::Result<Duration, String> {
    const YEAR: f64 = 31_536_000.0;
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds")?;
    // One comparison refuses NaN as well: it is in no range. std refuses a socket timeout of zero.
    if !(0.001..=YEAR).contains(&seconds) {
        return Err("seconds go from 0.001 to 31536000 (a year)".to_owned());
    }
    Ok(Duration::from_secs_f64(seconds))
}

/// A whole number on a command line.
///
/// # Errors
/// A sentence for the `error:` line: std's own ("invalid digit found in string") speaks to programmers.
pub fn parse_whole<N: FromStr<Err = ParseIntError>>(text: &str) -> std::result::Result<N, String> {
    text.parse()
        .map_err(|error: ParseIntError| match error.kind() {
            IntErrorKind::PosOverflow => "too large a number".to_owned(),
            IntErrorKind::NegOverflow => "too small a number".to_owned(),
            _ if text.parse::<i128>().is_ok() => "a number from 0 on belongs here".to_owned(),
            _ => "not a whole number".to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_or_a_sentence() {
        assert_eq!(parse_whole::<u64>("0"), Ok(0));
        assert_eq!(parse_whole::<i64>("-3"), Ok(-3));
        for (text, why) in [
            ("-1", "a number from 0 on belongs here"),
            ("99999999999999999999", "too large a number"),
            ("x", "not a whole number"),
            ("", "not a whole number"),
            ("1.5", "not a whole number"),
        ] {
            assert_eq!(parse_whole::<u64>(text), Err(why.to_owned()), "{text}");
        }
        assert_eq!(
            parse_whole::<i64>("-99999999999999999999"),
            Err("too small a number".to_owned())
        );
    }

    #[test]
    fn seconds_are_positive_and_finite() {
        assert_eq!(parse_seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "nan", "inf", "1e300", "", "5s"] {
            assert!(parse_seconds(wrong).is_err(), "{wrong}");
        }
    }
}
